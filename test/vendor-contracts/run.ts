import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkRecord } from "./check.ts";
import { CONTRACTS, missingContracts } from "./contracts.ts";

/** `npm run contracts -- DIRECTORY`: holds a demo's `requests.jsonl` against the vendors' contracts. */
const [directory = "demo-output"] = process.argv.slice(2);
const missing = missingContracts();
if (missing.length > 0) {
  process.stderr.write(`Under ${CONTRACTS} are not: ${missing.join(", ")}. VENDOR_CONTRACTS names another place.\n`);
  process.exitCode = 2;
} else {
  const text = await readFile(join(directory, "requests.jsonl"), "utf8");
  const lines = text
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
  const { checked, unchecked, deviations } = checkRecord(lines);
  process.stdout.write(`${JSON.stringify({ checked, unchecked, deviations }, null, 2)}\n`);
  process.exitCode = deviations.length === 0 ? 0 : 1;
}
