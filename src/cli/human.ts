import type { KeyObject } from "node:crypto";
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
  /** For a process that signs many plans in a row: gives the key it opened before, instead of asking each time. */
  readonly openKey?: (approver: string) => Promise<KeyObject>;
  /** Public keys of a customer's approvers. */
  desk(customer: string): Promise<ApprovalDesk>;
}
