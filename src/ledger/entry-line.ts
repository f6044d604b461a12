import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { z } from "zod";
import { type Sha256, sha256 } from "../domain/model/ids.ts";
import type { Instant } from "../domain/model/time.ts";
import type { LedgerEntry, RolloutEvent } from "../domain/rollout/events.ts";

/** What the first line chains to. */
export const GENESIS: Sha256 = sha256("0".repeat(64));

/** A place in the chain: the last line's number and hash. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: Sha256;
}

const EVENT_TYPES = {
  rollout_started: true,
  users_reconciled: true,
  exceptions_classified: true,
  signoff_recorded: true,
  policy_drafted: true,
  phase_scheduled: true,
  plan_proposed: true,
  approval_signed: true,
  approval_denied: true,
  standing_used: true,
  plan_completed: true,
  effect_intended: true,
  effect_noted: true,
  effect_done: true,
  effect_unknown: true,
  effect_settled: true,
  signins_observed: true,
  finding_resolved: true,
  step_done: true,
  step_paused: true,
  report_written: true,
  procedure_saved: true,
} satisfies Record<RolloutEvent["type"], true>;

const Line = z.strictObject({
  seq: z.int(),
  at: z.iso.datetime({ precision: 3 }),
  actor: z.string().min(1),
  type: z.string(),
  data: z.record(z.string(), z.unknown()),
  prev: z.hex().length(64),
  hash: z.hex().length(64),
});

/**
 * The line of an event, without its newline: RFC 8785 canonical JSON with `hash` last, so that whoever cuts `hash` off
 * again has the very bytes that were hashed.
 * @throws {Error} the event holds what JSON has no form for: NaN, half a surrogate pair. A programmer error.
 */
export function entryLine(event: RolloutEvent, stamp: { at: Instant; actor: string; after: ChainHead }): string {
  const { at, actor, after } = stamp;
  return sealed({ seq: after.seq + 1, at, actor, type: event.type, data: event.data, prev: after.hash });
}

function sealed(body: Readonly<Record<string, unknown>>): string {
  const text = canonicalize(body) ?? "";
  const hash = createHash("sha256").update(text).digest("hex");
  return `${text.slice(0, -1)},"hash":"${hash}"}`;
}

/** `flaw` says in our words what is wrong with the line. */
export type ReadLine = { readonly entry: LedgerEntry } | { readonly flaw: string };

/** Reads one line and checks every byte of it: its form, its place in the chain and its hash. */
export function readEntryLine(bytes: Uint8Array, after: ChainHead): ReadLine {
  const text = decoded(bytes);
  const parsed = Line.safeParse(text === null ? null : parsedJson(text));
  if (!parsed.success) return { flaw: "it is not a ledger line" };
  const { hash: _, ...body } = parsed.data;
  if (sealed(body) !== text) return { flaw: "its content does not match its hash" };
  if (body.prev !== after.hash) return { flaw: "it does not chain to the line before" };
  if (body.seq !== after.seq + 1) return { flaw: "its number is not the next one" };
  if (!Object.hasOwn(EVENT_TYPES, body.type))
    return { flaw: "its type is unknown; a newer version may have written it" };
  if (after.seq === 0 && body.type !== "rollout_started") return { flaw: "a ledger begins with rollout_started" };
  // Form, chain and type are checked; `data` is as this product wrote it, which the hash vouches for.
  return { entry: parsed.data as unknown as LedgerEntry };
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null; // Not UTF-8; the caller names the line.
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // Not JSON; the caller names the line.
  }
}
