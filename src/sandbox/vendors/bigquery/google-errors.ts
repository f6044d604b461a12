import type { VendorResponse } from "../../core/vendor.ts";

/** An error of the BigQuery API. @see https://docs.cloud.google.com/bigquery/docs/error-messages */
export function bigQueryError(code: number, reason: string, message: string): VendorResponse {
  return {
    status: code,
    body: { error: { code, message, errors: [{ message, domain: "global", reason }], status: STATUS[code] } },
  };
}

const STATUS: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  409: "ALREADY_EXISTS",
  500: "INTERNAL",
  503: "UNAVAILABLE",
};

/** What an injected fault of this status looks like. Quota is a 403 here, as missing rights are. */
export function failure(status: number): VendorResponse {
  if (status === 401) return bigQueryError(401, "authError", "Request had invalid authentication credentials.");
  if (status === 403) return bigQueryError(403, "accessDenied", "Access Denied: User does not have permission.");
  if (status === 429) return bigQueryError(403, "rateLimitExceeded", "Exceeded rate limits.");
  return bigQueryError(status, "backendError", "An internal error occurred and the request could not be completed.");
}
