import { describe, expect, it } from "vitest";
import { type AccessPolicy, NOBODY } from "../../../src/domain/foresight/access-policy.ts";
import { type ForeseenAccount, LockoutForesight } from "../../../src/domain/foresight/foresee.ts";
import { missingEvidence } from "../../../src/domain/foresight/missing-evidence.ts";
import { sumUp } from "../../../src/domain/foresight/sum-up.ts";
import { foresightTable } from "../../../src/domain/foresight/table.ts";
import { userIdOfAccount, userPrincipalName } from "../../../src/domain/model/ids.ts";
import type { PolicyOutcome, SignIn } from "../../../src/domain/model/signin.ts";
import { instant } from "../../../src/domain/model/time.ts";
import { accessPolicy } from "../../support/access-policy.ts";
import { observation } from "../../support/gate-question.ts";
import { objectId, signIn } from "../../support/rollout-facts.ts";

const account = (n: number, over: Partial<ForeseenAccount> = {}): ForeseenAccount => ({
  objectId: objectId(n),
  userId: userIdOfAccount(objectId(n)),
  upn: userPrincipalName(`user${n}@larkfieldfoods.com`),
  department: "Sales",
  guest: null,
  capable: true,
  methods: ["microsoftAuthenticatorPush"],
  directorySync: false,
  member: true,
  ...over,
});

const shows = (outcome: PolicyOutcome) => ({ policies: [{ policyId: "draft", outcome }] });

function foresee(
  signIns: readonly SignIn[],
  {
    accounts = [account(1)],
    others = [],
  }: { accounts?: readonly ForeseenAccount[]; others?: readonly AccessPolicy[] } = {},
) {
  const foresight = new LockoutForesight({
    rules: {
      draft: accessPolicy(),
      others,
      locations: [],
      membership: { groups: new Map(), roles: new Map() },
    },
    accounts: new Map(accounts.map((one) => [one.objectId, one])),
    settledSince: instant("2026-10-12T00:00:00Z"),
  });
  for (const one of signIns) foresight.add(one);
  const users = [...foresight.users()];
  return { users, outcomes: users.map(({ outcome }) => outcome), crossCheck: foresight.crossCheck() };
}

describe("a user", () => {
  it("counts by the worst sign-in, and one without any has no evidence", () => {
    const accounts = [account(1), account(2, { capable: false }), account(3), account(4)];
    const signIns = [signIn(1), signIn(1, { clientApp: "POP3" }), signIn(2), signIn(3)];
    expect(foresee(signIns, { accounts }).outcomes).toEqual(["breaks", "cannot_answer", "prompted", "no_evidence"]);
  });

  it("is judged by what got through: a wrong password over IMAP says nothing", () => {
    expect(foresee([signIn(1, { clientApp: "IMAP4", errorCode: 50126 })]).outcomes).toEqual(["no_evidence"]);
  });

  it("who was refused when the policy was enforced before would be refused again", () => {
    const refused = signIn(1, { clientApp: "IMAP4", errorCode: 53003, ...shows("failure") });
    expect(foresee([refused]).outcomes).toEqual(["breaks"]);
  });

  it("whom report-only shows as satisfied passes, whatever the registration report says", () => {
    const accounts = [account(1, { capable: false })];
    expect(foresee([signIn(1, shows("report_only_success"))], { accounts }).outcomes).toEqual(["passes"]);
  });

  it("whose application failed in report-only breaks", () => {
    expect(foresee([signIn(1, shows("report_only_failure"))]).outcomes).toEqual(["breaks"]);
  });

  it("whom somebody else's policy refuses already is not locked out by ours", () => {
    const others = [accessPolicy({ id: "other", grant: { operator: "OR", controls: ["block"] } })];
    expect(foresee([signIn(1, { clientApp: "POP3" })], { others }).outcomes).toEqual(["passes"]);
    const spared = [
      accessPolicy({
        id: "other",
        users: { include: NOBODY, exclude: NOBODY },
        grant: { operator: "OR", controls: ["block"] },
      }),
    ];
    expect(foresee([signIn(1, { clientApp: "POP3" })], { others: spared }).outcomes).toEqual(["breaks"]);
  });
});

describe("the cross-check", () => {
  it("disputes a user whose newest settled sign-in shows the contrary", () => {
    const earlier = signIn(1, { at: instant("2026-10-13T09:00:00Z"), ...shows("report_only_not_applied") });
    expect(foresee([earlier]).crossCheck.disputed).toEqual([userIdOfAccount(objectId(1))]);
    const later = signIn(1, { at: instant("2026-10-13T10:00:00Z"), ...shows("report_only_interrupted") });
    expect(foresee([later, earlier]).crossCheck.disputed).toEqual([]);
  });

  it("leaves out what was before groups and policy settled", () => {
    const before = signIn(1, { at: instant("2026-10-11T09:00:00Z"), ...shows("report_only_not_applied") });
    expect(foresee([before]).crossCheck.disputed).toEqual([]);
  });

  it("counts sign-ins that show a result, and accounts that the list does not have", () => {
    const { crossCheck } = foresee([
      signIn(1),
      signIn(1, shows("report_only_interrupted")),
      signIn(9, shows("report_only_interrupted")),
    ]);
    expect(crossCheck).toMatchObject({ touched: 2, shown: 1, unlisted: 1 });
  });
});

describe("evidence is missing", () => {
  const look = {
    from: instant("2026-10-08T15:00:00Z"),
    to: instant("2026-10-15T15:00:00Z"),
    hours: 24,
    observations: [observation({ signIns: observation().evidence })],
    crossCheck: { touched: 5, shown: 5 },
    members: 3,
    silent: 1,
  };

  it("in none of its ways when one user of several was away", () => {
    expect(missingEvidence(look)).toEqual([]);
  });

  it.each([
    ["window_too_short", { from: instant("2026-10-15T00:00:00Z") }],
    ["sign_ins_missing", { observations: [observation()] }],
    ["sign_ins_missing", { observations: [] }],
    ["no_report_only_results", { crossCheck: { touched: 5, shown: 0 } }],
    ["nobody_seen", { silent: 3 }],
  ])("as %s", (lack, over) => {
    expect(missingEvidence({ ...look, ...over })).toEqual([lack]);
  });
});

describe("the summary", () => {
  it("totals departments and applications, worst first, and lists who is silent", () => {
    const accounts = [account(1, { department: "IT" }), account(2), account(3, { member: false })];
    const { users } = foresee([signIn(1), signIn(2, { clientApp: "POP3", appName: "Scanner" })], { accounts });
    const summary = sumUp(users);
    expect(summary.counts).toMatchObject({ breaks: 1, no_evidence: 1, prompted: 1 });
    expect(summary.departments.map(({ name }) => name)).toEqual(["Sales", "IT"]);
    expect(summary.applications[0]).toMatchObject({ name: "Scanner", counts: { breaks: 1 } });
    expect(summary.silent).toEqual([]);
    expect(summary.rows.map(({ outcome }) => outcome)).toEqual(["breaks", "no_evidence", "prompted"]);
  });

  it("is a table whose cells a spreadsheet takes for text", () => {
    const { users } = foresee([signIn(1, { clientApp: "POP3", appName: '=HYPERLINK("x")' })]);
    expect([...foresightTable(users)].join("")).toContain(`,breaks,1,"'=HYPERLINK(""x"")",POP3,`);
  });
});
