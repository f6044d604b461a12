import { isObject, type PsaRecord } from "./record.ts";

/** What a PATCH asks, after the vendor's odd reading of it: which fields to set, or why it is refused. */
type PatchReading =
  | { readonly kind: "changes"; readonly changes: Readonly<Record<string, unknown>> }
  | { readonly kind: "refused"; readonly field: string };

/**
 * Reads a JSON Patch as ConnectWise does: the path is a bare, case-sensitive field name. A path below a field, such as
 * `status/name`, is accepted and changes nothing (a 200 that is not true).
 */
export function readPatch(operations: unknown, record: PsaRecord, writable: readonly string[]): PatchReading {
  if (!Array.isArray(operations)) return { kind: "refused", field: "patch" };
  const changes: Record<string, unknown> = {};
  for (const operation of operations) {
    const path = isObject(operation) && typeof operation.path === "string" ? operation.path : "";
    if (!isObject(operation) || !["add", "replace", "remove"].includes(String(operation.op))) {
      return { kind: "refused", field: path };
    }
    const [head = ""] = path.split("/");
    if (!writable.includes(head) && !(head in record)) return { kind: "refused", field: path };
    if (path !== head || !writable.includes(head)) continue;
    changes[path] = operation.op === "remove" ? null : operation.value;
  }
  return { kind: "changes", changes };
}
