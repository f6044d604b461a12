import type { Roster } from "../../src/domain/exceptions/scope.ts";
import type { Foresight } from "../../src/domain/model/foresight.ts";
import {
  type EntraObjectId,
  type PhaseId,
  sha256,
  userIdOfAccount,
  userPrincipalName,
} from "../../src/domain/model/ids.ts";
import type { CaPolicy, LintFinding } from "../../src/domain/model/policy.ts";
import { calendarDate, type Instant, instant } from "../../src/domain/model/time.ts";
import { draftPolicy } from "../../src/domain/policy/draft.ts";
import type {
  EnforcementFacts,
  GatedAction,
  GateQuestion,
  PolicyLook,
} from "../../src/domain/rollout/blockers/gate.ts";
import { blockers } from "../../src/domain/rollout/blockers.ts";
import type { FindingRecord, Observation, RolloutState } from "../../src/domain/rollout/state.ts";
import {
  CUSTOMER,
  IT,
  livePolicy,
  objectId,
  ROLLOUT,
  rolloutState,
  roster,
  SALES,
  SETTINGS,
  user,
} from "./rollout-facts.ts";

const LIST = sha256("1".repeat(64));
export const TABLE = sha256("2".repeat(64));
const DRAFT = sha256("3".repeat(64));
export const NOW = instant("2026-10-15T15:00:00Z");
export const WATCHED_SINCE = instant("2026-10-08T15:00:00Z");
export const IT_ENFORCED = instant("2026-10-14T14:00:00Z");

export const EMERGENCY = [objectId(1), objectId(2)];
export const MEMBERS = Array.from({ length: 10 }, (_, n) => user(20 + n));
export const ROSTER: Roster = roster({
  byPhase: { [IT]: [user(10, { department: "IT" })], [SALES]: MEMBERS },
  excepted: [1, 2, 9],
});
export const ids = (...numbers: readonly number[]): ReadonlySet<EntraObjectId> => new Set(numbers.map(objectId));

export const observation = (over: Partial<Observation> = {}): Observation => ({
  at: NOW,
  from: WATCHED_SINCE,
  to: NOW,
  count: 100,
  interactive: 50,
  complete: true,
  phases: [],
  sources: [],
  evidence: sha256("e".repeat(64)),
  ...over,
});
export const blockedIn = (phase: typeof IT, ...numbers: readonly number[]): Observation["phases"] => [
  {
    phase,
    signIns: 9,
    users: 9,
    wouldBePrompted: 0,
    promptedNotCapable: 0,
    blocked: numbers.length,
    blockedUsers: numbers.map((n) => userIdOfAccount(objectId(n))),
  },
];

export const finding = (n: number, over: Partial<FindingRecord> = {}): FindingRecord => ({
  id: "fnd_000000000001",
  cause: "ropc",
  objectId: objectId(n),
  upn: userPrincipalName("x@larkfieldfoods.com"),
  clientApp: "Browser",
  appName: "App",
  count: 1,
  firstSeen: NOW,
  lastSeen: NOW,
  remedy: "",
  status: "open",
  resolvedBy: null,
  resolvedAt: null,
  why: null,
  ...over,
});

/** Everybody of Sales was seen and nobody would be locked out. */
export const FORESIGHT: Foresight & { readonly at: Instant } = {
  draft: DRAFT,
  list: LIST,
  from: WATCHED_SINCE,
  to: NOW,
  at: NOW,
  signIns: 100,
  users: 10,
  counts: { breaks: 0, cannot_answer: 0, unclear: 0, no_evidence: 0, prompted: 10, passes: 0 },
  cannotAnswer: [],
  breaks: [],
  silent: [],
  missing: [],
  disputes: [],
  unlisted: 0,
  table: DRAFT,
};

export const draftRecord = (over: { readonly draft?: typeof DRAFT; readonly lint?: readonly LintFinding[] } = {}) => ({
  draft: DRAFT,
  artifact: DRAFT,
  lint: [],
  covers: 10,
  at: WATCHED_SINCE,
  ...over,
});
export const policyRecord = {
  policyId: "policy-1",
  draft: DRAFT,
  since: WATCHED_SINCE,
  reportOnlySince: WATCHED_SINCE,
} as const;

const toldIn = (phase: PhaseId) => ({ phase, at: WATCHED_SINCE, managerCopied: true });

/** A rollout in which Sales may be enforced now: IT was, a day ago, and everything is as it has to be. */
export const STATE: RolloutState = rolloutState({
  list: {
    hash: LIST,
    at: NOW,
    findings: LIST,
    findingCounts: {},
    counts: {
      employeesActive: 0,
      accounts: 0,
      users: 0,
      correlated: 0,
      orphanAccounts: 0,
      missingAccounts: 0,
      registered: 0,
      capable: 0,
      unknownRegistration: 0,
    },
    sources: [],
    joiners: 0,
    leavers: 0,
    movers: 0,
  },
  exceptions: { list: LIST, register: LIST, table: TABLE, at: NOW, overrides: LIST, total: 3, counts: {} },
  signoff: {
    table: TABLE,
    contact: "Carla Fontana",
    at: NOW,
    approval: {
      kind: "signoff",
      rollout: ROLLOUT,
      digest: TABLE,
      approver: "ines",
      at: NOW,
      terms: null,
      note: "",
      signature: "",
    },
  },
  drafts: new Map([[SALES, draftRecord()]]),
  enforcementDates: new Map([[SALES, calendarDate("2026-10-15")]]),
  mails: new Map([
    [
      "announcement",
      new Map([...ROSTER.byPhase].flatMap(([phase, users]) => users.map(({ id }) => [id, toldIn(phase)] as const))),
    ],
  ]),
  policies: new Map([
    [IT, { ...policyRecord, policyId: "policy-0", state: "enforced", since: IT_ENFORCED }],
    [SALES, { ...policyRecord, state: "report_only" }],
  ]),
  observations: [observation()],
  tenantCheck: { list: LIST, register: LIST, facts: LIST, pitfalls: [], at: NOW },
  foresights: new Map([[SALES, FORESIGHT]]),
});

export const WANTED: CaPolicy = {
  ...draftPolicy({
    rollout: ROLLOUT,
    phase: { id: SALES, department: "Sales", order: 1 },
    customer: CUSTOMER,
    emergencyObjectIds: EMERGENCY,
  }),
  includeGroups: [objectId(101)],
  excludeGroups: [objectId(102), objectId(103)],
};
/** The policy of the phase before, which is enforced. */
const OTHER_WANTED: CaPolicy = { ...WANTED, displayName: "MFA rollout: IT", includeGroups: [objectId(104)] };
const OTHER: PolicyLook = {
  live: livePolicy(OTHER_WANTED, { id: "policy-0", state: "enforced" }),
  wanted: OTHER_WANTED,
};
export const FACTS: EnforcementFacts = {
  live: livePolicy(WANTED),
  wanted: WANTED,
  others: new Map([[IT, OTHER]]),
  securityDefaultsEnabled: false,
  hasEntraPremium: true,
  emergency: EMERGENCY,
  members: {
    phase: new Set(MEMBERS.flatMap(({ account }) => account?.objectId ?? [])),
    exceptions: ids(9),
    emergency: ids(1, 2),
  },
};
const ENFORCE: GatedAction = { kind: "policy", phase: SALES, to: "enforced" };

export const QUESTION: GateQuestion = {
  state: STATE,
  roster: ROSTER,
  action: ENFORCE,
  facts: FACTS,
  settings: SETTINGS,
  customer: CUSTOMER,
  now: NOW,
  today: calendarDate("2026-10-15"),
};
export const codes = (over: Partial<GateQuestion>): readonly string[] =>
  blockers({ ...QUESTION, ...over }).map(({ code }) => code);
export const withState = (over: Partial<RolloutState>): readonly string[] => codes({ state: { ...STATE, ...over } });
export const withFacts = (over: Partial<EnforcementFacts>): readonly string[] =>
  codes({ facts: { ...FACTS, ...over } });
export const withMembers = (over: Partial<EnforcementFacts["members"]>): readonly string[] =>
  withFacts({ members: { ...FACTS.members, ...over } });
export const withLive = (over: Parameters<typeof livePolicy>[1]): readonly string[] =>
  withFacts({ live: livePolicy(WANTED, over) });
/** As seen where the other phase's policy stands in another way. */
export const withOther = (over: Parameters<typeof livePolicy>[1] | null): readonly string[] => {
  const live = over === null ? null : livePolicy(OTHER_WANTED, { id: "policy-0", state: "enforced", ...over });
  return withFacts({ others: new Map([[IT, { ...OTHER, live }]]) });
};
export const policiesWith = (
  phase: typeof SALES,
  record: RolloutState["policies"] extends ReadonlyMap<infer _, infer R> ? R : never,
) => new Map([...STATE.policies, [phase, record]]);
