import type { VendorResponse } from "../../core/vendor.ts";

interface GoogleError {
  readonly code: number;
  readonly status: string;
  readonly message: string;
  readonly reason: string;
  readonly domain?: string;
}

/**
 * An error of the Gmail API: a reason in `errors[]`, and the gRPC name in `status`. A 403 is not always a missing
 * right: quota answers 403 as well.
 * @see https://developers.google.com/workspace/gmail/api/guides/handle-errors
 */
export function googleError({ code, status, message, reason, domain = "global" }: GoogleError): VendorResponse {
  return {
    status: code,
    body: { error: { code, message, errors: [{ message, domain, reason }], status } },
  };
}

export const notFound = (): VendorResponse =>
  googleError({
    code: 404,
    status: "NOT_FOUND",
    message: "Requested entity was not found.",
    reason: "notFound",
  });

export const invalidArgument = (message: string): VendorResponse =>
  googleError({ code: 400, status: "INVALID_ARGUMENT", message, reason: "invalidArgument" });

export const insufficientScope = (): VendorResponse =>
  googleError({
    code: 403,
    status: "PERMISSION_DENIED",
    message: "Request had insufficient authentication scopes.",
    reason: "insufficientPermissions",
  });

export const unauthenticated = (): VendorResponse => ({
  ...googleError({
    code: 401,
    status: "UNAUTHENTICATED",
    message:
      "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
    reason: "authError",
  }),
  headers: { "www-authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"' },
});

/** Too many quota units in a minute. Google says when to come back in words only, or not at all. */
export const userRateLimitExceeded = (): VendorResponse =>
  googleError({
    code: 403,
    status: "PERMISSION_DENIED",
    message: "User Rate Limit Exceeded. Rate of requests for user exceed configured project quota.",
    reason: "userRateLimitExceeded",
    domain: "usageLimits",
  });

/** Too many requests or, with `until`, the mailbox's sending limit; then the time stands in the message alone. */
export const tooManyRequests = (until?: number): VendorResponse =>
  googleError({
    code: 429,
    status: "RESOURCE_EXHAUSTED",
    message:
      until === undefined
        ? "Too many concurrent requests for user."
        : `User-rate limit exceeded.  Retry after ${new Date(until).toISOString()} (Mail sending)`,
    reason: "rateLimitExceeded",
    domain: "usageLimits",
  });

/** What an injected fault of this status looks like at Google. */
export function failure(status: number): VendorResponse {
  if (status === 401) return unauthenticated();
  if (status === 403) return insufficientScope();
  if (status === 404) return notFound();
  if (status === 429) return tooManyRequests();
  if (status < 500)
    return googleError({
      code: status,
      status: "FAILED_PRECONDITION",
      message: "Precondition check failed.",
      reason: "failedPrecondition",
    });
  return googleError({
    code: status,
    status: status === 503 ? "UNAVAILABLE" : "INTERNAL",
    message: "Backend Error",
    reason: "backendError",
  });
}
