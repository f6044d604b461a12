import { createHash, randomUUID } from "node:crypto";
import { type FileHandle, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Sha256, sha256 } from "../domain/model/ids.ts";
import { LedgerError } from "../errors.ts";
import type { DocumentStore } from "../ports/rollout-store.ts";
import { fileLines, makePrivateDirectory, PRIVATE_FILE, syncDirectory } from "./durable-files.ts";

/** Lines are gathered to pieces of this size before they are written. */
const PIECE_CHARACTERS = 1 << 16;
const HASH = /^[0-9a-f]{64}$/;

/** Documents in `blobs/<first two digits>/<hash>`. A document appears whole and durable, or not at all. */
export class FileDocumentStore implements DocumentStore {
  readonly #root: string;

  /** @param options.dir - The data directory. */
  constructor(options: { readonly dir: string }) {
    this.#root = join(options.dir, "blobs");
  }

  put(content: string | Uint8Array | Generator<string>): Promise<Sha256> {
    return this.#store(async (write) => {
      if (typeof content === "string" || content instanceof Uint8Array) return write(content);
      for await (const piece of gathered(content)) await write(piece);
    });
  }

  async putLines(
    values: AsyncIterable<unknown> | Iterable<unknown>,
  ): Promise<{ readonly hash: Sha256; readonly lines: number }> {
    let lines = 0;
    async function* texts(): AsyncGenerator<string> {
      for await (const value of values) {
        lines += 1;
        yield `${jsonLine(value)}\n`;
      }
    }
    const hash = await this.#store(async (write) => {
      for await (const piece of gathered(texts())) await write(piece);
    });
    return { hash, lines };
  }

  async get(hash: Sha256): Promise<Uint8Array> {
    const bytes = await this.#reading(hash, (path) => readFile(path));
    if (digestOf(bytes) !== hash) throw altered(hash);
    return bytes;
  }

  async text(hash: Sha256): Promise<string> {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await this.get(hash));
  }

  async *lines(hash: Sha256): AsyncGenerator<unknown> {
    await using file = await this.#reading(hash, (path) => open(path, "r"));
    if ((await digestOfFile(file)) !== hash) throw altered(hash);
    for await (const { bytes } of fileLines(file)) yield JSON.parse(bytes.toString("utf8"));
  }

  /** Writes beside the place first: only a whole and fsynced document gets its name. */
  async #store(fill: (write: (piece: string | Uint8Array) => Promise<void>) => Promise<void>): Promise<Sha256> {
    await this.#writing(() => makePrivateDirectory(this.#root));
    const temporary = join(this.#root, `.${randomUUID()}.tmp`);
    const hash = createHash("sha256");
    // Outside of what removes it: one that is there already is another process's.
    const opened = await this.#writing(() => open(temporary, "wx", PRIVATE_FILE));
    try {
      await using file = opened;
      await fill((piece) => {
        hash.update(piece);
        return this.#writing(() => file.appendFile(piece));
      });
      return await this.#writing(async () => {
        await file.sync();
        return this.#name(temporary, sha256(hash.digest("hex")));
      });
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async #name(temporary: string, hash: Sha256): Promise<Sha256> {
    const directory = join(this.#root, hash.slice(0, 2));
    await makePrivateDirectory(directory);
    await rename(temporary, join(directory, hash));
    await syncDirectory(directory);
    return hash;
  }

  async #reading<T>(hash: Sha256, read: (path: string) => Promise<T>): Promise<T> {
    try {
      if (!HASH.test(hash)) throw new RangeError("a document is asked for by its SHA-256");
      return await read(join(this.#root, hash.slice(0, 2), hash));
    } catch (cause) {
      throw new LedgerError("A stored document is missing or cannot be read.", {
        nextStep: "Ask the operator to restore the data directory from a backup.",
        details: { hash },
        cause,
      });
    }
  }

  async #writing<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (cause) {
      throw new LedgerError("A document could not be stored.", {
        nextStep:
          "Ask the operator to check free space and permissions of the data directory, then call the tool again.",
        cause,
      });
    }
  }
}

async function* gathered(texts: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let piece = "";
  for await (const text of texts) {
    piece += text;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}

function jsonLine(value: unknown): string {
  const line: string | undefined = JSON.stringify(value);
  if (line === undefined) throw new TypeError("a line of a document is a JSON value");
  return line;
}

const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

async function digestOfFile(file: FileHandle): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of file.createReadStream({ start: 0, autoClose: false })) hash.update(chunk);
  return hash.digest("hex");
}

const altered = (hash: Sha256): LedgerError =>
  new LedgerError(`The stored document ${hash.slice(0, 12)} was altered: its bytes no longer match its hash.`, {
    nextStep: "Ask the operator to find out who changed it and to restore it from a backup; do not go on.",
    details: { hash },
  });
