import { CLOSING_PHASE, type EntraObjectId, type PhaseId, type UserId, userIdOfAccount } from "../model/ids.ts";
import type { Finding, SignIn } from "../model/signin.ts";
import type { PhaseObservation } from "../rollout/events.ts";
import { causeOf, isInterrupt, isModernClient } from "./classify.ts";
import { FindingCollector } from "./collect-findings.ts";

/** Kept per user for the evidence file: enough for a person to look at, small enough for any tenant. */
const EVIDENCE_PER_USER = 5;

/** What the observer needs to know of an account. */
export interface ObservedUser {
  readonly userId: UserId;
  readonly phase: PhaseId;
  /** Has a method that policy allows, as the registration report says; not reported counts as `false`. */
  readonly capable: boolean;
  readonly excepted: boolean;
}

export interface SignInSummary {
  /** One for every phase of the users and policies given, by id. */
  readonly phases: readonly PhaseObservation[];
  /** By id. */
  readonly findings: readonly Finding[];
  /** A bounded sample behind findings, blocks and what excepted accounts do: the first that came. */
  readonly evidence: readonly SignIn[];
  readonly count: number;
  readonly interactive: number;
}

interface Seen {
  readonly user: ObservedUser;
  signIns: number;
  prompted: boolean;
  /** A policy of ours refused it and its client could not have answered. */
  refused: boolean;
  firstInterrupt: string | null;
  lastSuccess: string | null;
  readonly failures: SignIn[];
}

/**
 * Adds up sign-ins as they stream by, in any order, without holding them.
 *
 * **Blocked** is a user whom an enforced policy of ours refused, with two readings of Entra's "failure" told apart:
 * a request to register or use MFA in a modern client is a prompt, and a prompted user is blocked only when not
 * capable and without a successful interactive sign-in after the first prompt. A legacy or ROPC client cannot show a
 * prompt, so there the same answer is a block at once.
 *
 * **Excepted accounts** are outside the policies: they make no finding and no block, which would close gates for
 * nothing, but they count in the totals and their legacy sign-ins stay in the evidence, for the report to show what
 * the exception still lets through. **Accounts nobody listed** (guests, new ones) belong to the closing phase,
 * whose policy covers them, and count as not capable.
 */
export class SignInObserver {
  readonly #users: ReadonlyMap<EntraObjectId, ObservedUser>;
  readonly #policies: ReadonlyMap<string, PhaseId>;
  readonly #seen = new Map<EntraObjectId, Seen>();
  readonly #findings = new FindingCollector();
  readonly #exceptedEvidence = new Map<EntraObjectId, SignIn[]>();
  #count = 0;
  #interactive = 0;

  constructor(known: {
    readonly users: ReadonlyMap<EntraObjectId, ObservedUser>;
    /** Phase by policy id, for the policies of this rollout. */
    readonly policies: ReadonlyMap<string, PhaseId>;
  }) {
    this.#users = known.users;
    this.#policies = known.policies;
  }

  add(signIn: SignIn): void {
    this.#count += 1;
    if (signIn.interactive) this.#interactive += 1;

    const cause = causeOf(signIn, (id) => this.#policies.has(id));
    const user = this.#users.get(signIn.objectId) ?? strangerOf(signIn.objectId);
    if (user.excepted) {
      if (cause !== null) keep(this.#exceptedEvidence, signIn);
      return;
    }
    if (cause !== null) this.#findings.add(signIn, cause);
    this.#judge(this.#seenOf(user, signIn.objectId), signIn);
  }

  summary(): SignInSummary {
    const phases = new Set([...this.#policies.values(), ...[...this.#users.values()].map(({ phase }) => phase)]);
    const byPhase = new Map([...phases, CLOSING_PHASE].map((phase): [PhaseId, Seen[]] => [phase, []]));
    for (const seen of this.#seen.values()) byPhase.get(seen.user.phase)?.push(seen);

    const blocked = [...this.#seen.values()].filter(isBlocked);
    const evidence = new Set([
      ...this.#findings.evidence(),
      ...blocked.flatMap(({ failures }) => failures),
      ...[...this.#exceptedEvidence.values()].flat(),
    ]);
    return {
      phases: [...byPhase].sort(([a], [b]) => (a < b ? -1 : 1)).map(([phase, seen]) => observationOf(phase, seen)),
      findings: this.#findings.findings(),
      evidence: [...evidence],
      count: this.#count,
      interactive: this.#interactive,
    };
  }

  #seenOf(user: ObservedUser, objectId: EntraObjectId): Seen {
    const known = this.#seen.get(objectId);
    if (known !== undefined) return known;
    const fresh: Seen = {
      user,
      signIns: 0,
      prompted: false,
      refused: false,
      firstInterrupt: null,
      lastSuccess: null,
      failures: [],
    };
    this.#seen.set(objectId, fresh);
    return fresh;
  }

  #judge(seen: Seen, signIn: SignIn): void {
    seen.signIns += 1;
    if (signIn.interactive && signIn.errorCode === 0 && (seen.lastSuccess === null || signIn.at > seen.lastSuccess)) {
      seen.lastSuccess = signIn.at;
    }
    const ours = signIn.policies.filter(({ policyId }) => this.#policies.has(policyId));
    if (ours.some(({ outcome }) => outcome === "report_only_interrupted")) seen.prompted = true;
    if (signIn.conditionalAccess !== "failure" || !ours.some(({ outcome }) => outcome === "failure")) return;

    if (isInterrupt(signIn) && isModernClient(signIn)) {
      seen.prompted = true;
      if (seen.firstInterrupt === null || signIn.at < seen.firstInterrupt) seen.firstInterrupt = signIn.at;
    } else {
      seen.refused = true;
    }
    if (seen.failures.length < EVIDENCE_PER_USER) seen.failures.push(signIn);
  }
}

const strangerOf = (objectId: EntraObjectId): ObservedUser => ({
  userId: userIdOfAccount(objectId),
  phase: CLOSING_PHASE,
  capable: false,
  excepted: false,
});

function keep(evidence: Map<EntraObjectId, SignIn[]>, signIn: SignIn): void {
  const kept = evidence.get(signIn.objectId) ?? [];
  if (kept.length < EVIDENCE_PER_USER) evidence.set(signIn.objectId, [...kept, signIn]);
}

function isBlocked({ user, refused, firstInterrupt, lastSuccess }: Seen): boolean {
  if (refused) return true;
  const recovered = firstInterrupt === null || (lastSuccess !== null && lastSuccess > firstInterrupt);
  return !user.capable && !recovered;
}

function observationOf(phase: PhaseId, seen: readonly Seen[]): PhaseObservation {
  const prompted = seen.filter((user) => user.prompted);
  const blockedUsers = seen
    .filter(isBlocked)
    .map(({ user }) => user.userId)
    .sort();
  return {
    phase,
    signIns: seen.reduce((sum, { signIns }) => sum + signIns, 0),
    users: seen.length,
    wouldBePrompted: prompted.length,
    promptedNotCapable: prompted.filter(({ user }) => !user.capable).length,
    blocked: blockedUsers.length,
    blockedUsers,
  };
}
