import type { VendorResponse } from "../../core/vendor.ts";

/**
 * An error in Graph's form. `inner` is where Conditional Access puts what is really wrong.
 *
 * @see learn.microsoft.com/graph/errors
 */
export function graphError(status: number, code: string, message: string, inner?: string): VendorResponse {
  const innerError = inner === undefined ? {} : { message: inner };
  return { status, body: { error: { code, message, innerError } } };
}

export const badRequest = (message: string): VendorResponse => graphError(400, "BadRequest", message);

/** What the directory answers for an object that is not there, or not there yet. */
export const noSuchObject = (id: string): VendorResponse =>
  graphError(
    404,
    "Request_ResourceNotFound",
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );

/** The 429 of every service but Conditional Access, whose own carries no `Retry-After`. */
export const tooManyRequests = (seconds: number): VendorResponse => ({
  ...graphError(429, "TooManyRequests", "Too many requests."),
  headers: { "Retry-After": String(Math.max(1, Math.ceil(seconds))) },
});
