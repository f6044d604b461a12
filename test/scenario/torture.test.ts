import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it } from "vitest";

it("keeps every promise when the server is killed again and again, alone and beside a second one", async () => {
  const { exitCode, said } = await torture("--runs", "2", "--kills", "8", "--two-hosts-every", "2", "--lanes", "1");
  expect(said).toContain("0 doubles, 0 skips, 0 chain errors");
  expect(exitCode).toBe(0);
}, 600_000);

/** Runs the harness as `npm run torture` does. A failure prints the deaths that reproduce it. */
async function torture(...flags: readonly string[]): Promise<{ exitCode: number | null; said: string }> {
  const run = join(import.meta.dirname, "..", "torture", "run.ts");
  const child = spawn(process.execPath, [run, ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
  });
  const [exitCode] = (await once(child, "exit")) as [number | null]; // what the event carries
  return { exitCode, said };
}
