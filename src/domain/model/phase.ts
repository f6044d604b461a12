import type { PhaseId } from "./ids.ts";

/** The users enforced together, by department. The closing phase has `department: null` and takes who is left. */
export interface Phase {
  readonly id: PhaseId;
  readonly department: string | null;
  /** 0 = first. The closing phase is always last. */
  readonly order: number;
}

/** Conditional Access states in our words. */
export type PolicyState = "report_only" | "enforced" | "disabled";
