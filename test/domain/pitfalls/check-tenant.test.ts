import { describe, expect, it } from "vitest";
import { CLOSING_PHASE } from "../../../src/domain/model/ids.ts";
import { instant } from "../../../src/domain/model/time.ts";
import { checkTenant, PITFALL_CHECKS } from "../../../src/domain/pitfalls/check-tenant.ts";
import type { PitfallFacts } from "../../../src/domain/pitfalls/facts.ts";
import { SEVERITIES } from "../../../src/domain/pitfalls/pitfall.ts";
import { finding } from "../../support/gate-question.ts";
import {
  emergency,
  GONE_GROUP,
  namesIn,
  policy,
  policyFor,
  surveyed,
  surveying,
  TIDY,
  withSales,
} from "../../support/pitfall-facts.ts";
import { account, IT, MSP_TENANT, objectId, SALES, user } from "../../support/rollout-facts.ts";

const registered = (n: number, capable: boolean, methods: readonly string[]) => {
  const { registration, ...rest } = user(n);
  return { ...rest, registration: registration && { ...registration, registered: true, capable, methods } };
};
const ANYWHERE_BUT_OFFICE = { include: ["All"], exclude: ["AllTrusted"] };
const SYNC = user(30, { holdsDirectorySyncRole: true });
const OTHER_APP = { kind: "app", id: "tool" } as const;
const OTHER_USER = { kind: "user", id: "somebody" } as const;
const AT = instant("2026-10-08T09:00:00Z");
const changed = (...policyChanges: PitfallFacts["policyChanges"] & object): PitfallFacts => ({
  ...TIDY,
  policyChanges,
});

/** What each check must find, and what looks alike and is harmless. */
const CASES: Readonly<
  Record<string, { readonly found: readonly PitfallFacts[]; readonly harmless?: readonly PitfallFacts[] }>
> = {
  emergency_access_unsafe: {
    found: [
      { ...TIDY, emergency: [emergency(1)] },
      { ...TIDY, emergency: [emergency(1), { upn: "gone@x.onmicrosoft.com", user: null, applied: [] }] },
      { ...TIDY, emergency: [emergency(1), emergency(2, { enabled: false })] },
      { ...TIDY, emergency: [emergency(1), emergency(2, { onPremisesSynced: true })] },
      { ...TIDY, emergency: [emergency(1), { ...emergency(2), upn: "bg2@larkfieldfoods.com" }] },
      surveying({ globalAdministrators: new Set([objectId(1)]) }),
      {
        ...surveying({ policies: [policy({ id: "p-block", controls: ["block"] })] }),
        emergency: [emergency(1), { ...emergency(2), applied: ["p-block"] }],
      },
      {
        ...surveying({ policies: [policy({ id: "p-it", state: "report_only" })] }),
        emergency: [emergency(1), { ...emergency(2), applied: ["p-it"] }],
      },
    ],
    // A policy of their own that asks for a method which they have.
    harmless: [
      {
        ...surveying({ policies: [policy()] }),
        emergency: [emergency(1), { ...emergency(2), applied: ["p-other"] }],
      },
    ],
  },
  emergency_access_no_method: {
    found: [{ ...TIDY, emergency: [emergency(1), { ...emergency(2), user: user(2) }] }],
  },
  emergency_role_unproven: { found: [surveying({ rolesMayBeTemporary: true })] },
  service_provider_blocked: {
    found: [
      surveying({ policies: [policyFor({ excludeServiceProviders: [] })] }),
      surveying({ policies: [policyFor({ excludeServiceProviders: ["another-tenant"] })] }),
    ],
    harmless: [
      surveying({ policies: [policyFor({ excludeServiceProviders: [MSP_TENANT] })] }),
      surveying({ policies: [{ ...policyFor({ excludeServiceProviders: [] }), state: "report_only" }] }),
      surveying({ policies: [{ ...policyFor({ excludeServiceProviders: [] }), controls: [] }] }),
      surveying({ policies: [{ ...policyFor({ excludeServiceProviders: [] }), id: "p-it" }] }),
    ],
  },
  directory_sync_blocked: {
    found: [
      { ...surveying({ policies: [policyFor({ excludeRoles: [] })] }), users: [...TIDY.users, SYNC] },
      {
        ...withSales(user(31, { account: account(31, { upn: "sync_dc01_ab@larkfield.onmicrosoft.com" as never }) })),
        ...{ survey: { ...TIDY.survey, accounts: surveyed(31, {}) } },
      },
    ],
    harmless: [
      surveying({ policies: [policyFor({ excludeRoles: [] })] }),
      {
        ...surveying({ policies: [policyFor({ excludeRoles: [], exclude: [objectId(30)] })] }),
        users: [...TIDY.users, SYNC],
      },
    ],
  },
  mail_device: {
    found: [{ ...TIDY, openFindings: [finding(10, { cause: "legacy_protocol", clientApp: "Authenticated SMTP" })] }],
    harmless: [{ ...TIDY, openFindings: [finding(10, { cause: "legacy_protocol", clientApp: "IMAP4" })] }],
  },
  stored_password: { found: [{ ...TIDY, openFindings: [finding(10, { cause: "ropc" })] }] },
  room_in_scope: {
    found: [
      { ...withSales(user(20, { mailbox: "room" })) },
      surveying({ accounts: surveyed(20, { sharedDevice: true }) }),
    ],
  },
  shared_mailbox_sign_in: {
    found: [
      { ...withSales(user(20, { mailbox: "shared" })) },
      {
        ...surveying({ mailboxesSignedIn: new Set([objectId(40)]) }),
        users: [...TIDY.users, user(40, { mailbox: "shared" })],
      },
    ],
    harmless: [
      { ...TIDY, users: [...TIDY.users, user(40, { mailbox: "shared" })] },
      { ...TIDY, users: [...TIDY.users, user(40, { mailbox: "shared", account: account(40, { enabled: false }) })] },
    ],
  },
  registration_restricted: {
    found: [
      {
        ...withSales(user(20, { capable: false })),
        survey: { ...TIDY.survey, policies: [policy({ apps: { all: false, exclude: [], securityInfo: true } })] },
      },
    ],
    harmless: [surveying({ policies: [policy({ apps: { all: false, exclude: [], securityInfo: true } })] })],
  },
  trusted_location: {
    found: [surveying({ policies: [policy({ locations: ANYWHERE_BUT_OFFICE })] })],
    harmless: [surveying({ policies: [policy({ locations: ANYWHERE_BUT_OFFICE, controls: ["block"] })] })],
  },
  device_enrolment_deadlock: {
    found: [
      surveying({ policies: [policy({ controls: ["compliantDevice"] })] }),
      surveying({ policies: [policy({ controls: ["mfa", "compliantDevice"], needsEvery: true })] }),
    ],
    harmless: [
      surveying({ policies: [policy({ controls: ["mfa", "compliantDevice"] })] }),
      surveying({
        policies: [
          policy({
            controls: ["compliantDevice"],
            apps: { all: false, exclude: [], securityInfo: false },
          }),
        ],
      }),
    ],
  },
  guests_without_trust: {
    found: [
      {
        ...surveying({ guestMfaTrusted: false }),
        users: [...TIDY.users, user(50, { account: account(50, { kind: "guest" }) })],
      },
    ],
    harmless: [
      surveying({ guestMfaTrusted: false }),
      { ...TIDY, users: [...TIDY.users, user(50, { account: account(50, { kind: "guest" }) })] },
    ],
  },
  security_defaults_on: { found: [surveying({ securityDefaultsEnabled: true })] },
  per_user_mfa: {
    found: [
      surveying({ accounts: surveyed(20, { perUserMfa: "enforced" }) }),
      surveying({
        accounts: new Map(
          [10, 20, 21].map((n) => [
            objectId(n),
            { premium: true, frontline: false, sharedDevice: false, perUserMfa: null },
          ]),
        ),
      }),
    ],
  },
  managed_policy_activates: {
    found: [
      surveying({
        policies: [
          policy({ microsoftManaged: true, state: "report_only", createdAt: instant("2026-09-16T09:00:00Z") }),
        ],
      }),
    ],
    harmless: [
      surveying({
        policies: [
          policy({ microsoftManaged: true, state: "report_only", createdAt: instant("2026-09-17T09:00:00Z") }),
        ],
      }),
      surveying({ policies: [policy({ microsoftManaged: true, state: "disabled" })] }),
    ],
  },
  not_enrolled: {
    found: [
      {
        ...withSales(...[20, 21].map((n) => user(n, { capable: false }))),
        enforcementDates: new Map([[SALES, TIDY.today]]),
      },
    ],
    harmless: [withSales(...[20, 21].map((n) => user(n, { capable: false })))],
  },
  method_not_allowed: { found: [withSales(registered(20, false, ["officePhone", "mobilePhone"]))] },
  report_stale: {
    found: [
      { ...TIDY, now: instant("2026-10-16T06:00:01Z") },
      { ...TIDY, users: [] },
    ],
    harmless: [{ ...TIDY, now: instant("2026-10-16T06:00:00Z") }],
  },
  our_group_nested: {
    found: [surveying({ groups: new Map([[objectId(101), { dynamic: false, nested: true }]]) })],
  },
  group_unsound: {
    found: [
      surveying({ policies: [policyFor({ excludeGroups: [GONE_GROUP] })], groups: new Map([[GONE_GROUP, null]]) }),
      surveying({
        policies: [policyFor({ includeGroups: [GONE_GROUP] })],
        groups: new Map([[GONE_GROUP, { dynamic: true, nested: false }]]),
      }),
    ],
    harmless: [
      surveying({
        policies: [policyFor({ excludeGroups: [GONE_GROUP] })],
        groups: new Map([[GONE_GROUP, { dynamic: false, nested: false }]]),
      }),
    ],
  },
  report_only_disturbs: {
    found: [surveying({ policies: [policy({ state: "report_only", controls: ["compliantDevice"] })] })],
    harmless: [surveying({ policies: [policy({ state: "report_only" })] })],
  },
  app_exclusions: {
    found: [surveying({ policies: [policy({ apps: { all: true, exclude: ["azure-cli"], securityInfo: false } })] })],
    harmless: [
      surveying({ policies: [policy({ apps: { all: false, exclude: ["azure-cli"], securityInfo: false } })] }),
    ],
  },
  windows_activation: { found: [surveying({ windowsActivated: true })] },
  lost_phone: {
    found: [surveying({ methodsAllowed: new Set(["Fido2"]) })],
    harmless: [withSales(registered(20, true, ["microsoftAuthenticatorPush", "mobilePhone"]))],
  },
  no_phone: {
    found: [
      {
        ...withSales(user(20, { capable: false })),
        survey: {
          ...TIDY.survey,
          accounts: surveyed(20, { frontline: true }),
          methodsAllowed: new Set(["MicrosoftAuthenticator", "TemporaryAccessPass"]),
        },
      },
    ],
    harmless: [
      {
        ...withSales(user(20, { capable: false })),
        survey: { ...TIDY.survey, accounts: surveyed(20, { frontline: true }) },
      },
    ],
  },
  unsigned_exclusion: {
    found: [surveying({ policies: [policyFor({ exclude: [objectId(20)] })] })],
    harmless: [surveying({ policies: [policyFor({ exclude: [objectId(1)] })] })],
  },
  policy_limit: {
    found: [surveying({ policies: Array.from({ length: 194 }, (_, n) => policy({ id: `p${n}`, state: "disabled" })) })],
    harmless: [
      surveying({ policies: Array.from({ length: 193 }, (_, n) => policy({ id: `p${n}`, state: "disabled" })) }),
    ],
  },
  licence_gap: { found: [surveying({ accounts: surveyed(20, { premium: false }) })] },
  policy_changed: {
    found: [
      changed({ targetId: "p-other", at: AT, by: OTHER_APP }),
      changed({ targetId: "p-it", at: AT, by: OTHER_USER }),
    ],
    harmless: [changed({ targetId: "p-other", at: AT, by: OTHER_USER })],
  },
};

describe("a look at the tenant", () => {
  it("finds nothing where nothing is wrong", () => {
    expect(namesIn(TIDY)).toEqual([]);
  });

  it.each(Object.entries(CASES))("finds %s, and nothing where it only looks so", (name, { found, harmless = [] }) => {
    for (const facts of found) expect(namesIn(facts), name).toContain(name);
    for (const facts of harmless) expect(namesIn(facts), name).not.toContain(name);
  });

  it("has a case for every check, each with a name and a remedy of its own", () => {
    expect(PITFALL_CHECKS.map(({ name }) => name).toSorted()).toEqual(Object.keys(CASES).toSorted());
    expect(new Set(PITFALL_CHECKS.map(({ remedy }) => remedy)).size).toBe(PITFALL_CHECKS.length);
  });

  it("tells the worst first, and last what could not be looked at", () => {
    const pitfalls = checkTenant({
      ...surveying({ securityDefaultsEnabled: true, rolesMayBeTemporary: true, guestMfaTrusted: false }),
      emergency: [],
    });
    expect(pitfalls.map(({ name }) => name)).toEqual([
      "emergency_access_unsafe",
      "security_defaults_on",
      "emergency_role_unproven",
    ]);
    const ranks = PITFALL_CHECKS.map(({ severity }) => SEVERITIES.indexOf(severity));
    expect(ranks).toEqual(ranks.toSorted());
  });

  it("holds up the phases of the accounts concerned and the closing policy, and no others", () => {
    const holds = (facts: PitfallFacts) => checkTenant(facts).flatMap((pitfall) => pitfall.holds);
    expect(holds(surveying({ accounts: surveyed(20, { sharedDevice: true }) }))).toEqual([SALES, CLOSING_PHASE]);
    expect(holds(surveying({ securityDefaultsEnabled: true }))).toEqual([IT, SALES, CLOSING_PHASE]);
    const guest = user(50, { account: account(50, { kind: "guest" }) });
    expect(holds({ ...surveying({ guestMfaTrusted: false }), users: [...TIDY.users, guest] })).toEqual([CLOSING_PHASE]);
  });

  it("names a pitfall by its evidence, in whatever order it was read", () => {
    const idOf = (...excluded: readonly number[]) =>
      checkTenant(surveying({ policies: [policyFor({ exclude: excluded.map(objectId) })] }))[0]?.id;
    expect(idOf(20, 21)).toBe(idOf(21, 20));
    expect(idOf(20, 21)).not.toBe(idOf(20));
  });
});
