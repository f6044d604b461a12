import type { Desk } from "./desk.ts";
import { isObject } from "./record.ts";

type Fault = Readonly<Record<"field" | "code" | "message", string>>;

/** Dates are instants, and a day alone is refused. */
export function wrongDate({ requiredDate }: Readonly<Record<string, unknown>>): Fault[] {
  if (requiredDate === undefined || requiredDate === null) return [];
  const ok = typeof requiredDate === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(requiredDate);
  return ok ? [] : [{ field: "requiredDate", code: "InvalidFormat", message: "requiredDate is not a date and time" }];
}

/** An owner is a member who still works there. */
export function wrongOwner(desk: Desk, { owner }: Readonly<Record<string, unknown>>): Fault[] {
  if (owner === undefined || owner === null) return [];
  const member = isObject(owner) ? desk.members.find(({ id }) => id === owner.id) : undefined;
  return member?.inactiveFlag === false
    ? []
    : [{ field: "owner", code: "InvalidReference", message: "no such active member" }];
}
