import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { domainRows } from "./domain.ts";
import { ledgerRows } from "./ledger.ts";
import type { Row } from "./measure.ts";
import { proofRows } from "./proof.ts";
import { restartRows, serverRows } from "./server.ts";
import { signInRows } from "./sign-ins.ts";

/** `npm run bench [-- --quick]`: prints what we cost beside what cannot be done for less. Asserts nothing about time. */
const { quick = false } = parseArgs({ options: { quick: { type: "boolean" } } }).values;
const cores = cpus();
write(
  `Node ${process.version}, ${cores.length} × ${cores[0]?.model.trim() ?? "unknown processor"}; medians, both sides in turn.\n`,
);
writeRow(["what", "ours", "floor", "ratio", "floor is"]);
for (const measure of [serverRows, restartRows, ledgerRows, domainRows, proofRows, signInRows]) {
  for (const row of await measure(quick)) writeRow(cells(row));
}

function cells({ what, ours, floor, floorName, unit }: Row): readonly string[] {
  const number = (value: number): string => `${value.toLocaleString("en", { maximumFractionDigits: 0 })} ${unit}`;
  return [what, number(ours), number(floor), `${(ours / floor).toFixed(1)}×`, floorName];
}

function writeRow([what = "", ours = "", floor = "", ratio = "", floorName = ""]: readonly string[]): void {
  write(`${what.padEnd(38)} ${ours.padStart(12)} ${floor.padStart(12)} ${ratio.padStart(8)}  ${floorName}`);
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}
