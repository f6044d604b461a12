import { z } from "zod";
import type { RolloutError } from "../../errors.ts";
import type { Outcome } from "./exchange.ts";
import { retryAfterMs } from "./pause.ts";
import type { VendorErrors } from "./vendor-errors.ts";

/** What an outcome means for the call. `passing` may be gone at the next try; `final` will not. */
export type Verdict<T> =
  | { readonly kind: "usable"; readonly body: T; readonly next: string | null }
  | { readonly kind: "absent" }
  | { readonly kind: "unauthenticated"; readonly error: RolloutError }
  | { readonly kind: "throttled"; readonly afterMs: number | null }
  | { readonly kind: "passing" | "final"; readonly error: RolloutError };

export interface Expectation<T> {
  readonly schema: z.ZodType<T>;
  /** True when the request changes nothing at the vendor and so may be repeated. */
  readonly reads: boolean;
  readonly permission: string;
  /** True where 202 is the vendor's usual answer and the caller knows that it proves nothing. */
  readonly acceptedSuffices?: boolean | undefined;
  /** Error code that says, on a 403, what others say with a 401. */
  readonly expiredCode?: string | null;
  /** Reasons that say, on a 403, what others say with a 429. */
  readonly quotaReasons?: readonly string[];
}

/** Turns what came back into what it means. The one place where a vendor's fault becomes our error. */
export function judge<T>(outcome: Outcome, expected: Expectation<T>, errors: VendorErrors): Verdict<T> {
  if (outcome.kind !== "answer") {
    return expected.reads || outcome.kind === "unsent"
      ? { kind: "passing", error: errors.unanswered(outcome) }
      : { kind: "final", error: errors.ambiguous({ network: outcome.code }) };
  }
  const { status, headers, text } = outcome;
  // Accepted is not done, and may never be (RFC 9110, 15.3.3).
  if (status === 202 && expected.acceptedSuffices !== true)
    return { kind: "final", error: errors.ambiguous({ status }) };
  if (status >= 200 && status < 300) return judgeBody(outcome, expected, errors);
  const code = status < 400 ? null : vendorCode(text);
  const expired = status === 403 && code !== null && code === expected.expiredCode;
  if (status === 401 || expired) return { kind: "unauthenticated", error: errors.authentication({ status }) };
  const afterMs = retryAfterMs(headers);
  const spent = status === 403 && expected.quotaReasons?.some((reason) => reasonsIn(text).includes(reason)) === true;
  if (status === 429 || spent || (status === 503 && expected.reads && afterMs !== null))
    return { kind: "throttled", afterMs };
  if (status === 408 || status >= 500) {
    return expected.reads
      ? { kind: "passing", error: errors.unavailable({ status }) }
      : { kind: "final", error: errors.ambiguous({ status }) };
  }
  if (status === 403) return { kind: "final", error: errors.permission(expected.permission, { status }) };
  if (status === 404) return { kind: "absent" };
  return {
    kind: "final",
    error: expected.reads
      ? errors.contract(`status ${status} to a query that it should understand`, { status, code })
      : errors.rejected(status, code),
  };
}

function judgeBody<T>(
  answer: Extract<Outcome, { kind: "answer" }>,
  expected: Expectation<T>,
  errors: VendorErrors,
): Verdict<T> {
  const json = parseJson(answer.text);
  if (json === NOT_JSON) {
    // A page of a gateway or a cut answer may be gone at the next try; a write behind one may well have happened.
    const what = /^\s*</.test(answer.text) ? "a web page instead of data" : "something that is not whole JSON";
    return expected.reads
      ? { kind: "passing", error: errors.contract(what, { status: answer.status }) }
      : { kind: "final", error: errors.ambiguous({ status: answer.status, answer: what }) };
  }
  const parsed = expected.schema.safeParse(json);
  if (parsed.success) return { kind: "usable", body: parsed.data, next: linkToNext(answer.headers.link) };
  const path = parsed.error.issues[0]?.path.map(String).join(".") || "(whole answer)";
  const error = expected.reads
    ? errors.contract(`without a usable value at ${path}`, { status: answer.status, path })
    : errors.ambiguous({ status: answer.status, path });
  return { kind: "final", error };
}

const GoogleError = z.object({ error: z.object({ errors: z.array(z.object({ reason: z.string() })) }) });
const NOT_JSON = Symbol("not JSON");

function parseJson(text: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
}

/** The vendor's own code of an error, when it is a short token: never a sentence, which may hold personal data. */
function vendorCode(text: string): string | null {
  const body = parseJson(text);
  if (typeof body !== "object" || body === null) return null;
  const nested = "error" in body && typeof body.error === "object" && body.error !== null ? body.error : body;
  const code = "code" in nested ? nested.code : null;
  return (typeof code === "string" || typeof code === "number") && /^[\w.:-]{1,64}$/.test(String(code))
    ? String(code)
    : null;
}

/** The reasons that Google gives beside a code. */
function reasonsIn(text: string): readonly string[] {
  const body = GoogleError.safeParse(parseJson(text));
  return body.success ? body.data.error.errors.map(({ reason }) => reason) : [];
}

/** The URL of the next page in a `Link` header (RFC 8288), as ConnectWise pages. */
function linkToNext(header: string | undefined): string | null {
  const link = header?.split(/,\s*(?=<)/).find((part) => /;\s*rel="?next"?/i.test(part));
  return link?.match(/<([^>]*)>/)?.[1] ?? null;
}
