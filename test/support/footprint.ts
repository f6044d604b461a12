import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Harness } from "./harness.ts";
import { ESCAPED } from "./hostile-text.ts";

/** All that a call can leave behind. */
export interface Footprint {
  /** Every file of the data directory but the ledgers, with its size and time. */
  readonly files: readonly string[];
  /** Every ledger as it stands, by rollout. */
  readonly ledgers: Readonly<Record<string, string>>;
  /** All that the simulated vendors hold. */
  readonly vendors: string;
}

export async function footprintOf({ home, ledger, held, office }: Harness): Promise<Footprint> {
  const rollouts = await office.parts.store.list();
  const ledgers = await Promise.all(rollouts.map(async (id) => [id, await ledger(id)] as const));
  return { files: await filesUnder(home), ledgers: Object.fromEntries(ledgers), vendors: await held() };
}

async function filesUnder(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name !== "ledger.jsonl")
    .map((entry) => join(entry.parentPath, entry.name));
  const described = paths.map(async (path) => {
    const { size, mtimeMs } = await stat(path);
    return `${path} ${size} ${mtimeMs}`;
  });
  return (await Promise.all(described)).sort();
}

/** What bears the name that hostile paths point to, in the data directory or in any folder above it. */
export async function escapedFrom({ home }: Harness): Promise<readonly string[]> {
  const above = [dirname(home), dirname(dirname(home)), "/", process.cwd()];
  const names = await Promise.all(above.map((folder) => readdir(folder)));
  const inside = await readdir(home, { recursive: true });
  return [...names.flat(), ...inside].filter((name) => name.includes(ESCAPED));
}

/** Every secret that the sandbox gave to the product. */
export function secretsOf({ box, home }: Harness): readonly string[] {
  const { entra, teams, bamboohr, gmail, connectwise } = box.secrets;
  const pem = gmail.privateKeyPem.split("\n")[1] ?? "";
  return [
    home,
    ...[entra.clientSecret, teams.refreshToken, bamboohr.apiKey, connectwise.publicKey, connectwise.privateKey, pem],
  ];
}

/** The types of the events that a call appended; the ledger before must be what the one after begins with. */
export function appended(before: string, after: string): readonly string[] {
  if (!after.startsWith(before)) throw new Error("a ledger was rewritten");
  return after
    .slice(before.length)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => String((JSON.parse(line) as { readonly type: unknown }).type)); // an entry has a type
}
