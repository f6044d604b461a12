import { setTimeout as wait } from "node:timers/promises";
import type { EffectRecord } from "../domain/model/effect.ts";
import type { Sha256 } from "../domain/model/ids.ts";
import type { RolloutEvent } from "../domain/rollout/events.ts";
import { settleRequest } from "../domain/rollout/settle-command.ts";
import {
  BusyError,
  CancelledError,
  ConnectorAmbiguousError,
  ConnectorAuthenticationError,
  ConnectorPermissionError,
  ConnectorRejectedError,
  ConnectorThrottledError,
  ConnectorUnavailableError,
  OutcomeUnknownError,
} from "../errors.ts";
import type { Effect, Found, JsonObject } from "../ports/rollout-store.ts";

/** Vendors' reads lag their writes, so what is not found is looked for again after this long: once, or for the effect's `lagMs`. */
const LOOK_AGAIN_MS = 500;

/** What of a ledger an effect needs. `append` is durable when it resolves; `record` shows all that was appended. */
export interface EffectLedger {
  /** The rollout's id. */
  readonly rollout: string;
  record(key: string): EffectRecord | undefined;
  append(event: RolloutEvent): Promise<void>;
}

interface Attempt {
  readonly effect: Effect;
  readonly plan: Sha256;
  readonly signal: AbortSignal;
}

/** `Rollout.once` for any store: see there. The caller holds the rollout's lock. */
export async function once(ledger: EffectLedger, attempt: Attempt): Promise<JsonObject> {
  const earlier = ledger.record(attempt.effect.key);
  if (earlier?.status === "done") return earlier.outcome;
  if (earlier !== undefined) {
    const found = await lookFor(ledger, attempt);
    if (found !== null) return found;
  }
  try {
    return await performUnlessThere(ledger, attempt);
  } catch (error) {
    if (!(error instanceof ConnectorAmbiguousError)) throw error;
    const found = await lookFor(ledger, attempt);
    return found ?? (await performUnlessThere(ledger, attempt));
  }
}

/** "It exists already" is a refusal, too: of a request that was delivered twice, or whose work came late. */
async function performUnlessThere(ledger: EffectLedger, attempt: Attempt): Promise<JsonObject> {
  try {
    return await performNow(ledger, attempt);
  } catch (error) {
    if (!(error instanceof ConnectorRejectedError)) throw error;
    const found = await look(ledger, attempt);
    if (found.state === "done") return ended(ledger, attempt, found.outcome);
    throw error;
  }
}

/** What connectors throw when a vendor has refused the request, or when it never left, as where others held the sign-in. */
const CHANGED_NOTHING = [
  BusyError,
  ConnectorAuthenticationError,
  ConnectorPermissionError,
  ConnectorRejectedError,
  ConnectorThrottledError,
  ConnectorUnavailableError,
];

/**
 * Writes the intent before and the outcome after. Whatever `perform` throws, the intent stands and is looked into next
 * time; what changed nothing for certain is written down, for vendors at which nobody can look.
 */
async function performNow(ledger: EffectLedger, { effect, plan, signal }: Attempt): Promise<JsonObject> {
  const { key, subject } = effect;
  if (signal.aborted) throw cancelled();
  const earlier = ledger.record(key);
  if (earlier?.plan !== plan || earlier.status !== "intended" || earlier.nothingChanged === true) {
    await ledger.append({ type: "effect_intended", data: { key, plan, subject } });
  }
  const noted = ledger.record(key)?.noted ?? {};
  const note = (note: JsonObject): Promise<void> => ledger.append({ type: "effect_noted", data: { key, note } });
  const outcome = await effect.perform({ noted, note, signal }).catch(async (error: unknown) => {
    if (CHANGED_NOTHING.some((kind) => error instanceof kind)) {
      await ledger.append({ type: "effect_failed", data: { key } });
    }
    throw error;
  });
  await ledger.append({ type: "effect_done", data: { key, outcome, found: false } });
  return ledger.record(key)?.outcome ?? outcome;
}

/** Looks at the vendor for what an earlier attempt left, for as long as its reads may lag. */
async function look(ledger: EffectLedger, { effect, signal }: Attempt): Promise<Found> {
  const until = performance.now() + (effect.lagMs ?? LOOK_AGAIN_MS);
  for (;;) {
    const found = await effect.find({ noted: ledger.record(effect.key)?.noted ?? {}, signal });
    if (found.state !== "absent" || found.certain === true || performance.now() >= until) return found;
    await pause(signal);
  }
}

/**
 * @returns the outcome of an earlier attempt, or `null` when nothing of it is there.
 * @throws {OutcomeUnknownError} only a person can tell.
 */
async function lookFor(ledger: EffectLedger, attempt: Attempt): Promise<JsonObject | null> {
  const found = await look(ledger, attempt);
  if (found.state === "absent") return null;
  if (found.state === "done") return ended(ledger, attempt, found.outcome);
  const { key } = attempt.effect;
  const { check } = found;
  if (ledger.record(key)?.nothingChanged === true) return null;
  if (ledger.record(key)?.check !== check) await ledger.append({ type: "effect_unknown", data: { key, check } });
  throw new OutcomeUnknownError("It is not known whether a change was made, and repeating it could do it twice.", {
    nextStep: `Ask a person: ${settleRequest(ledger.rollout, { key, check })}`,
    details: { key },
  });
}

async function ended(ledger: EffectLedger, { effect: { key } }: Attempt, outcome: JsonObject): Promise<JsonObject> {
  await ledger.append({ type: "effect_done", data: { key, outcome, found: true } });
  return ledger.record(key)?.outcome ?? outcome;
}

async function pause(signal: AbortSignal): Promise<void> {
  try {
    await wait(LOOK_AGAIN_MS, undefined, { signal });
  } catch (error) {
    throw signal.aborted ? cancelled() : error;
  }
}

const cancelled = (): CancelledError =>
  new CancelledError("The call was cancelled before the next change was begun.", {
    nextStep: "Call the tool again with the same arguments to go on; what is done is not repeated.",
  });
