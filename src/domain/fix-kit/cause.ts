import type { PhaseId } from "../model/ids.ts";
import type { Mender } from "../pitfalls/pitfall.ts";
import type { Guide } from "./guides.ts";

/** What has to be mended, as a ticket tells it. */
export interface Fault {
  /** One line of at most 100 characters. */
  readonly summary: string;
  /** What was seen, in sentences with counts. */
  readonly found: string;
  readonly guide: Guide;
  readonly mender: Mender;
  /** Accounts concerned, by user principal name or id; empty where it is about the tenant. */
  readonly accounts: readonly string[];
  /** Their manager, where one person answers for all of them. */
  readonly manager: { readonly name: string; readonly address: string } | null;
  /** Where the whole list stands when the ticket cannot hold it. */
  readonly fullList: string | null;
  /** Phases that it stands in the way of, in their order; never empty. */
  readonly phases: readonly PhaseId[];
}

/**
 * One thing to mend and where it stands. The id is made of the thing, never of the evidence, so that it keeps its one
 * ticket however often it goes and comes back.
 *
 * `waiting`: somebody says that it is mended, or it could not be looked at this time. No ticket is opened for it, and
 * one that is open stays so until a later look shows what is true.
 */
export type Cause =
  | { readonly id: string; readonly standing: "open"; readonly fault: Fault }
  | { readonly id: string; readonly standing: "waiting" }
  /** `why` names the evidence, for the note with which a ticket is closed. */
  | { readonly id: string; readonly standing: "gone"; readonly why: string };
