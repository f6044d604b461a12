import { hash } from "node:crypto";
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

/** Before the first line. */
export const START: ChainHead = { seq: 0, hash: GENESIS };

const EVENT_TYPES = {
  rollout_started: true,
  users_reconciled: true,
  exceptions_classified: true,
  signoff_recorded: true,
  access_pass_taken: true,
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
  tenant_checked: true,
  lockouts_foreseen: true,
  finding_resolved: true,
  step_done: true,
  step_paused: true,
  gate_closed: true,
  report_written: true,
  procedure_saved: true,
  effect_failed: true,
  torn_line_cut: true,
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
  return `${text.slice(0, -1)}${sealOf(hash("sha256", text, "hex"))}`;
}

/** How the line of this hash ends, and no other line does. */
export const sealOf = (lineHash: string): string => `,"hash":"${lineHash}"}`;

/** What `sealed` puts after the bytes that it hashed, less their closing brace. */
const SEAL = /^,"hash":"([0-9a-f]{64})"\}$/;
const SEAL_BYTES = 75;
const BRACE = Buffer.from("}");

/** `flaw` says in our words what is wrong with the line. */
export type ReadLine = { readonly entry: LedgerEntry } | { readonly flaw: string };

/**
 * Reads one line and checks every byte of it by its hash, then its form and its place in the chain. That it is canonical
 * is not asked here, since no accident turns a canonical line into another with the right hash: see `isCanonical`.
 */
export function readEntryLine(bytes: Buffer, after: ChainHead): ReadLine {
  const sealAt = bytes.length - SEAL_BYTES;
  const seal = SEAL.exec(bytes.toString("latin1", Math.max(sealAt, 0)))?.[1];
  if (seal === undefined) return { flaw: "it is not a ledger line" };
  if (hash("sha256", Buffer.concat([bytes.subarray(0, sealAt), BRACE]), "hex") !== seal)
    return { flaw: "its content does not match its hash" };
  const parsed = Line.safeParse(parsedJson(bytes.toString("utf8")));
  if (!parsed.success) return { flaw: "it is not a ledger line" };
  const { prev, seq, type } = parsed.data;
  if (prev !== after.hash) return { flaw: "it does not chain to the line before" };
  if (seq !== after.seq + 1) return { flaw: "its number is not the next one" };
  if (!Object.hasOwn(EVENT_TYPES, type)) return { flaw: "its type is unknown; a newer version may have written it" };
  if (after.seq === 0 && type !== "rollout_started") return { flaw: "a ledger begins with rollout_started" };
  // Form, chain and type are checked; `data` is as this product wrote it, which the hash vouches for.
  return { entry: parsed.data as unknown as LedgerEntry };
}

/** Whether the line is the one RFC 8785 spelling of its entry. Costs several times what reading it does. */
export function isCanonical(bytes: Buffer, { hash: _, ...body }: LedgerEntry): boolean {
  return Buffer.from(sealed(body)).equals(bytes);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // Not JSON; the caller names the line.
  }
}
