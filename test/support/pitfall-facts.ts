import { CLOSING_PHASE, entraObjectId } from "../../src/domain/model/ids.ts";
import { calendarDate, instant } from "../../src/domain/model/time.ts";
import { checkTenant } from "../../src/domain/pitfalls/check-tenant.ts";
import type { PitfallFacts, SurveyedAccount, SurveyedPolicy, TenantSurvey } from "../../src/domain/pitfalls/facts.ts";
import { account, CUSTOMER, IT, objectId, roster, SALES, SETTINGS, user } from "./rollout-facts.ts";

const POLICY_ID = "p-other";
export const GONE_GROUP = entraObjectId("77777777-0000-4000-8000-000000000001");

/** An enforced MFA policy of the customer's that leaves out whoever has to be left out. */
export const policy = (over: Partial<SurveyedPolicy> = {}): SurveyedPolicy => ({
  id: POLICY_ID,
  state: "enforced",
  microsoftManaged: false,
  createdAt: instant("2026-01-05T09:00:00Z"),
  changedAt: instant("2026-01-05T09:00:00Z"),
  users: {
    all: true,
    include: [],
    includeGroups: [],
    exclude: [],
    excludeGroups: [],
    excludeRoles: ["d29b2b05-8046-44ba-8758-1e26182fcf32"],
    excludeServiceProviders: "all",
  },
  apps: { all: true, exclude: [], securityInfo: false },
  locations: { include: [], exclude: [] },
  controls: ["mfa"],
  needsEvery: false,
  ...over,
});

/** The policy with other people in or out. */
export const policyFor = (users: Partial<SurveyedPolicy["users"]>): SurveyedPolicy =>
  policy({ users: { ...policy().users, ...users } });

const PLAIN: SurveyedAccount = { premium: true, frontline: false, sharedDevice: false, perUserMfa: "disabled" };
export const surveyed = (n: number, over: Partial<SurveyedAccount>): TenantSurvey["accounts"] =>
  new Map([...SURVEY.accounts, [objectId(n), { ...PLAIN, ...over }]]);

const SURVEY: TenantSurvey = {
  policies: [],
  groups: new Map(),
  methodsAllowed: new Set(["Fido2", "MicrosoftAuthenticator", "TemporaryAccessPass"]),
  securityDefaultsEnabled: false,
  globalAdministrators: new Set([objectId(1), objectId(2)]),
  rolesMayBeTemporary: false,
  accounts: new Map([10, 20, 21].map((n) => [objectId(n), PLAIN])),
  guestMfaTrusted: true,
  intuneEnrolmentAppExists: true,
  windowsActivated: false,
  mailboxesSignedIn: new Set(),
};

const NOW = instant("2026-10-15T15:00:00Z");
const REGISTRATION = user(1).registration;

/** An emergency access account as it has to be. */
const emergencyUser = (n: number, over: Parameters<typeof account>[1] = {}) =>
  user(n, {
    account: account(n, over),
    registration: REGISTRATION && { ...REGISTRATION, objectId: objectId(n), methods: ["fido2"] },
  });
export const emergency = (n: number, over: Parameters<typeof account>[1] = {}): PitfallFacts["emergency"][number] => ({
  upn: `bg${n}@larkfield.onmicrosoft.com`,
  user: emergencyUser(n, over),
  applied: [],
});

const people = [user(10, { department: "IT" }), user(20), user(21)];

/** A tenant in which nothing stands in the way. */
export const TIDY: PitfallFacts = {
  survey: SURVEY,
  policyChanges: null,
  users: people,
  roster: roster({ byPhase: { [IT]: people.slice(0, 1), [SALES]: people.slice(1) } }),
  emergency: [emergency(1), emergency(2)],
  openFindings: [],
  ours: new Map([["p-it", IT]]),
  ourGroups: [objectId(101)],
  phases: [
    { id: IT, department: "IT", order: 0 },
    { id: SALES, department: "Sales", order: 1 },
    { id: CLOSING_PHASE, department: null, order: 2 },
  ],
  enforcementDates: new Map([[IT, calendarDate("2026-10-15")]]),
  customer: CUSTOMER,
  settings: SETTINGS,
  deadline: calendarDate("2026-10-31"),
  today: calendarDate("2026-10-15"),
  now: NOW,
};

/** A tenant that differs in what was surveyed. */
export const surveying = (over: Partial<TenantSurvey>): PitfallFacts => ({ ...TIDY, survey: { ...SURVEY, ...over } });

/** The same with people of Sales. */
export const withSales = (...users: PitfallFacts["users"]): PitfallFacts => ({
  ...TIDY,
  users: [...TIDY.users, ...users],
  roster: roster({ byPhase: { [IT]: people.slice(0, 1), [SALES]: users } }),
});

export const namesIn = (facts: PitfallFacts): readonly string[] => checkTenant(facts).map(({ name }) => name);
