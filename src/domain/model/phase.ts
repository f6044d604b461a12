import type { EntraObjectId, PhaseId, UserId } from "./ids.ts";

/** The users enforced together, by department. The closing phase has `department: null` and takes who is left. */
export interface Phase {
  readonly id: PhaseId;
  readonly department: string | null;
  /** 0 = first. The closing phase is always last. */
  readonly order: number;
}

/** Who a phase concerns today: in scope = enabled member account, joined or not, no exception in force. */
export interface PhaseMember {
  readonly userId: UserId;
  readonly objectId: EntraObjectId;
}

/** Conditional Access states in our words. */
export type PolicyState = "report_only" | "enforced" | "disabled";
