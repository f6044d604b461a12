import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sandboxEnvironment } from "../../src/cli/sandbox/sandbox-process.ts";
import { allVendors } from "../../src/sandbox/all-vendors.ts";
import { startBox } from "../support/box.ts";
import { dataDirectory } from "../support/data-directory.ts";
import { readyOf } from "../support/sandbox-ready.ts";
import { Coverage, dice } from "../torture/coverage.ts";
import { preload } from "../torture/host.ts";
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

describe("a server that dies between two boundaries", () => {
  const host = "graph.microsoft.com/v1.0/invitations";
  const clients = {
    fetch: `await Promise.all(Array.from({ length: 8 }, () => fetch("https://${host}", { method: "POST", body: "{}" })));`,
    "node:https": `import { request } from "node:https";
      for (let n = 0; n < 8; n++) request("https://${host}", { method: "POST" }).on("error", () => {}).end("{}");`,
  };
  const boundaries = [
    ["before", 1, 0],
    ["sent", 1, 1],
    ["sent", 3, 3],
    ["sent", 8, 8],
  ] as const;

  it.each(
    Object.entries(clients).flatMap(([name, code]) => boundaries.map((boundary) => [name, ...boundary, code] as const)),
  )("leaves a vendor what had left by then: with %s, %s #%i of eight requests at once, %i", async (...row) => {
    const [, where, nth, arrived, code] = row;
    await using box = await startBox(allVendors, { employees: 60 });
    await using directory = await dataDirectory();
    const [orders, trace] = [join(directory.dir, "orders.json"), join(directory.dir, "trace")];
    const targets = [`${where} POST ${host} #${nth} of start`];
    await writeFile(orders, JSON.stringify({ trace, step: "start", passed: {}, steps: {}, targets }));
    const args = [...preload("boundaries").split(" "), "--input-type=module", "--eval", code];
    const env = { ...process.env, ...sandboxEnvironment(readyOf(box.sandbox)), TORTURE_ORDERS: orders };
    const [, signal] = await once(spawn(process.execPath, args, { env, stdio: "inherit" }), "exit");
    expect(signal).toBe("SIGKILL");
    const read = async (): Promise<number> => {
      await fetch("https://graph.microsoft.com/v1.0/me"); // what had left before is read before
      return (await box.exchanges()).filter((exchange) => JSON.stringify(exchange).includes("/invitations")).length;
    };
    await expect.poll(read).toBeGreaterThanOrEqual(arrived);
    expect(await read()).toBe(arrived);
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

  it("goes to what only a recovery passes by the one death that leads there, and dies elsewhere in other steps", () => {
    const steps = ["a (1)", "b (1)", "c (1)"];
    const [first, second, third] = steps.map((step) => `after append x #1 of ${step}`) as [string, string, string];
    const recovered = "before truncate ledger #1 of b (1)";
    const coverage = new Coverage([[first, second, third]]);
    coverage.learn({
      passed: [first, second, recovered],
      died: [first, second],
      covered: [first, second],
      gaveUp: null,
    });
    for (const seed of [1, 2, 3]) {
      expect(coverage.choose(4, dice(seed)).toSorted()).toEqual([first, second, third, recovered].toSorted());
    }
    expect(coverage.choose(2, dice(1))).toEqual([second, recovered]);
    coverage.learn({
      passed: [second, recovered],
      died: [second, recovered],
      covered: [second, recovered],
      gaveUp: null,
    });
    expect(coverage.missed).toEqual([third]);
    expect(coverage.choose(1, dice(1))).toEqual([third]);
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
