import type { VendorRequest } from "../../core/vendor.ts";

export type Json = Readonly<Record<string, unknown>>;

/** The body where it is a JSON object, else `null`. */
export function readBody(request: VendorRequest): Json | null {
  try {
    const value: unknown = JSON.parse(request.body.toString("utf8"));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
