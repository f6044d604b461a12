import type { PlanId, Sha256, UserId } from "./ids.ts";
import type { CalendarDate, Instant } from "./time.ts";

/** The classes of approval. `contact` and `enforce` act on the outside world and need a signature. */
export const APPROVAL_CLASSES = ["observe", "record", "contact", "enforce"] as const;
export type ApprovalClass = (typeof APPROVAL_CLASSES)[number];

/** Tools that one signature may cover many times; everything else is signed one plan at a time. */
export const STANDING_TOOLS = ["update_dashboard", "sync_psa_project", "answer_mfa_tickets"] as const;
export type StandingTool = (typeof STANDING_TOOLS)[number];

/** How far an approver's word goes. A senior approver may sign everything; a standard one nothing that asks for a senior. */
export const APPROVER_TIERS = ["standard", "senior"] as const;
export type ApproverTier = (typeof APPROVER_TIERS)[number];

/** JSON that has one canonical form (RFC 8785), so that its digest can be signed. No `undefined`, no dates. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * Everything that will change, before it changes. `content` holds the recipients, texts, policies and members that
 * the effects are made from and nothing else; a person signs the digest of the whole plan.
 */
export interface Plan {
  readonly rollout: string;
  readonly customer: string;
  readonly tool: string;
  /** The tool's arguments as given, defaults filled in. */
  readonly args: { readonly [key: string]: Json };
  /** How many plans of this tool and arguments were completed before: makes a repeated plan need its own signature. */
  readonly round: number;
  /** One line for the person who signs: "Announcement to 58 users of Sales". */
  readonly title: string;
  /** What the person reads before signing: complete, one line a change. */
  readonly lines: readonly string[];
  readonly content: Json;
  /** For tools that a standing approval may cover: hash of every text used, and how many changes it would use up. */
  readonly standing: { readonly textsHash: Sha256; readonly count: number } | null;
  /** Present where not every approver may sign it. */
  readonly signer?: "senior";
}

/** A person's decision, as it stands in the ledger. `signature` covers every other field, canonically. */
export interface Approval {
  readonly kind: "plan" | "standing" | "denial" | "signoff" | "settlement" | "handover";
  readonly rollout: string;
  /** Plan digest; for a standing approval the digest of its terms; for a sign-off the hash of the document; for a settlement
   * the hash of the change's key and of what became of it; for a handover the digest of the plan that it carries out. */
  readonly digest: Sha256;
  readonly approver: string;
  readonly at: Instant;
  readonly terms: StandingTerms | null;
  /** Denial: why. Sign-off: which contact of the customer consented, and how. */
  readonly note: string;
  /** Ed25519, base64url. */
  readonly signature: string;
}

/** What a standing approval allows: this tool, these texts, so many changes, until that day. */
export interface StandingTerms {
  readonly tool: StandingTool;
  readonly textsHash: Sha256;
  readonly largestCount: number;
  readonly until: CalendarDate;
}

export type PlanStatus = "proposed" | "approved" | "denied" | "completed" | "superseded";

export interface PlanRecord {
  readonly id: PlanId;
  readonly digest: Sha256;
  readonly tool: string;
  /** Canonical JSON of the arguments: plans of the same tool and arguments supersede each other. */
  readonly argsKey: string;
  readonly title: string;
  readonly proposedAt: Instant;
  readonly standing: { readonly textsHash: Sha256; readonly count: number } | null;
  readonly signer?: "senior";
  readonly status: PlanStatus;
  /** The people as they were known when it was proposed; `null` before there was a list. */
  readonly from?: { readonly list: Sha256; readonly register: Sha256 | null } | null;
  /** Of an enforcement: whom it locks out by the look ahead that it names, which whoever signs it accepts. */
  readonly accepted?: readonly UserId[];
}
