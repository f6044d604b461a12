import type { PhaseId, Sha256, UserId } from "./ids.ts";
import type { PolicyState } from "./phase.ts";
import type { Json } from "./plan.ts";
import type { CalendarDate, Instant } from "./time.ts";

export const MAIL_KINDS = ["announcement", "reminder", "enforcement_notice", "chase"] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

/** What one change is about. The fold reads state from these, so each names ids, not texts. */
export type EffectSubject =
  | {
      readonly kind: "mail";
      readonly mail: MailKind;
      readonly phase: PhaseId;
      readonly userId: UserId;
      readonly managerCopied: boolean;
      /** The enforcement date that an announcement named; absent in ledgers from before it was kept: the phase's. */
      readonly date?: CalendarDate;
    }
  | { readonly kind: "signoff_mail"; readonly document: Sha256 }
  | { readonly kind: "group"; readonly nickname: string }
  | { readonly kind: "group_members"; readonly nickname: string; readonly fingerprint: string }
  /** One user more in the group of exceptions, ahead of the sign-off. */
  | { readonly kind: "group_member"; readonly nickname: string; readonly userId: UserId }
  | { readonly kind: "policy"; readonly phase: PhaseId; readonly draft: Sha256 }
  | { readonly kind: "policy_state"; readonly phase: PhaseId; readonly state: PolicyState }
  | { readonly kind: "security_defaults"; readonly on: false }
  | { readonly kind: "per_user_mfa"; readonly phase: PhaseId; readonly accounts: number }
  | { readonly kind: "channel"; readonly name: string }
  | { readonly kind: "channel_tab"; readonly name: string }
  | { readonly kind: "channel_message"; readonly name: string }
  | { readonly kind: "ticket_reply"; readonly ticketId: string }
  | { readonly kind: "psa_project" }
  | { readonly kind: "psa_phase"; readonly phase: PhaseId }
  | { readonly kind: "psa_phase_status"; readonly phase: PhaseId; readonly status: string }
  | { readonly kind: "psa_ticket"; readonly userId: UserId }
  | { readonly kind: "psa_ticket_status"; readonly userId: UserId; readonly status: string }
  | { readonly kind: "psa_fix"; readonly fix: string; readonly due: CalendarDate }
  | { readonly kind: "psa_fix_note"; readonly fix: string }
  | { readonly kind: "psa_fix_change"; readonly fix: string; readonly status: string; readonly due: CalendarDate }
  | { readonly kind: "access_pass"; readonly userId: UserId }
  | { readonly kind: "dashboard"; readonly afterPhase: PhaseId; readonly snapshotId: string };

/** Where one change stands. `noted` is the marker written between intent and outcome, such as a draft's id. */
export interface EffectRecord {
  readonly key: string;
  readonly subject: EffectSubject;
  readonly plan: Sha256 | null;
  readonly status: "intended" | "done" | "unknown";
  readonly noted: { readonly [name: string]: Json };
  readonly outcome: { readonly [name: string]: Json };
  readonly at: Instant;
  /** For `intended`: whether the attempt is known to have changed nothing. */
  readonly nothingChanged?: true;
  /** For `unknown`: what a person has to look up. */
  readonly check: string | null;
}
