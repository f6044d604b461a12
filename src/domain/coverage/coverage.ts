import type { Roster } from "../exceptions/scope.ts";
import type { Exception } from "../model/exception.ts";
import type { EntraObjectId, PhaseId, UserId } from "../model/ids.ts";
import type { Account, User } from "../model/people.ts";
import type { LivePolicy } from "../model/policy.ts";
import type { RolloutState } from "../rollout/state.ts";
import { type LiveMembers, type StandingPolicy, standingPolicies, strongestFor } from "./standing-policies.ts";

/**
 * Where an account stands. `enforced`: an enabled policy covers it and nothing carves it out. `excepted`: carved out
 * with an exception in force. `report_only`: measured, not protected. `not_covered`: neither, with the reason.
 * `cannot_sign_in`: disabled. There is no "unknown".
 */
export const COVERAGE_STATES = ["enforced", "excepted", "report_only", "not_covered", "cannot_sign_in"] as const;
export type CoverageState = (typeof COVERAGE_STATES)[number];

/** One account of the tenant. */
export interface CoverageRow {
  readonly userId: UserId;
  readonly objectId: EntraObjectId;
  readonly upn: string;
  readonly displayName: string;
  readonly department: string | null;
  readonly kind: Account["kind"];
  readonly state: CoverageState;
  /** The policy behind `enforced` and `report_only`. */
  readonly policyId: string | null;
  readonly phase: PhaseId | null;
  /** As the registration report says; an account without a row there is not counted as capable. */
  readonly capable: boolean;
  readonly methods: readonly string[];
  /** One sentence: which policy, which exception, or what is missing. */
  readonly why: string;
}

export interface CoverageTotals extends Readonly<Record<CoverageState, number>> {
  readonly accounts: number;
  readonly guests: number;
  readonly capable: number;
  /** Employees without an account have no row: there is nothing to cover. */
  readonly employeesWithoutAccount: number;
}

/**
 * Accounts for every account of the tenant, guests and disabled ones included: one row each, in the list's order.
 * The rows' states add up to the number of accounts.
 *
 * @param tenant.livePolicies - The tenant's policies as read. With them a policy that was removed, switched or given
 *   another exclusion counts as it stands there; without them the rollout's own record does.
 * @param tenant.members - Our groups' members as read. Without them the groups count as in step with the roster.
 */
export function coverage(tenant: {
  readonly users: Iterable<User>;
  readonly register: readonly Exception[];
  readonly roster: Roster;
  readonly state: Pick<RolloutState, "policies">;
  readonly livePolicies?: readonly LivePolicy[];
  readonly members?: LiveMembers;
}): { readonly rows: readonly CoverageRow[]; readonly totals: CoverageTotals } {
  const { register, roster, state, livePolicies, members } = tenant;
  const judge: Judge = {
    policies: standingPolicies(state.policies, { policies: livePolicies ?? null, members: members ?? null }),
    phases: new Map(
      [...roster.byPhase].flatMap(([phase, users]) => users.map(({ id }): [UserId, PhaseId] => [id, phase])),
    ),
    exceptions: new Map(register.filter(({ userId }) => roster.excepted.has(userId)).map((row) => [row.userId, row])),
    outOfScope: new Map(roster.outOfScope.map(({ user, why }) => [user.id, why])),
  };
  const rows: CoverageRow[] = [];
  let employeesWithoutAccount = 0;
  for (const user of tenant.users) {
    if (user.account === null) employeesWithoutAccount += 1;
    else rows.push(rowOf(user, user.account, judge));
  }
  return { rows, totals: totalsOf(rows, employeesWithoutAccount) };
}

interface Judge {
  readonly policies: readonly StandingPolicy[];
  readonly phases: ReadonlyMap<UserId, PhaseId>;
  readonly exceptions: ReadonlyMap<UserId, Exception>;
  readonly outOfScope: ReadonlyMap<UserId, string>;
}

type Verdict = Pick<CoverageRow, "state" | "policyId" | "why">;

function rowOf(user: User, account: Account, judge: Judge): CoverageRow {
  const phase = judge.phases.get(user.id) ?? null;
  return {
    userId: user.id,
    objectId: account.objectId,
    upn: account.upn,
    displayName: account.displayName,
    department: user.department,
    kind: account.kind,
    phase,
    capable: user.registration?.capable === true,
    methods: user.registration?.methods ?? [],
    ...verdictOf(user, account, judge),
  };
}

function verdictOf(user: User, account: Account, judge: Judge): Verdict {
  const exception = judge.exceptions.get(user.id);
  if (exception !== undefined) {
    const why = `Exception (${exception.kind.replaceAll("_", " ")}), owner ${exception.owner}, until ${exception.expires}.`;
    return { state: "excepted", policyId: null, why };
  }
  if (!account.enabled) return { state: "cannot_sign_in", policyId: null, why: "The account is disabled." };
  if (user.holdsDirectorySyncRole) {
    return notCovered("The policies leave out its directory synchronisation role, and no exception in force says so.");
  }
  return byPolicy(account.objectId, judge.phases.get(user.id) ?? null, judge) ?? notCovered(gapOf(user, judge));
}

const notCovered = (why: string): Verdict => ({ state: "not_covered", policyId: null, why });

function byPolicy(objectId: EntraObjectId, phase: PhaseId | null, { policies }: Judge): Verdict | null {
  const policy = strongestFor(policies, phase, objectId);
  if (policy === null) return null;
  const why =
    policy.state === "enforced"
      ? `Enforced by ${policy.name}.`
      : `${policy.name} is report-only and protects nobody yet.`;
  return { state: policy.state, policyId: policy.policyId, why };
}

function gapOf(user: User, { policies, outOfScope }: Judge): string {
  const excluded = policies.some(
    ({ excludedUsers }) => user.account !== null && excludedUsers.has(user.account.objectId),
  );
  if (excluded) return "A policy leaves it out, and no exception in force says so.";
  const why = outOfScope.get(user.id);
  return why === undefined
    ? "No policy covers it yet."
    : `Out of scope of the phases (${why}), and the closing policy is not in force.`;
}

function totalsOf(rows: readonly CoverageRow[], employeesWithoutAccount: number): CoverageTotals {
  const count = (is: (row: CoverageRow) => boolean): number => rows.reduce((sum, row) => sum + (is(row) ? 1 : 0), 0);
  return {
    accounts: rows.length,
    enforced: count(({ state }) => state === "enforced"),
    excepted: count(({ state }) => state === "excepted"),
    report_only: count(({ state }) => state === "report_only"),
    not_covered: count(({ state }) => state === "not_covered"),
    cannot_sign_in: count(({ state }) => state === "cannot_sign_in"),
    guests: count(({ kind }) => kind === "guest"),
    capable: count(({ capable }) => capable),
    employeesWithoutAccount,
  };
}
