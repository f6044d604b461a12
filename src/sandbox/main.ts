import { parseArgs } from "node:util";
import { allVendors } from "./all-vendors.ts";
import { MICROSOFT_CLOUDS, type MicrosoftCloudName } from "./core/microsoft-clouds.ts";
import { type SandboxOptions, startSandbox } from "./core/sandbox.ts";
import { helpdeskTeamId } from "./vendors/graph/team-store.ts";

/**
 * Starts the box with every vendor, prints one line of JSON with all that its users need, and runs until SIGTERM,
 * SIGINT or the end of standard input, so that it never outlives whoever started it.
 */
async function main(): Promise<void> {
  const options = readOptions();
  const sandbox = await startSandbox(options);
  const { world, controlUrl } = sandbox;
  const ready = {
    proxyUrl: sandbox.proxyUrl,
    caFile: sandbox.caFile,
    controlUrl,
    clockUrl: `${controlUrl}/clock`,
    secrets: sandbox.secrets,
    world: world.dump(),
    cloud: options.cloud ?? "global",
    tenantId: world.tenantId,
    tenantDomain: world.tenantDomain,
    timeZone: world.timeZone,
    teamId: helpdeskTeamId(world),
  };
  // Listening comes first: whoever reads the line may end the box at once.
  const ended = new Promise<void>((resolve) => {
    process.once("SIGTERM", () => resolve());
    process.once("SIGINT", () => resolve());
    process.stdin.once("end", () => resolve()).resume();
  });
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  await ended;
  await sandbox.close();
  // Standard input may still be open, and would keep the process alive.
  process.stdin.destroy();
}

function readOptions(): SandboxOptions {
  const { values } = parseArgs({
    options: {
      company: { type: "string" },
      seed: { type: "string" },
      faults: { type: "string" },
      employees: { type: "string" },
      "starts-at": { type: "string" },
      port: { type: "string" },
      record: { type: "string" },
      cloud: { type: "string" },
      pitfall: { type: "string", multiple: true },
    },
  });
  return {
    vendors: allVendors,
    ...(values.company === undefined ? {} : { company: values.company }),
    ...(values.seed === undefined ? {} : { seed: numberOf("seed", values.seed) }),
    ...(values.faults === undefined ? {} : { faults: numberOf("faults", values.faults) }),
    ...(values.employees === undefined ? {} : { employees: numberOf("employees", values.employees) }),
    ...(values["starts-at"] === undefined ? {} : { startsAt: values["starts-at"] }),
    ...(values.port === undefined ? {} : { port: numberOf("port", values.port) }),
    ...(values.pitfall === undefined ? {} : { pitfalls: values.pitfall }),
    ...(values.cloud === undefined ? {} : { cloud: cloudOf(values.cloud) }),
    ...(values.record === undefined ? {} : { recordFile: values.record }),
  };
}

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (text.trim() === "" || Number.isNaN(number)) throw new RangeError(`--${name} must be a number, got "${text}"`);
  return number;
}

function cloudOf(name: string): MicrosoftCloudName {
  // A record's keys are its type's.
  const found = (Object.keys(MICROSOFT_CLOUDS) as MicrosoftCloudName[]).find((one) => one === name);
  if (found === undefined) throw new RangeError(`--cloud must name one of Microsoft's clouds, got "${name}"`);
  return found;
}

await main();
