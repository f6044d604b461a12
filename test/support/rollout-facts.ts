import type { Roster } from "../../src/domain/exceptions/scope.ts";
import type { Customer } from "../../src/domain/model/customer.ts";
import type { Exception } from "../../src/domain/model/exception.ts";
import {
  CLOSING_PHASE,
  type EntraObjectId,
  entraObjectId,
  type PhaseId,
  phaseId,
  sha256,
  smtpAddress,
  userIdOfAccount,
  userPrincipalName,
} from "../../src/domain/model/ids.ts";
import type { Account, User } from "../../src/domain/model/people.ts";
import type { CaPolicy, LivePolicy } from "../../src/domain/model/policy.ts";
import type { ProcedureSettings } from "../../src/domain/model/procedure.ts";
import type { SignIn } from "../../src/domain/model/signin.ts";
import { calendarDate, instant } from "../../src/domain/model/time.ts";
import type { LedgerEntry } from "../../src/domain/rollout/events.ts";
import { foldEntries } from "../../src/domain/rollout/fold.ts";
import type { RolloutState } from "../../src/domain/rollout/state.ts";

export const ROLLOUT = "rol_larkfield_202610_ab12";
export const IT = phaseId("IT");
export const SALES = phaseId("Sales");
export const MSP_TENANT = "99999999-0000-4000-8000-000000000001";

/** The n-th object id: tests name accounts by small numbers. */
export const objectId = (n: number): EntraObjectId =>
  entraObjectId(`00000000-0000-4000-8000-${String(n).padStart(12, "0")}`);

export const CUSTOMER: Customer = {
  slug: "larkfield",
  name: "Larkfield Foods",
  timeZone: "America/Chicago",
  tenantId: "11111111-0000-4000-8000-000000000001",
  mspTenantId: MSP_TENANT,
  mspName: "Northwind IT",
  emergencyAccess: [
    userPrincipalName("bg1@larkfield.onmicrosoft.com"),
    userPrincipalName("bg2@larkfield.onmicrosoft.com"),
  ],
  escalation: { name: "Ines Ortiz", address: smtpAddress("ines@northwind.example") },
  signoffContact: { name: "Carla Fontana", address: smtpAddress("carla@larkfieldfoods.com") },
  guideUrl: "https://guide.example",
  faqUrl: "https://faq.example",
  sender: { name: "IT", address: smtpAddress("it@larkfieldfoods.com") },
  helpdeskChannel: "it-support",
  insurer: { name: "Example Mutual", form: null },
};

export const SETTINGS: ProcedureSettings = {
  reportOnlyHours: 24,
  leadDays: 7,
  lateLeadDays: 3,
  judgeHours: 24,
  evidenceMaxAgeHours: 24,
  notCapablePercent: 10,
  notCapableCount: 1,
  blockedUsers: 2,
  holdoutDays: 14,
  frozen: { weekdays: [5, 6, 0], dates: ["2026-10-12"], monthEndDays: 1 },
};

export const account = (n: number, over: Partial<Account> = {}): Account => ({
  objectId: objectId(n),
  upn: userPrincipalName(`user${n}@larkfieldfoods.com`),
  displayName: `User ${n}`,
  givenName: null,
  mail: smtpAddress(`user${n}@larkfieldfoods.com`),
  proxyAddresses: [],
  employeeId: null,
  department: "Sales",
  jobTitle: null,
  enabled: true,
  kind: "member",
  onPremisesSynced: false,
  licensed: true,
  managerId: null,
  createdAt: null,
  ...over,
});

/** A capable user of Sales with an enabled account, unless told otherwise. */
export const user = (n: number, over: Partial<User> & { readonly capable?: boolean } = {}): User => {
  const { capable = true, ...rest } = over;
  return {
    id: userIdOfAccount(objectId(n)),
    correlation: "orphan_account",
    matchedBy: null,
    displayName: `User ${n}`,
    givenName: null,
    department: "Sales",
    address: smtpAddress(`user${n}@larkfieldfoods.com`),
    employee: null,
    account: account(n),
    mailbox: "user",
    manager: null,
    registration: {
      objectId: objectId(n),
      registered: capable,
      capable,
      methods: capable ? ["microsoftAuthenticatorPush"] : [],
      isAdmin: false,
      reportedAt: instant("2026-10-13T06:00:00Z"),
    },
    holdsDirectorySyncRole: false,
    ...rest,
  };
};

export const exception = (n: number, over: Partial<Exception> = {}): Exception => ({
  userId: userIdOfAccount(objectId(n)),
  objectId: objectId(n),
  displayName: `User ${n}`,
  upn: `user${n}@larkfieldfoods.com`,
  kind: "service_account",
  reason: "Runs the backups.",
  owner: "Ines Ortiz",
  expires: calendarDate("2027-10-01"),
  evidence: ["No HR record."],
  source: "rule",
  ...over,
});

/** A roster with what a test names; every phase has an entry. */
export function roster(over: {
  readonly byPhase?: Readonly<Record<PhaseId, readonly User[]>>;
  readonly excepted?: readonly number[];
  readonly outOfScope?: Roster["outOfScope"];
  readonly late?: readonly number[];
  readonly later?: readonly number[];
  readonly returning?: readonly number[];
  readonly lapsed?: readonly number[];
  readonly enforced?: readonly PhaseId[];
}): Roster {
  const empty: [PhaseId, readonly User[]][] = [IT, SALES, CLOSING_PHASE].map((phase) => [phase, []]);
  const given = Object.entries(over.byPhase ?? {}).map(([name, users]): [PhaseId, readonly User[]] => [
    phaseId(name.replace(/^phase_/, "")),
    users,
  ]);
  const excepted = (over.excepted ?? []).map(objectId);
  return {
    byPhase: new Map([...empty, ...given]),
    excepted: new Set(excepted.map(userIdOfAccount)),
    exceptedObjectIds: new Set(excepted),
    exceptedUntil: new Map(excepted.map((id) => [userIdOfAccount(id), calendarDate("2026-12-31")])),
    outOfScope: over.outOfScope ?? [],
    late: new Set((over.late ?? []).map(objectId).map(userIdOfAccount)),
    later: new Set((over.later ?? []).map(objectId).map(userIdOfAccount)),
    returning: new Set((over.returning ?? []).map(objectId).map(userIdOfAccount)),
    lapsed: (over.lapsed ?? []).map(objectId).map(userIdOfAccount),
    enforced: new Set(over.enforced ?? []),
  };
}

/** IT, Sales, closing; nothing has happened, unless told. */
export const rolloutState = (over: Partial<RolloutState> = {}): RolloutState => ({
  ...foldEntries([STARTED]),
  ...over,
});

const STARTED: LedgerEntry = {
  seq: 1,
  at: instant("2026-10-05T13:00:00Z"),
  actor: "server",
  prev: sha256("0".repeat(64)),
  hash: sha256("0".repeat(64)),
  type: "rollout_started",
  data: {
    rollout: ROLLOUT,
    customer: "larkfield",
    customerName: "Larkfield Foods",
    timeZone: "America/Chicago",
    procedure: { id: "insurer-mfa", version: "1.0.0", hash: sha256("a".repeat(64)) },
    deadline: calendarDate("2026-10-31"),
    phases: [
      { id: IT, department: "IT", order: 0 },
      { id: SALES, department: "Sales", order: 1 },
      { id: CLOSING_PHASE, department: null, order: 2 },
    ],
  },
};

export const livePolicy = (policy: CaPolicy, over: Partial<LivePolicy> = {}): LivePolicy => ({
  ...policy,
  id: "policy-1",
  createdAt: null,
  modifiedAt: null,
  microsoftManaged: false,
  unknownParts: [],
  ...over,
});

/** A modern, successful, interactive sign-in of account `n`. */
export const signIn = (n: number, over: Partial<SignIn> = {}): SignIn => ({
  id: `s-${n}-${over.at ?? ""}-${over.clientApp ?? ""}`,
  at: instant("2026-10-13T09:00:00Z"),
  objectId: objectId(n),
  upn: userPrincipalName(`user${n}@larkfieldfoods.com`),
  appId: "app-mail",
  appName: "Office 365 Exchange Online",
  clientApp: "Browser",
  protocol: null,
  interactive: true,
  resourceId: "",
  resource: "Office 365 Exchange Online",
  ipAddress: null,
  country: null,
  platform: null,
  compliantDevice: false,
  joinedDevice: false,
  risk: "none",
  errorCode: 0,
  conditionalAccess: "success",
  policies: [],
  ...over,
});
