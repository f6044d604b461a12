import type { EffectRecord, EffectSubject } from "../model/effect.ts";
import { type Instant, instant } from "../model/time.ts";

/** What a mailbox may send, in any span of that length and not by the calendar. Both at least 1. */
export interface SenderQuota {
  readonly perMinute: number;
  readonly perDay: number;
}

/** How many mails may go out now, or from when on. */
export type Allowance = { readonly count: number } | { readonly count: 0; readonly until: Instant };

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Whether the change is one mail of the sender's. */
export const isMail = ({ kind }: EffectSubject): boolean => kind === "mail" || kind === "signoff_mail";

/**
 * When the ledger's mails went out, oldest first. A mail that was begun and whose end is not recorded may have gone out,
 * so it counts; one that is recorded counts from its record, which comes a little after the sending.
 */
export function sendings(effects: Iterable<EffectRecord>): readonly Instant[] {
  const times: Instant[] = [];
  for (const { subject, at } of effects) if (isMail(subject)) times.push(at);
  return times.sort();
}

/**
 * How many of the wanted mails the quota lets out now. When none: the moment from which as many may go at once as the
 * quota ever lets, so that a campaign goes on in few large parts and not in many small ones.
 *
 * @param asked.sent - Every sending so far, oldest first; those of more than a day ago do not matter. One dated later
 * than now was dated by a clock that ran ahead, and counts as of now.
 * @param asked.wanted - Mails that are still to go, at least 1.
 * @throws {RangeError} a limit below 1, or nothing wanted: a programmer error.
 */
export function allowance(asked: {
  readonly sent: readonly Instant[];
  readonly wanted: number;
  readonly now: Instant;
  readonly quota: SenderQuota;
}): Allowance {
  const { wanted, quota } = asked;
  const most = Math.min(wanted, quota.perMinute, quota.perDay);
  if (!(most >= 1)) throw new RangeError("a quota lets out at least 1, and at least 1 is wanted");
  const now = Date.parse(asked.now);
  const day = asked.sent.map((at) => Math.min(Date.parse(at), now)).filter((at) => at > now - DAY_MS);
  const minute = day.filter((at) => at > now - MINUTE_MS);

  const leftOfDay = quota.perDay - day.length;
  if (leftOfDay <= 0) return { count: 0, until: whenFree(day, quota.perDay, { places: most, after: DAY_MS }) };
  const count = Math.min(wanted, leftOfDay, quota.perMinute - minute.length);
  if (count > 0) return { count };
  const places = Math.min(most, leftOfDay);
  return { count: 0, until: whenFree(minute, quota.perMinute, { places, after: MINUTE_MS }) };
}

/** When so many places are free, each sending giving back its own some time after. */
function whenFree(
  sent: readonly number[],
  limit: number,
  wait: { readonly places: number; readonly after: number },
): Instant {
  return instant((sent[sent.length + wait.places - limit - 1] ?? 0) + wait.after);
}
