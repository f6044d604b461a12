import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Row } from "./measure.ts";

const SIDE = join(import.meta.dirname, "proof-lines.ts");
const FLOOR = "the same accounts as JSON lines";

interface Side {
  readonly ms: number;
  readonly maxRss: number;
  readonly lines: number;
}

/** The closing proof of a large tenant, judged, counted and stored, beside storing the accounts as they are. */
export async function proofRows(quick: boolean): Promise<readonly Row[]> {
  const accounts = quick ? 10_000 : 100_000;
  const floor = await measured(["floor", String(accounts)]);
  const ours = await measured(["ours", String(accounts)]);
  if (ours.lines !== accounts || floor.lines !== accounts) throw new Error("not every account has its line");
  const what = `proof of ${accounts.toLocaleString("en")} accounts`;
  return [
    { what, ours: ours.ms, floor: floor.ms, floorName: FLOOR, unit: "ms" },
    { what: `${what}, most memory`, ours: ours.maxRss, floor: floor.maxRss, floorName: FLOOR, unit: "bytes" },
  ];
}

async function measured(args: readonly string[]): Promise<Side> {
  const child: ChildProcess = spawn(process.execPath, [SIDE, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout?.on("data", (chunk) => {
    text += String(chunk);
  });
  await once(child, "close");
  return JSON.parse(text) as Side; // the process prints exactly this
}
