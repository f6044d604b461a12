import { type FileHandle, open } from "node:fs/promises";

/** What every open file of this process inherits from: the disk, as far as Node shows it. */
export async function disk(): Promise<FileHandle> {
  await using file = await open(import.meta.filename);
  return Object.getPrototypeOf(file) as FileHandle; // every handle has this prototype
}

/** What Node says when the disk fails at an fsync. */
export const eio = (): Error => Object.assign(new Error("EIO: i/o error, fsync"), { code: "EIO" });
