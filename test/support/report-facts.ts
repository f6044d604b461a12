import type { ProofLine } from "../../src/domain/coverage/proof-line.ts";
import type { ReportFacts } from "../../src/domain/coverage/report-facts.ts";
import { CLOSING_PHASE, sha256, userIdOfAccount, userPrincipalName } from "../../src/domain/model/ids.ts";
import { calendarDate, instant } from "../../src/domain/model/time.ts";
import { CUSTOMER, exception, IT, objectId, ROLLOUT, SALES } from "./rollout-facts.ts";

const DEPARTMENTS = [
  { department: "IT", inScope: 12 },
  { department: "Finance", inScope: 24 },
  { department: "Operations", inScope: 48 },
  { department: "Sales", inScope: 57 },
  { department: "Engineering", inScope: 71 },
  { department: "Everyone else", inScope: 1 },
];

const ACCOUNTS = Array.from({ length: 230 }, (_, n): ProofLine => {
  const excepted = n % 17 === 0;
  return {
    objectId: objectId(n),
    upn: `user${n}@larkfieldfoods.com`,
    department: DEPARTMENTS[n % 5]?.department ?? null,
    kind: "member",
    state: excepted ? "excepted" : "enforced",
    gap: null,
    policyId: excepted ? null : "policy-1",
    policyName: excepted ? null : "MFA rollout: Sales",
    policyState: excepted ? null : "enforced",
    by: excepted ? null : "group",
    through: excepted ? null : "group-1",
    nested: excepted ? null : false,
    exception: excepted ? userIdOfAccount(objectId(n)) : null,
    exceptionKind: excepted ? "service_account" : null,
    owner: excepted ? "Ines Ortiz" : null,
    expires: excepted ? calendarDate("2027-10-01") : null,
    signoff: excepted ? sha256("c".repeat(64)) : null,
    phase: SALES,
    listed: true,
    reported: true,
    registered: n % 40 !== 3,
    capable: n % 40 !== 3,
    methods: ["microsoftAuthenticatorPush"],
    why: excepted
      ? "Exception (service_account), owner Ines Ortiz, until 2027-10-01."
      : "Enforced by MFA rollout: Sales.",
  };
});

/** The facts of a rollout that is all but finished. */
export const reportFacts = (over: Partial<ReportFacts> = {}): ReportFacts => ({
  customer: CUSTOMER.name,
  mspName: CUSTOMER.mspName,
  rollout: ROLLOUT,
  procedure: "insurer-mfa 1.0.0",
  insurer: CUSTOMER.insurer,
  timeZone: CUSTOMER.timeZone,
  startedOn: calendarDate("2026-10-05"),
  deadline: calendarDate("2026-10-31"),
  writtenAt: instant("2026-10-29T15:10:00Z"),
  totals: {
    accounts: 230,
    enforced: 212,
    excepted: 14,
    report_only: 0,
    not_covered: 0,
    cannot_sign_in: 4,
    guests: 3,
    reported: 226,
    registered: 224,
    capable: 224,
    carved_out: 0,
    unlisted: 0,
  },
  proof: { document: sha256("d".repeat(64)), whatIf: { seed: "e".repeat(64), asked: 9, disputes: [] } },
  employeesWithoutAccount: 1,
  departments: [...DEPARTMENTS, { department: "All departments", inScope: 213 }].map(({ department, inScope }, n) => ({
    department,
    phase: `phase_${n}`,
    inScope,
    registered: inScope,
    capable: inScope - (n === 2 || n === 3 ? 1 : n === 6 ? 2 : 0),
    enforced: n === 5 ? 0 : n === 6 ? inScope - 1 : inScope,
    exceptions: n === 6 ? 14 : n,
  })),
  accounts: ACCOUNTS,
  exceptions: Array.from({ length: 14 }, (_, n) =>
    exception(n, {
      displayName: `svc-backup-${n} (O’Brien, Łukasz)`,
      reason: "Runs the nightly backup with a stored password; moves to a managed identity in the first quarter.",
    }),
  ),
  signoff: {
    contact: "Carla Fontana",
    recordedBy: "ines",
    at: instant("2026-10-06T14:30:00Z"),
    table: sha256("c".repeat(64)),
    current: true,
  },
  policies: [IT, SALES, CLOSING_PHASE].map((phase, n) => ({
    name: `MFA rollout: ${phase.replace("phase_", "")}`,
    policyId: `7d1e5a${n}0-1111-4222-8333-444455556666`,
    changes: [
      { at: instant("2026-10-06T15:00:00Z"), state: "report_only" as const },
      { at: instant(`2026-10-${13 + n}T15:00:00Z`), state: "enforced" as const },
    ],
    differences: [],
  })),
  methods: [
    { method: "microsoftAuthenticatorPush", accounts: 190 },
    { method: "softwareOneTimePasscode", accounts: 44 },
    { method: "fido2", accounts: 12 },
  ],
  signIns: [
    {
      from: instant("2026-10-06T15:00:00Z"),
      to: instant("2026-10-14T15:00:00Z"),
      count: 4211,
      interactive: 2317,
      complete: true,
      blocked: 1,
    },
  ],
  findings: [
    {
      id: "fnd_0123456789ab",
      cause: "ropc",
      objectId: objectId(7),
      upn: userPrincipalName("user7@larkfieldfoods.com"),
      clientApp: "Mobile Apps and Desktop clients",
      appName: "Legacy Asset Importer",
      count: 31,
      firstSeen: instant("2026-10-06T16:00:00Z"),
      lastSeen: instant("2026-10-07T16:00:00Z"),
      remedy: "Give the application its own identity.",
      status: "remediated",
      resolvedBy: "ines",
      resolvedAt: instant("2026-10-08T16:00:00Z"),
      why: "The importer now signs in with a managed identity; the old client is retired.",
    },
  ],
  holdouts: [
    {
      upn: "user41@larkfieldfoods.com",
      department: "Sales",
      enforced: true,
      done: "2 reminders, manager copied, ticket 4711",
    },
    {
      upn: "user83@larkfieldfoods.com",
      department: "Operations",
      enforced: true,
      done: "2 reminders, manager copied, ticket 4712",
    },
  ],
  sources: [
    {
      source: "Microsoft Entra ID",
      call: "GET /v1.0/reports/authenticationMethods/userRegistrationDetails",
      at: instant("2026-10-29T14:55:00Z"),
      count: 226,
      complete: true,
    },
    {
      source: "BambooHR (larkfieldfoods)",
      call: "GET /v1/employees",
      at: instant("2026-10-29T14:54:00Z"),
      count: 221,
      complete: true,
    },
  ],
  ledger: { head: sha256("e".repeat(64)), entries: 1874 },
  ...over,
});
