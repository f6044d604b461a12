import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Row } from "./measure.ts";

const PAGES = join(import.meta.dirname, "sign-in-pages.ts");
const REPLAY = join(import.meta.dirname, "sign-in-replay.ts");
const FLOOR = "fetch and JSON.parse of the pages";

interface Side {
  readonly ms: number;
  readonly maxRss: number;
  readonly signIns: number;
  readonly users: number;
}

/** A tenant of 100,000 accounts and a million sign-ins, read, stored and replayed, beside the bare reading. */
export async function signInRows(quick: boolean): Promise<readonly Row[]> {
  const accounts = quick ? 10_000 : 100_000;
  const server = spawn(process.execPath, [PAGES, String(accounts)], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const port = await firstLine(server);
    const floor = await measured(["floor", port]);
    const ours = await measured(["ours", port, String(accounts)]);
    if (ours.signIns !== floor.signIns || ours.users !== accounts) throw new Error("not every sign-in was replayed");
    const what = `${ours.signIns.toLocaleString("en")} sign-ins`;
    return [
      { what: `${what} analysed`, ours: ours.ms, floor: floor.ms, floorName: FLOOR, unit: "ms" },
      { what: `${what}, most memory`, ours: ours.maxRss, floor: floor.maxRss, floorName: FLOOR, unit: "bytes" },
    ];
  } finally {
    server.stdin?.end();
    await once(server, "exit");
  }
}

async function measured(args: readonly string[]): Promise<Side> {
  const child = spawn(process.execPath, [REPLAY, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  return JSON.parse(await firstLine(child)) as Side; // the process prints exactly this
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  let text = "";
  for await (const chunk of stdout ?? []) {
    text += String(chunk);
    const end = text.indexOf("\n");
    if (end >= 0) return text.slice(0, end);
  }
  throw new Error("the process ended without a word");
}
