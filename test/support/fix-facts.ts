import type { EffectRecord } from "../../src/domain/model/effect.ts";
import type { Foresight } from "../../src/domain/model/foresight.ts";
import { CLOSING_PHASE, type PhaseId, sha256, type UserId, userIdOfAccount } from "../../src/domain/model/ids.ts";
import { type CalendarDate, calendarDate, instant } from "../../src/domain/model/time.ts";
import type { Pitfall } from "../../src/domain/pitfalls/pitfall.ts";
import type { FindingRecord, LivePolicyRecord, Observation } from "../../src/domain/rollout/state.ts";
import type { RolloutView } from "../../src/domain/rollout/step-status.ts";
import { CUSTOMER, objectId, ROLLOUT, rolloutState, roster, SALES, SETTINGS, user } from "./rollout-facts.ts";
import { PROCEDURE } from "./rollout-story.ts";

const NOW = instant("2026-10-13T15:00:00Z");
const HASH = sha256("d".repeat(64));

/** An open finding of account 1, last seen on 12 October. */
export const findingRecord = (id: string, over: Partial<FindingRecord> = {}): FindingRecord => ({
  id,
  cause: "legacy_protocol",
  objectId: objectId(1),
  upn: user(1).account?.upn ?? CUSTOMER.emergencyAccess[0] ?? fail(),
  clientApp: "Authenticated SMTP",
  appName: "Office 365 Exchange Online",
  count: 4,
  firstSeen: instant("2026-10-06T12:00:00Z"),
  lastSeen: instant("2026-10-12T12:00:00Z"),
  remedy: "",
  status: "open",
  resolvedBy: null,
  resolvedAt: null,
  why: null,
  ...over,
});

const fail = (): never => {
  throw new Error("every account has a name");
};

export const pitfallOf = (name: string, over: Partial<Pitfall> = {}): Pitfall => ({
  id: `pit_${name}`,
  name,
  severity: "breaks_work",
  mender: "customer_admin",
  acceptable: true,
  heldBy: null,
  seen: true,
  message: `Found: ${name}.`,
  remedy: `Mend ${name}.`,
  evidence: [],
  count: 0,
  holds: [CLOSING_PHASE],
  ...over,
});

export const foresightOf = (over: Partial<Foresight>) => ({
  draft: HASH,
  list: HASH,
  from: NOW,
  to: NOW,
  signIns: 0,
  users: 0,
  counts: { breaks: 0, cannot_answer: 0, unclear: 0, no_evidence: 0, prompted: 0, passes: 0 },
  cannotAnswer: [],
  breaks: [],
  silent: [],
  missing: [],
  disputes: [],
  unlisted: 0,
  table: HASH,
  at: NOW,
  ...over,
});

export const observed = (from: string, to: string, complete = true): Observation => ({
  ...{ at: instant(to), from: instant(from), to: instant(to), count: 0, interactive: 0, complete },
  ...{ phases: [], sources: [], evidence: HASH },
});

/** A done effect, as the fold keeps it. */
export const doneEffect = (
  key: string,
  subject: EffectRecord["subject"],
  outcome: EffectRecord["outcome"] = {},
): readonly [string, EffectRecord] => [
  key,
  { key, subject, plan: null, status: "done", noted: {}, outcome, at: NOW, check: null },
];

/** The rollout on 13 October: account 1 is in Sales, a list is there. */
export function viewOf(over: {
  readonly findings?: readonly FindingRecord[];
  readonly observations?: readonly Observation[];
  readonly pitfalls?: readonly Pitfall[];
  readonly acceptedPitfalls?: readonly string[];
  readonly foresights?: readonly (readonly [PhaseId, ReturnType<typeof foresightOf>])[];
  readonly roster?: ReturnType<typeof roster>;
  readonly enforcementDates?: ReadonlyMap<PhaseId, CalendarDate>;
  readonly enforced?: readonly PhaseId[];
  readonly effects?: readonly (readonly [string, EffectRecord])[];
  /** Accounts that have a holdout's ticket. */
  readonly holdoutTickets?: readonly number[];
  readonly today?: string;
}): RolloutView {
  const { findings = [], pitfalls, today = "2026-10-13" } = over;
  const enforced = { policyId: "p", draft: HASH, state: "enforced", since: NOW, reportOnlySince: NOW } as const;
  const holdouts = (over.holdoutTickets ?? []).map((n) => {
    const userId: UserId = userIdOfAccount(objectId(n));
    return doneEffect(`${ROLLOUT}/psa/ticket/${userId}`, { kind: "psa_ticket", userId });
  });
  return {
    state: rolloutState({
      list: { ...{ hash: HASH, at: NOW, findings: HASH, findingCounts: {}, sources: [] }, ...LISTED },
      findings: new Map(findings.map((finding) => [finding.id, finding])),
      observations: over.observations ?? [],
      foresights: new Map(over.foresights ?? []),
      acceptedPitfalls: new Set(over.acceptedPitfalls ?? []),
      enforcementDates: over.enforcementDates ?? new Map(),
      policies: new Map((over.enforced ?? []).map((phase): [PhaseId, LivePolicyRecord] => [phase, enforced])),
      effects: new Map([...(over.effects ?? []), ...holdouts]),
      tenantCheck:
        pitfalls === undefined ? null : { ...{ list: HASH, register: null, facts: HASH, at: NOW }, pitfalls },
    }),
    procedure: { ...PROCEDURE, settings: SETTINGS },
    customer: CUSTOMER,
    roster: over.roster ?? roster({ byPhase: { [SALES]: [user(1)] } }),
    emergency: [],
    now: NOW,
    today: calendarDate(today),
    objections: new Map(),
  };
}

const LISTED = {
  counts: {
    ...{ employeesActive: 0, accounts: 0, users: 0, correlated: 0, orphanAccounts: 0, missingAccounts: 0 },
    ...{ registered: 0, capable: 0, unknownRegistration: 0 },
  },
  joiners: 0,
  leavers: 0,
  movers: 0,
};
