import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { judgeAll, judgeHaste, judgePosting, judgeRow, judgeTidy, type Line, PROCESS_ROWS } from "./judge.ts";
import { TENANT_ROWS } from "./rows.ts";
import type { Outcome } from "./try-company.ts";

/**
 * `npm run pitfalls [-- --only NAME] [-- --at-once N]`: the matrix of pitfalls. A fictional company for each, one with
 * all of them and one with none goes through the server as far as its first enforcement. Exit code 1 on a gap.
 */
const { values } = parseArgs({ options: { only: { type: "string" }, "at-once": { type: "string", default: "4" } } });
const AT_ONCE = Number(values["at-once"]);
const COMPANY = fileURLToPath(new URL("company.ts", import.meta.url));
const LONGEST_MS = 300_000;

const rows = TENANT_ROWS.filter(({ name }) => values.only === undefined || name === values.only);
const work: (() => Promise<readonly Line[]>)[] = rows.map((row) => async () => [
  judgeRow(row, await outcomeOf([row.name])),
]);
if (values.only === undefined) {
  work.push(async () => {
    const tidy = await outcomeOf([]);
    return [judgeTidy(tidy), judgeHaste(tidy), judgePosting(tidy)];
  });
  work.push(async () => judgeAll(await outcomeOf(TENANT_ROWS.map(({ name }) => name))));
  for (const { pitfalls, judge } of PROCESS_ROWS) work.push(async () => [judge(await outcomeOf(pitfalls))]);
}

const lines: Line[] = [];
const queue = work.values();
const clerk = async (): Promise<void> => {
  for (const task of queue) {
    for (const line of await task()) {
      lines.push(line);
      write(line);
    }
  }
};
print(["#", "pitfall", "detected", "blocked", "remedy"]);
await Promise.all(Array.from({ length: AT_ONCE }, clerk));
const gaps = lines.filter(({ gap }) => gap !== null);
process.stdout.write(`\n${lines.length} rows, ${gaps.length} gaps.\n`);
for (const { name, gap } of gaps) process.stdout.write(`GAP ${name}: ${gap}\n`);
process.exitCode = gaps.length === 0 ? 0 : 1;

/** A process for each company, because the simulated internet is its process's own. */
async function outcomeOf(pitfalls: readonly string[]): Promise<Outcome> {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [COMPANY, ...pitfalls], { timeout: LONGEST_MS });
  return JSON.parse(stdout) as Outcome; // Printed by the other half of this program.
}

function write({ number, name, detected, blocked, remedy, gap }: Line): void {
  print([number, name, detected, gap === null ? blocked : `GAP ${blocked}`, remedy]);
}

function print([number = "", name = "", detected = "", blocked = "", remedy = ""]: readonly string[]): void {
  const cells = [number.padStart(4), name.padEnd(28), detected.padEnd(14), blocked.padEnd(42), remedy];
  process.stdout.write(`${cells.join("  ")}\n`);
}
