import type { PathParameters, VendorRequest, VendorResponse } from "../../core/vendor.ts";

/** A route below `/{codebase}/apis/3.0`. */
export interface PsaRoute {
  readonly method: string;
  readonly path: string;
  handle(request: VendorRequest, parameters: PathParameters): VendorResponse;
}

/** The body as JSON, read by name; `null` when it is none. An array keeps its indices as names. */
export function readJson(request: VendorRequest): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(request.body.toString("utf8"));
    // Any object may be read by name; what is read is checked where it is used.
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** One fault for each text above its limit. */
export const tooLong = (body: Readonly<Record<string, unknown>> | null, limits: Readonly<Record<string, number>>) =>
  Object.entries(limits).flatMap(([field, limit]) => {
    const value = body?.[field];
    return typeof value === "string" && value.length > limit
      ? [{ field, code: "MaxLength", message: `The field ${field} must be ${limit} characters or fewer.` }]
      : [];
  });

export const missing = (body: Readonly<Record<string, unknown>> | null, fields: readonly string[]) =>
  fields
    .filter((field) => body?.[field] === undefined || body[field] === null || body[field] === "")
    .map((field) => ({ field, code: "MissingRequiredField", message: `The field ${field} is required.` }));
