import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Whatever of a directory, itself included, is not its owner's alone (0600, 0700), as `name mode`; and how much there is. */
export async function notPrivate(directory: string) {
  const names = [".", ...(await readdir(directory, { recursive: true }))];
  const open: string[] = [];
  for (const name of names) {
    const found = await stat(join(directory, name));
    const mode = found.mode & 0o777;
    if (mode !== (found.isDirectory() ? 0o700 : 0o600)) open.push(`${name} ${mode.toString(8)}`);
  }
  return { open, names };
}
