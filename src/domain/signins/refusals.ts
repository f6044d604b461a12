import type { Block, BlockKind } from "../model/block.ts";
import type { SignIn } from "../model/signin.ts";
import type { Instant } from "../model/time.ts";
import { isFailedMfa, isInterrupt, isModernClient } from "./classify.ts";

/** Kept per user for the evidence file: enough for a person to look at, small enough for any tenant. */
const EVIDENCE_PER_USER = 5;

/**
 * Prompts in a row that a user with a method leaves unanswered before they count as kept out: one may be a closed
 * window. An MFA request that was sent and failed counts as this many.
 */
const UNANSWERED = 2;

/** What the refused sign-ins of one user add up to, in whatever order they come. */
export class Refusals {
  readonly evidence: SignIn[] = [];
  /** Newest first, as many as it takes. */
  #asked: Instant[] = [];
  #count = 0;
  #first: SignIn | null = null;
  #last: SignIn | null = null;
  /** The newest that no person could have answered. */
  #hard: SignIn | null = null;
  #firstPrompt: Instant | null = null;

  /** A sign-in that a policy of ours refused. @returns whether a person was asked for MFA. */
  refused(signIn: SignIn): boolean {
    const failed = isFailedMfa(signIn);
    const asked = isModernClient(signIn) && (failed || isInterrupt(signIn));
    this.#count += 1;
    if (this.#first === null || signIn.at < this.#first.at) this.#first = signIn;
    this.#last = newer(this.#last, signIn);
    if (!asked) this.#hard = newer(this.#hard, signIn);
    else if (this.#firstPrompt === null || signIn.at < this.#firstPrompt) this.#firstPrompt = signIn.at;
    // A background refresh asks nobody; it will at the next chance.
    if (asked && signIn.interactive) this.#ask(signIn.at, failed ? UNANSWERED : 1);
    if (this.evidence.length < EVIDENCE_PER_USER) this.evidence.push(signIn);
    return asked;
  }

  /**
   * Why the user is kept out; `null`: they are not.
   * @param user.capable - Has a method that policy allows.
   * @param user.lastSuccess - When they last got in.
   */
  kind({ capable, lastSuccess: success }: { capable: boolean; lastSuccess: Instant | null }): BlockKind | null {
    if (this.#hard !== null) return isModernClient(this.#hard) ? "other_control" : "client";
    if (!capable) {
      const recovered = this.#firstPrompt === null || (success !== null && success > this.#firstPrompt);
      return recovered ? null : "no_method";
    }
    const unanswered = this.#asked[UNANSWERED - 1];
    return unanswered === undefined || (success !== null && success >= unanswered) ? null : "no_answer";
  }

  /** The facts of it, of the newest refusal that counts. */
  block(kind: BlockKind): Omit<Block, "userId" | "phase"> | null {
    const [first, last] = [this.#first, this.#hard ?? this.#last];
    if (first === null || last === null) return null;
    const { at: lastAt, errorCode, appName, clientApp } = last;
    return { kind, count: this.#count, firstAt: first.at, lastAt, errorCode, appName, clientApp };
  }

  #ask(at: Instant, times: number): void {
    const asked = [...this.#asked, ...Array<Instant>(times).fill(at)];
    this.#asked = asked.sort().reverse().slice(0, UNANSWERED);
  }
}

/** Of the same moment the one with the greater id, so that the order of the log makes no difference. */
const newer = (one: SignIn | null, other: SignIn): SignIn =>
  one === null || other.at > one.at || (other.at === one.at && other.id > one.id) ? other : one;
