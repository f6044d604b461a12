import type { ApprovalDesk } from "../ports/approval-desk.ts";
import type { Clock } from "../ports/clock.ts";
import type { DocumentStore, RolloutStore } from "../ports/rollout-store.ts";

/** What the commands for people work with. */
export interface HumanParts {
  readonly store: RolloutStore;
  readonly documents: DocumentStore;
  readonly clock: Clock;
  /** Directory of the approver's own keys. */
  readonly keys: string;
  readonly print: (line: string) => void;
  readonly askPassphrase: (prompt: string) => Promise<string>;
  /** Public keys of a customer's approvers. */
  desk(customer: string): Promise<ApprovalDesk>;
}
