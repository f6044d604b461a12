import type { PhaseId } from "./ids.ts";
import type { CalendarDate } from "./time.ts";

/** The users enforced together, by department. The closing phase has `department: null` and takes who is left. */
export interface Phase {
  readonly id: PhaseId;
  readonly department: string | null;
  /** 0 = first. The closing phase is always last. */
  readonly order: number;
}

/** Conditional Access states in our words. */
export type PolicyState = "report_only" | "enforced" | "disabled";

/** What somebody was told: with which phase, and from which day. */
export interface Told {
  readonly phase: PhaseId;
  readonly date: CalendarDate;
  /** Later than the phase's own, because they came when the others had been told already. */
  readonly isLater: boolean;
}
