import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Keeps a secret as a technician would and gives the reference to it. */
export async function secretFile(home: string, name: string, value: string): Promise<string> {
  const file = join(home, "secrets", name);
  await writeFile(file, value, { mode: 0o600 });
  return `file:${file}`;
}
