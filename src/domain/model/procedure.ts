import type { Sha256 } from "./ids.ts";

/** The limits and waits a procedure sets. Days are the customer's calendar days; hours run on the clock. */
export interface ProcedureSettings {
  /** Shortest time a policy stays report-only before it may be enforced. */
  readonly reportOnlyHours: number;
  /** Days from a phase's announcement to its enforcement date. */
  readonly leadDays: number;
  /** At least so many days, and never more than `leadDays`, for whoever is announced after the others of the phase. */
  readonly lateLeadDays: number;
  /** The enforcement is judged by sign-ins of this long after it. */
  readonly judgeHours: number;
  /** Sign-in evidence older than this does not open the enforcement gate. */
  readonly evidenceMaxAgeHours: number;
  /** Allowed at enforcement: this share of the phase, 0..100, or this many users, whichever is more. */
  readonly notCapablePercent: number;
  readonly notCapableCount: number;
  /** More blocked users than this in a phase proposes a roll-back. */
  readonly blockedUsers: number;
  /** Users not capable this many days before the deadline are holdouts. */
  readonly holdoutDays: number;
  /** Nothing starts on these. Weekdays as in `weekday()`: 0 = Sunday. */
  readonly frozen: {
    readonly weekdays: readonly number[];
    readonly dates: readonly string[];
    /** The last N days of a month. */
    readonly monthEndDays: number;
  };
}

/** When a step may begin: so long after another step of the same lane, or relative to the phase's enforcement date. */
export type StepWait =
  | { readonly after: string; readonly hours: number }
  /** 0 = on the date; 1 = on the last working day before it; n > 1 = n days before. */
  | { readonly daysBeforeEnforcement: number };

export interface ProcedureStep {
  readonly id: string;
  readonly tool: string;
  /** Arguments beside `rollout` and `phase`, which the engine fills in. */
  readonly args: Readonly<Record<string, string>>;
  readonly wait: StepWait | null;
}

export interface ProcedureParameter {
  readonly name: string;
  readonly type: "string" | "date" | "departments";
  readonly description: string;
  readonly default: string | null;
}

export interface Procedure {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly description: string;
  /** SHA-256 over every file of the folder; a rollout pins it. */
  readonly hash: Sha256;
  readonly parameters: readonly ProcedureParameter[];
  readonly settings: ProcedureSettings;
  /** Once, before any phase. */
  readonly prepare: readonly ProcedureStep[];
  /** For each phase, the closing one included. */
  readonly eachPhase: readonly ProcedureStep[];
  /** The step of a phase whose end lets the next phase begin, while this one waits for its date. */
  readonly nextPhaseAfter: string;
  /** Once, after every phase. */
  readonly close: readonly ProcedureStep[];
  /** By file name: `emails/announcement.md`, `faq.md`, `enrolment-guide.md`, `ticket-reply.md` … */
  readonly texts: Readonly<Record<string, string>>;
  readonly lessons: readonly string[];
}
