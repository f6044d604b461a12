import type { EntraObjectId, UserId } from "./ids.ts";
import type { CalendarDate } from "./time.ts";

export const EXCEPTION_KINDS = [
  "emergency_access",
  "directory_sync",
  "service_account",
  "shared_mailbox",
  "room_or_equipment",
  "on_leave",
  "other",
] as const;
export type ExceptionKind = (typeof EXCEPTION_KINDS)[number];

/** What one rule saw in one user. `certain` rules carve out; `suggested` ones only ask a person. */
export interface ExceptionVerdict {
  readonly kind: ExceptionKind;
  readonly confidence: "certain" | "suggested";
  /** Plain sentences, each one fact with its source, e.g. "mailboxSettings.userPurpose is shared". */
  readonly evidence: readonly string[];
  readonly expires: CalendarDate | null;
}

/** An account that the policy carves out. Every one has a reason, an owner and an expiry; none counts before sign-off. */
export interface Exception {
  readonly userId: UserId;
  readonly objectId: EntraObjectId;
  readonly displayName: string;
  readonly upn: string;
  readonly kind: ExceptionKind;
  readonly reason: string;
  readonly owner: string;
  readonly expires: CalendarDate;
  readonly evidence: readonly string[];
  /** `rule`: found by a rule; `override`: put there by a person; an override may also remove a rule's verdict. */
  readonly source: "rule" | "override";
}
