import { z } from "zod";
import type { Outcome } from "../http/exchange.ts";
import { type Expectation, judge, type Verdict } from "../http/judge.ts";
import { retryAfterMs } from "../http/pause.ts";
import type { VendorErrors } from "../http/vendor-errors.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/**
 * Reasons that mean "too much", some of them under a 403, which at Google is not always a missing right.
 * @see https://developers.google.com/workspace/gmail/api/guides/handle-errors
 */
const QUOTA_REASONS = new Set(["rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded", "quotaExceeded"]);

const GoogleError = z.object({
  error: z.object({
    message: z.string().default(""),
    errors: z.array(z.object({ reason: z.string() })).default([]),
  }),
});

type Answer = Extract<Outcome, { kind: "answer" }>;

/** As `judge`, with what only Gmail does: quota under 403, and a 404 that counts only in Google's own form. */
export function judgeGmail<T>(outcome: Outcome, expected: Expectation<T>, errors: VendorErrors): Verdict<T> {
  if (outcome.kind !== "answer") return judge(outcome, expected, errors);
  const refused = readError(outcome);
  const quota = refused?.reasons.find((reason) => QUOTA_REASONS.has(reason));
  if ((outcome.status === 403 || outcome.status === 429) && quota !== undefined) {
    return { kind: "throttled", afterMs: waitMs(outcome, quota, refused?.message ?? "") };
  }
  if (outcome.status === 404 && !refused?.reasons.includes("notFound")) {
    // "No such draft" is read as "sent", so a gateway's 404 must not pass for Gmail's.
    return expected.reads
      ? { kind: "passing", error: errors.contract("with a 404 that is not Gmail's own", { status: 404 }) }
      : { kind: "final", error: errors.ambiguous({ status: 404 }) };
  }
  return judge(outcome, expected, errors);
}

function readError({ text }: Answer): { message: string; reasons: string[] } | null {
  try {
    const parsed = GoogleError.safeParse(JSON.parse(text));
    if (!parsed.success) return null;
    const { message, errors } = parsed.data.error;
    return { message, reasons: errors.map(({ reason }) => reason) };
  } catch {
    // Not JSON, so not Google's form of an error; `judge` goes by the status alone.
    return null;
  }
}

/**
 * How long Gmail wants peace. It seldom sends `Retry-After`; a mailbox over its sending limit gets an end time in the
 * message, which is judged by the answer's own clock. Other quotas are counted per minute or per day.
 */
function waitMs(answer: Answer, reason: string, message: string): number | null {
  const asked = retryAfterMs(answer.headers);
  if (asked !== null) return asked;
  const until = /Retry after (\d{4}-\d{2}-\d{2}T[\d:.]+Z)/i.exec(message)?.[1];
  const now = Date.parse(answer.headers.date ?? "");
  if (until !== undefined && !Number.isNaN(now)) return Math.max(0, Date.parse(until) - now);
  if (reason === "dailyLimitExceeded") return HOUR_MS;
  return answer.status === 403 ? MINUTE_MS : null;
}
