import { parseArgs } from "node:util";
import { compare } from "./compare.ts";

/** `npm run foresight -- --tenants 1000 [--seed S]`: foresight beside what the sandbox's own evaluation then does. */
const { values } = parseArgs({
  options: { tenants: { type: "string", default: "1000" }, seed: { type: "string", default: "1" } },
});
const tenants = Number(values.tenants);
const seed = Number(values.seed);
if (!Number.isInteger(tenants) || tenants < 1 || !Number.isInteger(seed)) {
  throw new RangeError("--tenants is a number of tenants, --seed a whole number");
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);
print(`${tenants} random tenants from seed ${seed}`);
const found = await compare({ tenants, seed, onProgress: (done) => print(`  ${done} played`) });
print(`users ${found.users}, locked out ${found.lockedOut}`);
print(`precision ${found.precision.toFixed(4)}, recall ${found.recall.toFixed(4)}`);
const [first] = found.mismatches;
if (first !== undefined) {
  print(`${found.mismatches.length} mismatches; the first in the tenant of seed ${first.seed}: ${first.what}`);
  print(`play it alone: npm run foresight -- --tenants 1 --seed ${first.seed}`);
  process.exitCode = 1;
}
