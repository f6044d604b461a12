import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import type { Instant } from "../domain/model/time.ts";
import type { LedgerEntry, RolloutEvent } from "../domain/rollout/events.ts";
import { LedgerError, StateError } from "../errors.ts";
import { fileLines, PRIVATE_FILE, syncDirectory } from "./durable-files.ts";
import { type ChainHead, entryLine, GENESIS, readEntryLine } from "./entry-line.ts";

/** Bytes after the last good line that make no line: what an interrupted write leaves. */
export interface TornTail {
  readonly afterLine: number;
  readonly bytes: number;
}

/**
 * One `ledger.jsonl`, read incrementally and appended to. Knows how far it has read; other processes append too.
 * Not for concurrent use: its owner does one thing after another, and appends and repairs only under the rollout's lock.
 */
export class LedgerFile {
  readonly #path: string;
  #offset = 0;
  #head: ChainHead = { seq: 0, hash: GENESIS };

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Hands over the entries that were added since the last reading. An unfinished last line is left alone: another
   * process may be writing it. A line with its end was fsynced whole, so if it is bad it was altered: cutting it off
   * could forget an intent and do its change twice.
   * @throws {LedgerError} a finished line is bad, or the file became shorter.
   */
  async read(take: (entry: LedgerEntry) => void): Promise<TornTail | null> {
    await using file = await this.#open(constants.O_RDONLY);
    if (file === null) return null;
    const { size } = await file.stat();
    if (size < this.#offset) throw damaged(this.#head.seq, "the file is shorter than it was");
    if (size === this.#offset) return null;
    for await (const { bytes, end, whole } of fileLines(file, this.#offset)) {
      if (!whole) return { afterLine: this.#head.seq, bytes: bytes.length };
      const read = readEntryLine(bytes, this.#head);
      if ("flaw" in read) throw damaged(this.#head.seq + 1, read.flaw);
      take(read.entry);
      this.#head = { seq: read.entry.seq, hash: read.entry.hash };
      this.#offset = end;
    }
    return null;
  }

  /** Cuts what an interrupted write left after the last good line. Under the lock only. */
  async cutTornTail(): Promise<void> {
    await using file = await this.#open(constants.O_RDWR);
    await file?.truncate(this.#offset);
    await file?.sync();
  }

  /**
   * Writes the events and makes them durable before it returns; then they count, all of them. Under the lock, after `read`.
   * @throws {LedgerError} full or read-only; {StateError} another process wrote meanwhile. Nothing was appended.
   */
  async append(events: readonly RolloutEvent[], by: { readonly at: Instant; readonly actor: string }): Promise<void> {
    const text = this.#lines(events, by);
    const isNew = this.#offset === 0;
    try {
      await using file = await open(
        this.#path,
        constants.O_RDWR | constants.O_CREAT | constants.O_APPEND,
        PRIVATE_FILE,
      );
      if ((await file.stat()).size !== this.#offset) throw lockLost();
      await this.#write(file, text);
      if (isNew) await syncDirectory(dirname(this.#path));
    } catch (cause) {
      throw cause instanceof StateError ? cause : notWritten(cause);
    }
  }

  #lines(events: readonly RolloutEvent[], by: { readonly at: Instant; readonly actor: string }): string {
    let after = this.#head;
    let text = "";
    for (const event of events) {
      const line = entryLine(event, { ...by, after });
      const read = readEntryLine(Buffer.from(line), after);
      if ("flaw" in read) throw new RangeError(`an event cannot be written: ${read.flaw}`);
      after = read.entry;
      text += `${line}\n`;
    }
    return text;
  }

  /** A half-written line must not stay: the next line would make it damage instead of a torn end. */
  async #write(file: FileHandle, text: string): Promise<void> {
    try {
      await file.appendFile(text);
      await file.sync();
    } catch (error) {
      await file.truncate(this.#offset);
      throw error;
    }
  }

  async #open(flags: number): Promise<(FileHandle & AsyncDisposable) | null> {
    try {
      return await open(this.#path, flags);
    } catch (cause) {
      if (isMissing(cause) && this.#offset === 0) return null;
      throw new LedgerError("The ledger cannot be opened.", {
        nextStep: "Ask the operator to check that the data directory exists and that this user may write to it.",
        cause,
      });
    }
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";

const damaged = (line: number, flaw: string): LedgerError =>
  new LedgerError(`The ledger is damaged at line ${line}: ${flaw}.`, {
    nextStep: "Ask the operator to run `mfa-rollout verify` on it and to restore it from a backup; do not go on.",
    details: { line },
  });

const notWritten = (cause: unknown): LedgerError =>
  new LedgerError("The ledger could not be written; nothing was appended.", {
    nextStep: "Ask the operator to check free space and permissions of the data directory, then call the tool again.",
    cause,
  });

/** Also for the lock itself, when it learns that it was taken over. */
export const lockLost = (): StateError =>
  new StateError("Another process took over this rollout, because this one did not answer for too long.", {
    nextStep: "Call the tool again; what was done is not repeated.",
  });
