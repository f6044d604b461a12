import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import type { Instant } from "../domain/model/time.ts";
import type { LedgerEntry, RolloutEvent } from "../domain/rollout/events.ts";
import { LedgerError } from "../errors.ts";
import { fileLines, isCode, PRIVATE_FILE, syncDirectory } from "./durable-files.ts";
import { type ChainHead, entryLine, readEntryLine, START, sealOf } from "./entry-line.ts";

/** Bytes after the last good line that make no line: what an interrupted write leaves. */
export interface TornTail {
  readonly afterLine: number;
  readonly bytes: number;
}

type Take = (entry: LedgerEntry) => void;

/**
 * One `ledger.jsonl`, read incrementally and appended to. Knows how far it has read; other processes append too.
 * Not for concurrent use: its owner does one thing after another, and mends and appends only under the rollout's lock.
 * Once it has failed in a way that leaves open what the file holds, it refuses everything; a new process reads anew.
 */
export class LedgerFile {
  readonly #path: string;
  #offset = 0;
  #head = START;
  #durable: ChainHead;
  #broken: Error | null = null;

  /** @param durable - What an earlier reading of the same file knew. */
  constructor(path: string, durable = START) {
    this.#path = path;
    this.#durable = durable;
  }

  /** Up to here the file is known to be on the disk, not only in the system's cache; a writer takes back nothing of it. */
  get durable(): ChainHead {
    return this.#durable;
  }

  /**
   * Hands over the entries that were added since the last reading. An unfinished last line is left alone: another
   * process may be writing it. A line with its end was written whole, so if it is bad it was altered: cutting it off
   * could forget an intent and do its change twice.
   * @throws {LedgerError} a finished line is bad, or what was read before is no longer there: see `isDamage`.
   */
  async read(take: Take): Promise<TornTail | null> {
    this.#check();
    await using file = await this.#open(constants.O_RDONLY);
    if (file === null) return null;
    const { size } = await file.stat();
    if (size < this.#offset) throw damaged(this.#head.seq, "the file is shorter than it was");
    if (!(await this.#endsAsRead(file))) throw damaged(this.#head.seq, "it is another line than it was");
    if (size === this.#offset) return null;
    for await (const { bytes, end, whole } of fileLines(file, this.#offset)) {
      if (!whole) return this.#torn(bytes);
      const read = readEntryLine(bytes, this.#head);
      if ("flaw" in read) throw damaged(this.#head.seq + 1, read.flaw);
      this.#take(read.entry, end, take);
    }
    return null;
  }

  /** A line that is not durable may have been taken back, and another of the same length may be in its place. */
  async #endsAsRead(file: FileHandle): Promise<boolean> {
    if (this.#head.seq <= this.#durable.seq) return true;
    const end = Buffer.from(`${sealOf(this.#head.hash)}\n`);
    const { buffer } = await file.read(Buffer.alloc(end.length), 0, end.length, this.#offset - end.length);
    return buffer.equals(end);
  }

  /** A whole entry before something else than a newline was written whole; zeros are what a power failure leaves. */
  #torn(bytes: Buffer): TornTail {
    if (bytes.at(-1) !== 0 && "entry" in readEntryLine(bytes.subarray(0, -1), this.#head)) {
      throw damaged(this.#head.seq + 1, "its last byte was altered");
    }
    return { afterLine: this.#head.seq, bytes: bytes.length };
  }

  /**
   * Cuts what an interrupted write left after the last good line, and makes what was read durable before anybody
   * depends on it: its writer may have died before it did so. Under the lock only, right after `read`.
   */
  async mend(torn: TornTail | null): Promise<void> {
    if (torn === null && this.#durable.seq === this.#head.seq) return;
    await using file = await this.#open(constants.O_RDWR);
    try {
      if (torn !== null) await file?.truncate(this.#offset);
      await file?.sync();
      if (this.#durable.seq === 0) await syncDirectory(dirname(this.#path));
    } catch (cause) {
      throw this.#breaks(notTakenBack(cause));
    }
    this.#durable = this.#head;
  }

  /**
   * Writes the events and makes them durable before it hands them over; then they count, all of them. Under the lock,
   * after `read` and `mend`.
   * @throws {LedgerError} full or read-only, or somebody wrote without the lock. Nothing was appended.
   */
  async append(
    events: readonly RolloutEvent[],
    by: { readonly at: Instant; readonly actor: string; readonly take: Take },
  ): Promise<void> {
    this.#check();
    const { lines, entries } = this.#sealed(events, by);
    await this.#write(Buffer.concat(lines));
    let end = this.#offset;
    for (const [index, entry] of entries.entries()) {
      end += lines[index]?.length ?? 0;
      this.#take(entry, end, by.take);
    }
    this.#durable = this.#head;
  }

  #sealed(events: readonly RolloutEvent[], by: { readonly at: Instant; readonly actor: string }) {
    const entries: LedgerEntry[] = [];
    const lines: Buffer[] = [];
    for (const event of events) {
      const after = entries.at(-1) ?? this.#head;
      const line = Buffer.from(`${entryLine(event, { ...by, after })}\n`);
      const read = readEntryLine(line.subarray(0, -1), after);
      if ("flaw" in read) throw new RangeError(`an event cannot be written: ${read.flaw}`);
      entries.push(read.entry);
      lines.push(line);
    }
    return { lines, entries };
  }

  async #write(bytes: Buffer): Promise<void> {
    try {
      await using file = await open(
        this.#path,
        constants.O_RDWR | constants.O_CREAT | constants.O_APPEND,
        PRIVATE_FILE,
      );
      if ((await file.stat()).size !== this.#offset) throw this.#breaks(unlocked());
      await this.#writeAll(file, bytes);
    } catch (cause) {
      throw cause === this.#broken ? cause : notWritten(cause);
    }
  }

  /**
   * What was written in part, or not made durable, must not stay: the next line would make half a line damage, and after
   * a failed fsync the cache shows a line that the disk may not have (https://lwn.net/Articles/752063/).
   */
  async #writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
    try {
      await file.appendFile(bytes);
      await file.sync();
      if (this.#offset === 0) await syncDirectory(dirname(this.#path));
    } catch (error) {
      await this.#takeBack(file);
      throw error;
    }
  }

  async #takeBack(file: FileHandle): Promise<void> {
    try {
      await file.truncate(this.#offset);
      await file.sync();
    } catch (cause) {
      throw this.#breaks(notTakenBack(cause));
    }
  }

  /** A fold that fails halfway has half an entry in its state, so nothing goes on from there. */
  #take(entry: LedgerEntry, end: number, take: Take): void {
    try {
      take(entry);
    } catch (error) {
      throw this.#breaks(error instanceof Error ? error : new Error("an entry could not be folded", { cause: error }));
    }
    this.#head = { seq: entry.seq, hash: entry.hash };
    this.#offset = end;
  }

  #breaks(error: Error): Error {
    this.#broken = error;
    return error;
  }

  #check(): void {
    if (this.#broken !== null) throw this.#broken;
  }

  async #open(flags: number): Promise<(FileHandle & AsyncDisposable) | null> {
    try {
      return await open(this.#path, flags);
    } catch (cause) {
      if (isCode(cause, "ENOENT") && this.#offset === 0) return null;
      throw new LedgerError("The ledger cannot be opened.", {
        nextStep: "Ask the operator to check that the data directory exists and that this user may write to it.",
        cause,
      });
    }
  }
}

/** For an operator: `line` is the first bad one, `flaw` what is wrong with it. */
export const damaged = (line: number, flaw: string): LedgerError =>
  new LedgerError(`The ledger is damaged at line ${line}: ${flaw}.`, {
    nextStep:
      "Ask the operator to run `mfa-rollout verify` on it and to restore the rollout's directory from a backup; do not go on.",
    details: { line },
  });

/** Only `damaged` names a line. */
export const isDamage = (error: unknown): boolean => error instanceof LedgerError && "line" in error.details;

const notWritten = (cause: unknown): LedgerError =>
  new LedgerError("The ledger could not be written; nothing was appended.", {
    nextStep: "Ask the operator to check free space and permissions of the data directory, then call the tool again.",
    cause,
  });

const notTakenBack = (cause: unknown): LedgerError =>
  new LedgerError("The ledger could not be written, and what was written of it could not be taken back.", {
    nextStep: "Ask the operator to check the disk of the data directory and to start the server again.",
    cause,
  });

const unlocked = (): LedgerError =>
  new LedgerError("Somebody wrote to the ledger without its lock.", {
    nextStep:
      "Ask the operator to keep the data directory on a local disk, where locks work, and to start the server again.",
  });
