import type { Sha256, UserId } from "./ids.ts";
import type { Instant } from "./time.ts";

/** What enforcement would do to a user, worst first; `no_evidence`: no sign-in in the window. */
export const OUTCOMES = ["breaks", "cannot_answer", "unclear", "no_evidence", "prompted", "passes"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Users by outcome. */
export type Tally = Readonly<Record<Outcome, number>>;

/** A client or device that enforcement would shut out, under the id that a finding of it has. */
export interface Break {
  readonly finding: string;
  readonly userId: UserId;
  readonly lastSeen: Instant;
}

/** What a foresight lacks so badly that it proves nothing. Stable, for programs. */
export type MissingEvidence = "window_too_short" | "sign_ins_missing" | "no_report_only_results" | "nobody_seen";

/** What enforcing a phase's policy would do, as far as the evidence went. */
export interface Foresight {
  /** What it was worked out from: the draft, the canonical list and the sign-ins of this window. */
  readonly draft: Sha256;
  readonly list: Sha256;
  readonly from: Instant;
  readonly to: Instant;
  readonly signIns: number;
  readonly users: number;
  readonly counts: Tally;
  readonly cannotAnswer: readonly UserId[];
  readonly breaks: readonly Break[];
  /** Users of the phase without any sign-in: whoever signs the enforcement accepts that. */
  readonly silent: readonly UserId[];
  readonly missing: readonly MissingEvidence[];
  /** Where Entra's own results say the contrary: `<account> report_only` or `<account> what_if <policy id>`. */
  readonly disputes: readonly string[];
  /** Accounts that signed in, that the policy applied to, and that the list does not have. */
  readonly unlisted: number;
  /** Every user with reason and remedy, as CSV. */
  readonly table: Sha256;
}
