import type { VendorResponse } from "../../core/vendor.ts";

const answer = (
  status: number,
  code: string,
  message: string,
  errors: readonly unknown[] | null = null,
): VendorResponse => ({
  status,
  body: { code, message, errors },
});

export const notFound = (): VendorResponse => answer(404, "NotFound", "Entity not found");

/** Keys that are wrong. A wrong company in front of them answers 404 instead, as if the address were. */
export const unauthorized = (): VendorResponse => answer(401, "Unauthorized", "The request was not authorized.");
export const unknownCompany = (): VendorResponse => answer(404, "NotFound", "CompanyName not found. PSA specific.");

export const missingClientId = (): VendorResponse => answer(403, "Forbidden", "A valid clientId header is required.");
export const notAllowed = (): VendorResponse =>
  answer(403, "SecurityPermission", "You do not have security permission to perform this action.");
/** The answer of a cloud host that lacks its `api-` prefix. */
export const sslRequired = (): VendorResponse => answer(403, "Security", "SSL is required.");

export const badRequest = (message: string): VendorResponse => answer(400, "InvalidRequest", message);

/** A record that breaks a rule, one entry a field. */
export function invalidObject(
  resource: string,
  faults: readonly { field: string; code: string; message: string }[],
): VendorResponse {
  const errors = faults.map((fault) => ({ ...fault, resource }));
  return answer(400, "InvalidObject", `${resource} object is invalid`, errors);
}

/** The guide's own form of throttling: no `code`, and a header in seconds. */
export const tooManyRequests = (seconds: number): VendorResponse => ({
  status: 429,
  headers: { "retry-after": String(seconds) },
  body: { error: "ConnectWiseAPI", message: `Too many requests. Please try again in ${seconds} seconds.` },
});

/** What an injected fault of this status looks like at ConnectWise. */
export function failure(status: number): VendorResponse {
  if (status === 401) return unauthorized();
  if (status === 403) return notAllowed();
  if (status === 404) return notFound();
  if (status === 429) return tooManyRequests(30);
  return answer(status, "UnexpectedError", "An unexpected error occurred.");
}
