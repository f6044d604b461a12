import { setTimeout as pause } from "node:timers/promises";
import { type Allowance, allowance, isMail, type SenderQuota, sendings } from "../domain/mail/quota.ts";
import { planId, type Sha256 } from "../domain/model/ids.ts";
import { addHours, type Instant, instant } from "../domain/model/time.ts";
import { argsKey } from "../domain/rollout/args-key.ts";
import type { RolloutEvent } from "../domain/rollout/events.ts";
import {
  CancelledError,
  ConnectorLagError,
  ConnectorRejectedError,
  ConnectorThrottledError,
  ConnectorUnavailableError,
  OutcomeUnknownError,
} from "../errors.ts";
import type { Act, CarriedOut } from "../kit/tool-context.ts";
import type { Clock } from "../ports/clock.ts";
import type { Effect, Rollout } from "../ports/rollout-store.ts";

/** How often one effect is tried in a call when the vendor fails and nothing was changed, and how long between. */
const TRIES = 3;
const TRY_AGAIN_MS = 150;
/** A vendor that took longer than this to fail is not asked again in the same call. */
const TRY_AGAIN_WITHIN_MS = 10_000;

/** Effects under way at once: enough that one slow answer does not hold up a campaign, few enough for one mailbox. */
const AT_ONCE = 8;

/** What is under way when the caller cancels may go on to its end for so long: a known end need not be looked up. */
const END_WITHIN_MS = 3_000;

interface Parts {
  readonly rollout: Rollout;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number | null, message: string) => Promise<void>;
}

/** The facts of an act that its doing depends on. */
type Doing = Pick<Act<never>, "tool" | "args" | "title" | "quota">;

/**
 * Does those effects of a signed plan that are not done yet, and no more mails than the sender's quota lets out now.
 * Called under the rollout's lock. A cancelled call begins no further effect.
 * @throws {CancelledError} `details` says how many of all effects are done.
 */
export async function performEffects(
  act: Doing,
  plan: { readonly effects: readonly Effect[]; readonly digest: Sha256; readonly decided: readonly RolloutEvent[] },
  parts: Parts,
): Promise<Pick<CarriedOut, "status" | "changesDone" | "resumeAt" | "note">> {
  const { rollout, clock, signal } = parts;
  const known = (await rollout.state()).effects;
  const open = plan.effects.filter(({ key }) => known.get(key)?.status !== "done");
  const total = plan.effects.length;
  let done = total - open.length;
  const ending = outlasting(signal);
  const step = { tool: act.tool, argsKey: argsKey(act.args) };
  const doOne = async (effect: Effect): Promise<void> => {
    if (signal.aborted) throw cancelled(done, total);
    await persistently(() => rollout.once(effect, plan.digest, ending), signal);
    done += 1;
    await parts.progress(done, total, act.title);
  };
  const paused = async (until: Instant, note: string) => {
    await rollout.append({ type: "step_paused", data: { ...step, until } });
    return { status: "paused", changesDone: done, resumeAt: until, note } as const;
  };
  try {
    while (open.length > 0) {
      const part = await partOf(open, act.quota ?? null, parts);
      if ("until" in part) return await paused(part.until, quotaNote(act.quota));
      await sideBySide(open.splice(0, part.count), doOne);
    }
  } catch (error) {
    if (signal.aborted) throw cancelled(done, total);
    if (error instanceof ConnectorRejectedError) throw replaceable(error, plan.digest);
    if (!(error instanceof ConnectorThrottledError)) throw error;
    return paused(resumeAt(error, await clock.now()), "");
  }
  await rollout.append(
    { type: "plan_completed", data: { digest: plan.digest } },
    { type: "step_done", data: { ...step, summary: act.title } },
    ...plan.decided,
  );
  return { status: "done", changesDone: done, resumeAt: null, note: "" };
}

/** How many of the open effects, in their order, may be done now: up to the first mail that the quota holds back. */
async function partOf(
  open: readonly Effect[],
  quota: SenderQuota | null,
  { rollout, clock }: Parts,
): Promise<Allowance> {
  const mails = open.flatMap(({ subject }, index) => (isMail(subject) ? [index] : []));
  if (quota === null || mails.length === 0) return { count: open.length };
  const sent = sendings((await rollout.state()).effects.values());
  const allowed = allowance({ sent, wanted: mails.length, now: await clock.now(), quota });
  const firstHeldBack = mails[allowed.count] ?? open.length;
  return firstHeldBack > 0 ? { count: firstHeldBack } : allowed;
}

const quotaNote = (quota: SenderQuota | undefined): string =>
  quota === undefined
    ? ""
    : `The sender may send ${quota.perMinute} mails in a minute and ${quota.perDay} in 24 hours.`;

/** Aborts some time after the given signal. */
function outlasting(signal: AbortSignal): AbortSignal {
  const later = new AbortController();
  const end = (): void => void setTimeout(() => later.abort(), END_WITHIN_MS).unref();
  signal.addEventListener("abort", end, { once: true });
  return later.signal;
}

/**
 * One failed vendor call among many must not end the whole call: what provably did not happen is tried again, and what the
 * vendor does not show yet is looked for again.
 */
async function persistently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const began = performance.now();
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      const passes = error instanceof ConnectorUnavailableError || error instanceof ConnectorLagError;
      if (!passes || tries === TRIES || performance.now() - began > TRY_AGAIN_WITHIN_MS) throw error;
      await pause(TRY_AGAIN_MS * tries, undefined, { signal });
    }
  }
}

/**
 * Does each effect once what it builds on is done, a few at a time, in order of beginning. After a failure nothing new
 * begins; the first one counts. A change of unknown end holds up only what builds on it: the others go on, and a person
 * is asked once for all.
 */
async function sideBySide(effects: readonly Effect[], work: (effect: Effect) => Promise<void>): Promise<void> {
  const waiting = new Set(effects);
  const undone = new Set(effects.map(({ key }) => key));
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const isReady = ({ key, after }: Effect): boolean =>
    after === undefined ? undone.values().next().value === key : after.every((earlier) => !undone.has(earlier));
  const begin = (effect: Effect): void => {
    waiting.delete(effect);
    const end = work(effect)
      .then(() => void undone.delete(effect.key))
      .catch((error: unknown) => void failures.push(error))
      .finally(() => underWay.delete(end));
    underWay.add(end);
  };
  for (;;) {
    for (const effect of waiting) {
      if (underWay.size >= AT_ONCE || failures.some(stops)) break;
      if (isReady(effect)) begin(effect);
    }
    if (underWay.size === 0) break;
    await Promise.race(underWay);
  }
  if (failures.length > 0) throw failures.find(stops) ?? failures[0];
}

const stops = (error: unknown): boolean => !(error instanceof OutcomeUnknownError);

const cancelled = (done: number, total: number): CancelledError =>
  new CancelledError(`The call was cancelled after ${done} of ${total} changes.`, {
    nextStep: "Call the tool again with the same arguments to go on; what is done is not repeated.",
    details: { done, total },
  });

/** A refused change is refused again as long as it is that change: another plan is the way out. */
const replaceable = ({ message, nextStep, details, cause }: ConnectorRejectedError, plan: Sha256) =>
  new ConnectorRejectedError(message, {
    nextStep:
      `${nextStep} Where the plan itself is wrong by now, correct what it was made from, have a person refuse it with ` +
      `mfa-rollout deny ${planId(plan)}, and call again: the new plan leaves out what is done.`,
    details,
    cause,
  });

/** A minute from now when the vendor did not say. */
function resumeAt(error: ConnectorThrottledError, now: Instant): Instant {
  const seconds = error.details.retryAfterSeconds;
  return typeof seconds === "number" ? instant(Date.parse(now) + seconds * 1000) : addHours(now, 1 / 60);
}
