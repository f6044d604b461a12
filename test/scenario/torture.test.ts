import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Coverage } from "../torture/coverage.ts";
import { OUTSIDE, sameState } from "../torture/states.ts";

const BOUNDED = ["--runs", "2", "--kills", "8", "--two-hosts-every", "2", "--lanes", "1"];

describe("a tortured rollout", () => {
  it("keeps every promise when the server is killed again and again, alone and beside a second one", async () => {
    const { exitCode, said } = await torture(...BOUNDED);
    expect(said).toContain("0 doubles, 0 skips, 0 chain errors");
    expect(exitCode).toBe(0);
    const [, boundaries] = / passes (\d+) boundaries of \d+ kinds/.exec(said) ?? [];
    expect(Number(boundaries)).toBeGreaterThan(1_000);
    const [, deaths] = /, (\d+) deaths, seed/.exec(said) ?? [];
    expect(Number(deaths)).toBeGreaterThanOrEqual(8);
  }, 600_000);

  it.each([
    ["the record of what is intended", "intent", []],
    ["the look for what was done", "find", []],
    ["the lock", "lock", ["--two-hosts-every", "1"]],
  ])("breaks a promise without %s", { timeout: 600_000 }, async (_, protection, flags) => {
    const { exitCode, said } = await torture("--runs", "10", "--lanes", "2", "--without", protection, ...flags);
    expect(said).toMatch(/✗ (Not kept|A host gave up|rol_)/);
    expect(exitCode).toBe(1);
  });
});

describe("the coverage of boundaries", () => {
  const [read, changed, asked] = [
    "answered GET a #1 of s (1)",
    "answered POST a #1 of s (1)",
    "before GET b #1 of s (1)",
  ];

  it("takes a death for one at each boundary since the last change, of the server or of somebody else", () => {
    expect(sameState([read, changed, asked])).toEqual([changed, asked]);
    expect(sameState([read, OUTSIDE, asked])).toEqual([asked]);
    expect(sameState([read, asked])).toEqual([read, asked]);
  });

  it("counts no boundary that some rollouts without a crash do not pass", () => {
    expect(
      new Coverage([
        [read, changed, asked],
        [changed, asked],
      ]).describe(),
    ).toMatch(/^2 boundaries of 2 kinds/);
  });

  it("is whole only when the server has died in each state", () => {
    const coverage = new Coverage([[read, changed, asked]]);
    coverage.learn({ passed: [read, changed], died: [changed], covered: [changed], gaveUp: null });
    expect(coverage.missed).toEqual([read, asked]);
    coverage.learn({ passed: [read, changed, asked], died: [asked], covered: [changed, asked], gaveUp: null });
    expect(coverage.missed).toEqual([read]);
  });
});

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
