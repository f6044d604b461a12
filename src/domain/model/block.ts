import type { PhaseId, UserId } from "./ids.ts";
import type { Instant } from "./time.ts";

/**
 * Why an enforced policy of ours keeps a user out: no method that policy allows; asked again and again without an
 * answer (a lost phone); a client that cannot ask; another control than MFA.
 */
export const BLOCK_KINDS = ["no_method", "no_answer", "client", "other_control"] as const;
export type BlockKind = (typeof BLOCK_KINDS)[number];

/** What one look at the sign-ins shows of a user who was kept out and has not got in since. */
export interface Block {
  readonly userId: UserId;
  readonly phase: PhaseId;
  readonly kind: BlockKind;
  /** Refused sign-ins, those of earlier looks left out. */
  readonly count: number;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  /** Of the last refusal. */
  readonly errorCode: number;
  readonly appName: string;
  readonly clientApp: string;
}
