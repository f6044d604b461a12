import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";

/** Only the owner reads what we keep: it names people and tells who has no MFA. */
export const PRIVATE_FILE = 0o600;
const PRIVATE_DIRECTORY = 0o700;

/** Makes a directory and its missing parents, mode 0700, so that they outlast a power failure. */
export async function makePrivateDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: PRIVATE_DIRECTORY });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made));
}

/** Makes a new or renamed entry of a directory durable. Windows cannot open a directory and needs no such call. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === "win32") return;
  await using directory = await open(path, "r");
  await directory.sync();
}

/** Whether this is the file system's error of that code, e.g. `ENOENT`. */
export const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 0x0a;

/** One line of a file. `end` is the offset after its newline; a last line without one has `whole: false`. */
export interface FileLine {
  readonly bytes: Buffer;
  readonly end: number;
  readonly whole: boolean;
}

/** Yields the lines from an offset on, holding one chunk and one line in memory. */
export async function* fileLines(file: FileHandle, from = 0): AsyncGenerator<FileLine> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let begun: Buffer[] = [];
  let offset = from;
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, offset);
    if (bytesRead === 0) break;
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1 && end < bytesRead; end = chunk.indexOf(NEWLINE, start)) {
      const bytes = Buffer.concat([...begun, chunk.subarray(start, end)]);
      begun = [];
      start = end + 1;
      yield { bytes, end: offset + start, whole: true };
    }
    if (start < bytesRead) begun.push(Buffer.from(chunk.subarray(start, bytesRead)));
    offset += bytesRead;
  }
  if (begun.length > 0) yield { bytes: Buffer.concat(begun), end: offset, whole: false };
}
