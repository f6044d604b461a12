import type { EntraObjectId, PhaseId } from "../model/ids.ts";
import type { PitfallFacts } from "./facts.ts";

/** Worst first: people locked out, work that stops, protection that is weaker than it looks. */
export const SEVERITIES = ["locks_out", "breaks_work", "weakens"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Who can put it right. */
export type Mender = "customer_admin" | "helpdesk" | "technician";

/** One thing of the tenant that enforcement would run into, found before it does. */
export interface PitfallCheck {
  /** Stable, for programs and for `npm run pitfalls`. */
  readonly name: string;
  readonly severity: Severity;
  readonly mender: Mender;
  /** A person may decide to go on with it. Never true where somebody would be locked out for certain. */
  readonly acceptable: boolean;
  /** The gate that refuses enforcement because of it already; `null`: the check itself does. */
  readonly heldBy: string | null;
  /** What ends it: one or two sentences to the mender. */
  readonly remedy: string;
  /** `null`: looked, and it is not so. */
  look(facts: PitfallFacts): Found | null;
}

export interface Found {
  /** What was found, with counts and without names. */
  readonly message: string;
  /** Every id or fact that it rests on. What a person accepts is exactly these. */
  readonly evidence: readonly string[];
  /** Whose enforcement it stands in the way of: these accounts', the closing policy's, everybody's or nobody's. */
  readonly affects: "everyone" | "closing" | "nobody" | readonly EntraObjectId[];
  /** False: it could not be looked at, so a person has to be asked; holds nothing up. */
  readonly seen?: false;
}

/** A finding of a check, as the ledger keeps it. */
export interface Pitfall {
  /** `pit_<12 hex>` of the check and its whole evidence: other evidence is another pitfall. */
  readonly id: string;
  readonly name: string;
  readonly severity: Severity;
  readonly mender: Mender;
  readonly acceptable: boolean;
  readonly heldBy: string | null;
  readonly seen: boolean;
  readonly message: string;
  readonly remedy: string;
  readonly evidence: readonly string[];
  /** How many there are of what `evidence` shows the first of. */
  readonly count: number;
  /** Phases whose enforcement it holds up, unless it was not seen. */
  readonly holds: readonly PhaseId[];
}
