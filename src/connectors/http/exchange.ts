import axios, { type AxiosRequestConfig } from "axios";
import { isUnsent } from "./unsent.ts";

/** What went out. `url` is absolute; `body` is the exact text. */
export interface Outgoing {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * What came of it. `unsent`: no connection was made, so the vendor saw nothing. `lost`: it was sent, and no whole
 * answer came back (reset, cut short, too late, or the caller gave up).
 */
export type Outcome =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly text: string;
    }
  | { readonly kind: "unsent" | "lost"; readonly code: string };

const MAX_ANSWER_BYTES = 128 * 1024 * 1024;

/** One request and its answer, never thrown: whatever happens is an outcome. Follows no redirect. */
export async function exchange(outgoing: Outgoing): Promise<Outcome> {
  const deadline = AbortSignal.timeout(outgoing.timeoutMs);
  const config: AxiosRequestConfig<string> = {
    method: outgoing.method,
    url: outgoing.url.href,
    headers: { ...outgoing.headers },
    signal: AbortSignal.any([outgoing.signal, deadline]),
    responseType: "text",
    transformResponse: [(text: unknown) => text],
    maxRedirects: 0,
    maxContentLength: MAX_ANSWER_BYTES,
    validateStatus: () => true,
    ...(outgoing.body === null ? {} : { data: outgoing.body }),
  };
  try {
    const { status, headers, data } = await axios.request<unknown>(config);
    const pairs = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
    return { kind: "answer", status, headers: Object.fromEntries(pairs), text: typeof data === "string" ? data : "" };
  } catch (error) {
    if (outgoing.signal.aborted) return { kind: "lost", code: "CANCELLED" };
    if (deadline.aborted) return { kind: "lost", code: "TIMEOUT" };
    // Only the code is kept: the error itself holds the request with its credential.
    const { code, syscall } = networkError(error);
    return { kind: syscall === "connect" || isUnsent(code) ? "unsent" : "lost", code };
  }
}

function networkError(error: unknown): { code: string; syscall: string | null } {
  const outer = asRecord(error);
  const inner = asRecord(outer.cause);
  const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
  return {
    code: text(inner.code) ?? text(outer.code) ?? "UNKNOWN",
    syscall: text(inner.syscall) ?? text(outer.syscall),
  };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  // Any object may be read by name; what is read is checked where it is used.
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
