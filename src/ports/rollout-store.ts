import type { EffectSubject } from "../domain/model/effect.ts";
import type { Sha256 } from "../domain/model/ids.ts";
import type { Json } from "../domain/model/plan.ts";
import type { RolloutEvent } from "../domain/rollout/events.ts";
import type { RolloutState } from "../domain/rollout/state.ts";

export type JsonObject = { readonly [name: string]: Json };

/** What a look at the vendor says about an effect whose end is not known. */
export type Found =
  | { readonly state: "done"; readonly outcome: JsonObject }
  /** `certain`: it cannot be there yet to be seen either, so looking again is pointless. */
  | { readonly state: "absent"; readonly certain?: true }
  /** The vendor offers no way to tell; `check` says what a person has to look at. */
  | { readonly state: "unknown"; readonly check: string };

/** One change in a vendor's system, made so that it happens once whatever breaks. */
export interface Effect {
  /** Unique for ever: `<rollout>/<kind>/<user>` and the like. */
  readonly key: string;
  readonly subject: EffectSubject;
  /** How long the vendor's reads may not show this write, in ms, where that is longer than half a second. */
  readonly lagMs?: number;
  /** Keys of what it builds on, each listed before it in its plan or done in an earlier one; all before it unless told. */
  readonly after?: readonly string[];
  /**
   * Looks for what an earlier attempt left. Asked only after an attempt with no known end.
   * @param noted - What `note` recorded in that attempt.
   */
  find(earlier: { readonly noted: JsonObject; readonly signal: AbortSignal }): Promise<Found>;
  /** Does it. `note` records a marker durably before going on, e.g. a draft's id between creating and sending it. */
  perform(now: {
    readonly noted: JsonObject;
    note(marker: JsonObject): Promise<void>;
    readonly signal: AbortSignal;
  }): Promise<JsonObject>;
}

/** One rollout's ledger: events in, state out. Every append is durable before the promise resolves. */
export interface Rollout {
  readonly id: string;
  /** The state as of the last event of any process. */
  state(): Promise<RolloutState>;
  /**
   * Appends and returns the new state.
   * @throws {LedgerError} damaged, read-only or full; nothing was appended.
   */
  append(...events: readonly RolloutEvent[]): Promise<RolloutState>;
  /**
   * Holds the rollout's lock while `work` runs, so that two hosts never act at once. Re-entrant in one call chain:
   * `append` and `once` inside do not lock again.
   * @param signal - Ends the waiting for the lock; the work itself is not touched.
   * @throws {BusyError} somebody else holds it for longer than we wait; {CancelledError} the caller gave up waiting.
   */
  exclusively<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /**
   * Makes sure the effect has happened exactly once and returns its outcome. Inside `exclusively` only.
   * Known outcome → that. Attempt without outcome → `find` first. Otherwise intent, `perform`, outcome.
   * @throws {OutcomeUnknownError} the effect's end is unknown and only a person can tell.
   */
  once(effect: Effect, plan: Sha256, signal: AbortSignal): Promise<JsonObject>;
}

export interface RolloutStore {
  list(): Promise<readonly string[]>;
  /** Nobody else who works on this data directory starts a rollout meanwhile. */
  whileNoneStarts<T>(work: () => Promise<T>): Promise<T>;
  /** @throws {StateError} the id is taken. */
  create(id: string, first: RolloutEvent): Promise<Rollout>;
  /** @throws {NotFoundError} no such rollout, `details.known` lists those there are. */
  open(id: string): Promise<Rollout>;
}

/** Large or lasting documents, stored once under the SHA-256 of their bytes. Mode 0600. */
export interface DocumentStore {
  /** @param content - Whole, or text in pieces, which are stored without holding them all. */
  put(content: string | Uint8Array | Generator<string>): Promise<Sha256>;
  /** Stores one JSON value a line without holding them all; returns the hash of the whole and the number of lines. */
  putLines(
    values: AsyncIterable<unknown> | Iterable<unknown>,
  ): Promise<{ readonly hash: Sha256; readonly lines: number }>;
  /** @throws {LedgerError} missing, or its bytes no longer match the hash. */
  get(hash: Sha256): Promise<Uint8Array>;
  text(hash: Sha256): Promise<string>;
  /** Yields the parsed lines of a document stored by `putLines`. */
  lines(hash: Sha256): AsyncIterable<unknown>;
}
