import type { Block } from "../model/block.ts";
import { CLOSING_PHASE, type EntraObjectId, type PhaseId, type UserId, userIdOfAccount } from "../model/ids.ts";
import type { Finding, SignIn } from "../model/signin.ts";
import type { Instant } from "../model/time.ts";
import type { PhaseObservation } from "../rollout/events.ts";
import { causeOf } from "./classify.ts";
import { FindingCollector } from "./collect-findings.ts";
import { Refusals } from "./refusals.ts";

/** Kept per excepted user for the evidence file. */
const EVIDENCE_PER_USER = 5;
/** A look that finds more has found no single person's trouble; the phases have the whole number. */
const MOST_BLOCKS = 500;

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
  /** Who is kept out, the newest first. */
  readonly blocks: readonly Block[];
  /** Of those kept out before, who has got in since. */
  readonly recovered: readonly { readonly userId: UserId; readonly at: Instant }[];
}

interface Seen {
  readonly user: ObservedUser;
  signIns: number;
  prompted: boolean;
  lastSuccess: Instant | null;
  /** `null` for nearly everybody: a tenant of 100,000 is held at once. */
  refusals: Refusals | null;
}

/**
 * Adds up sign-ins as they stream by, in any order, without holding them.
 *
 * **Blocked** is a user whom an enforced policy of ours refused, with two readings of Entra's "failure" told apart:
 * a request to register or use MFA in a modern client is a prompt. A prompted user who gets in afterwards is not blocked;
 * one who does not is, when not capable at once, and when capable after a second prompt or a failed one. A legacy or ROPC
 * client cannot show a prompt, so there the same answer is a block at once. A wrong password never gets as far as a policy.
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
  readonly #watched: ReadonlyMap<UserId, Instant>;
  #count = 0;
  #interactive = 0;

  constructor(known: {
    readonly users: ReadonlyMap<EntraObjectId, ObservedUser>;
    /** Phase by policy id, for the policies of this rollout. */
    readonly policies: ReadonlyMap<string, PhaseId>;
    /** Who was kept out at the last look, and when last: older refusals are known, and whoever gets in is told. */
    readonly watched?: ReadonlyMap<UserId, Instant>;
  }) {
    this.#users = known.users;
    this.#watched = known.watched ?? new Map();
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

    const blocks = [...this.#seen.values()].flatMap((seen) => blockOf(seen) ?? []);
    const blocked = new Set(blocks.map(({ userId }) => userId));
    const evidence = new Set([
      ...this.#findings.evidence(),
      ...[...this.#seen.values()].flatMap(({ user, refusals }) =>
        blocked.has(user.userId) ? (refusals?.evidence ?? []) : [],
      ),
      ...[...this.#exceptedEvidence.values()].flat(),
    ]);
    return {
      phases: [...byPhase]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([phase, seen]) => observationOf(phase, { seen, blocked })),
      findings: this.#findings.findings(),
      evidence: [...evidence],
      count: this.#count,
      interactive: this.#interactive,
      blocks: blocks.sort(newestFirst).slice(0, MOST_BLOCKS),
      recovered: this.#recovered(blocked),
    };
  }

  #recovered(blocked: ReadonlySet<UserId>): SignInSummary["recovered"] {
    return [...this.#seen.values()]
      .flatMap(({ user: { userId }, lastSuccess: at }) => {
        const before = this.#watched.get(userId);
        return before === undefined || blocked.has(userId) || at === null || at <= before ? [] : [{ userId, at }];
      })
      .sort((a, b) => (a.userId < b.userId ? -1 : 1));
  }

  #seenOf(user: ObservedUser, objectId: EntraObjectId): Seen {
    const known = this.#seen.get(objectId);
    if (known !== undefined) return known;
    const fresh: Seen = {
      user,
      signIns: 0,
      prompted: false,
      lastSuccess: null,
      refusals: null,
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

    const known = this.#watched.get(seen.user.userId);
    if (known !== undefined && signIn.at <= known) return;
    seen.refusals ??= new Refusals();
    if (seen.refusals.refused(signIn)) seen.prompted = true;
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

function blockOf({ user: { userId, phase, capable }, lastSuccess, refusals }: Seen): Block | null {
  const kind = refusals?.kind({ capable, lastSuccess }) ?? null;
  const facts = kind === null ? null : refusals?.block(kind);
  return facts ? { userId, phase, ...facts } : null;
}

const newestFirst = (a: Block, b: Block): number =>
  a.lastAt === b.lastAt ? (a.userId < b.userId ? -1 : 1) : a.lastAt > b.lastAt ? -1 : 1;

function observationOf(
  phase: PhaseId,
  { seen, blocked }: { readonly seen: readonly Seen[]; readonly blocked: ReadonlySet<UserId> },
): PhaseObservation {
  const prompted = seen.filter((user) => user.prompted);
  const blockedUsers = seen.flatMap(({ user: { userId } }) => (blocked.has(userId) ? userId : [])).sort();
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
