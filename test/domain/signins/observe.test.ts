import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CLOSING_PHASE, type EntraObjectId, type PhaseId, userIdOfAccount } from "../../../src/domain/model/ids.ts";
import type { SignIn } from "../../../src/domain/model/signin.ts";
import { instant } from "../../../src/domain/model/time.ts";
import { type ObservedUser, SignInObserver, type SignInSummary } from "../../../src/domain/signins/observe.ts";
import { objectId, SALES, signIn } from "../../support/rollout-facts.ts";

const OURS = "policy-sales";
const known = (n: number, over: Partial<ObservedUser> = {}): [EntraObjectId, ObservedUser] => [
  objectId(n),
  { userId: userIdOfAccount(objectId(n)), phase: SALES, capable: true, excepted: false, ...over },
];
const USERS = new Map([known(1), known(2, { capable: false }), known(3, { excepted: true })]);
const POLICIES = new Map<string, PhaseId>([[OURS, SALES]]);

function observe(...signIns: readonly SignIn[]): SignInSummary {
  const observer = new SignInObserver({ users: USERS, policies: POLICIES });
  for (const one of signIns) observer.add(one);
  return observer.summary();
}
const phase = (summary: SignInSummary, id: PhaseId = SALES) => summary.phases.find((row) => row.phase === id);

const reportOnly = (outcome: "report_only_interrupted" | "report_only_failure" | "report_only_success") => ({
  policies: [{ policyId: OURS, outcome }],
});
const refused = (errorCode: number) =>
  ({ errorCode, conditionalAccess: "failure", policies: [{ policyId: OURS, outcome: "failure" }] }) as const;
const at = (time: string) => ({ at: instant(`2026-10-13T${time}:00Z`) });

describe("findings", () => {
  it.each([
    ["legacy_protocol", { clientApp: "Authenticated SMTP" }],
    ["legacy_protocol", { clientApp: "Something new" }],
    ["ropc", { clientApp: "Mobile Apps and Desktop clients", protocol: "ropc", interactive: false }],
    ["device_code", { clientApp: "Browser", protocol: "deviceCode" }],
    ["app_without_mfa", reportOnly("report_only_failure")],
  ] as const)("%s: %o", (cause, over) => {
    const { findings, evidence } = observe(signIn(1, over));
    expect(findings).toMatchObject([{ cause, objectId: objectId(1), count: 1 }]);
    expect(findings[0]?.id).toMatch(/^fnd_[0-9a-f]{12}$/);
    expect(evidence).toHaveLength(1);
  });

  it("are not made of browsers and modern clients, in whatever case", () => {
    expect(observe(signIn(1), signIn(1, { clientApp: "mobile apps and Desktop Clients" })).findings).toEqual([]);
  });

  it("are not made of guesses with a wrong password", () => {
    expect(observe(signIn(1, { clientApp: "IMAP4", errorCode: 50126 })).findings).toEqual([]);
  });

  it("are not made of sign-ins that satisfy the policy already", () => {
    const modern = { clientApp: "Exchange Web Services", ...reportOnly("report_only_success") };
    expect(observe(signIn(1, modern)).findings).toEqual([]);
  });

  it("keep their id from one look to the next and count what belongs together", () => {
    const smtp = { clientApp: "Authenticated SMTP" };
    const first = observe(signIn(1, { ...smtp, ...at("09:00") })).findings[0];
    const second = observe(signIn(1, { ...smtp, ...at("11:00") }), signIn(1, { ...smtp, ...at("10:00") })).findings[0];
    expect(second).toMatchObject({
      id: first?.id,
      count: 2,
      ...{ firstSeen: at("10:00").at, lastSeen: at("11:00").at },
    });
  });

  it("differ by account, application and client", () => {
    const { findings } = observe(
      signIn(1, { clientApp: "IMAP4" }),
      signIn(1, { clientApp: "POP3" }),
      signIn(1, { clientApp: "IMAP4", appId: "app-other" }),
      signIn(2, { clientApp: "IMAP4" }),
    );
    expect(new Set(findings.map(({ id }) => id)).size).toBe(4);
  });

  it("leave excepted accounts out but keep their sign-ins in the evidence", () => {
    const summary = observe(signIn(3, { clientApp: "Authenticated SMTP" }));
    expect(summary).toMatchObject({ findings: [], count: 1, evidence: [{ objectId: objectId(3) }] });
    expect(phase(summary)).toMatchObject({ users: 0, signIns: 0 });
  });

  it("hold a bounded sample", () => {
    const many = Array.from({ length: 100 }, (_, n) => signIn(1, { id: `s${n}`, clientApp: "IMAP4" }));
    const summary = observe(...many);
    expect(summary.evidence).toHaveLength(20);
    expect(summary.findings[0]?.count).toBe(100);
  });
});

describe("phases", () => {
  it("count users, sign-ins and who would be prompted", () => {
    const prompted = reportOnly("report_only_interrupted");
    const summary = observe(
      signIn(1, prompted),
      signIn(1, prompted),
      signIn(2, prompted),
      signIn(2, { interactive: false }),
    );
    expect(phase(summary)).toMatchObject({
      signIns: 4,
      users: 2,
      wouldBePrompted: 2,
      promptedNotCapable: 1,
      blocked: 0,
    });
    expect(summary).toMatchObject({ count: 4, interactive: 3 });
  });

  it("have a row for every phase, seen or not", () => {
    expect(observe().phases.map((row) => row.phase)).toEqual([CLOSING_PHASE, SALES]);
  });

  it("ignore policies that are not ours", () => {
    const others = { ...refused(53003), policies: [{ policyId: "other", outcome: "failure" as const }] };
    expect(phase(observe(signIn(1, others)))).toMatchObject({ blocked: 0 });
  });

  it("put accounts nobody listed into the closing phase", () => {
    const summary = observe(signIn(77, refused(53003)));
    expect(phase(summary, CLOSING_PHASE)).toMatchObject({ users: 1, blockedUsers: [userIdOfAccount(objectId(77))] });
  });
});

describe("blocked", () => {
  it("is a user whom an enforced policy refused", () => {
    const summary = observe(signIn(1, refused(53003)));
    expect(phase(summary)).toMatchObject({ blocked: 1, blockedUsers: [userIdOfAccount(objectId(1))] });
    expect(summary.evidence).toHaveLength(1);
  });

  it.each([50072, 50074, 50076, 50079])("is not a capable user who is asked for MFA (%i)", (code) => {
    expect(phase(observe(signIn(1, refused(code))))).toMatchObject({ blocked: 0, wouldBePrompted: 1 });
  });

  it("is a user who is not capable and does not get in after the prompt", () => {
    const before = signIn(2, at("08:00"));
    expect(phase(observe(before, signIn(2, { ...refused(50079), ...at("09:00") })))).toMatchObject({ blocked: 1 });
  });

  it("is not a user who registers at the prompt and gets in, whatever the order of the log", () => {
    const prompt = signIn(2, { ...refused(50079), ...at("09:00") });
    const after = signIn(2, at("09:05"));
    expect(phase(observe(prompt, after))).toMatchObject({ blocked: 0 });
    expect(phase(observe(after, prompt))).toMatchObject({ blocked: 0 });
  });

  it("is a client that cannot show the prompt, even of a capable user", () => {
    const ropc = signIn(1, { ...refused(50076), protocol: "ropc", interactive: false });
    expect(phase(observe(ropc))).toMatchObject({ blocked: 1 });
  });

  it("is not a background refresh that will ask at the next chance", () => {
    expect(phase(observe(signIn(1, { ...refused(50076), interactive: false })))).toMatchObject({ blocked: 0 });
  });

  it("keeps five sign-ins of a blocked user", () => {
    const many = Array.from({ length: 30 }, (_, n) => signIn(1, { id: `s${n}`, ...refused(53003) }));
    expect(observe(...many).evidence).toHaveLength(5);
  });
});

describe("any order of the log", () => {
  const one = fc.record({
    account: fc.integer({ min: 1, max: 4 }),
    minute: fc.integer({ min: 10, max: 59 }),
    over: fc.constantFrom(
      {},
      { clientApp: "IMAP4" },
      reportOnly("report_only_interrupted"),
      refused(50079),
      refused(53003),
    ),
  });

  it("gives the same phases and findings", () => {
    fc.assert(
      fc.property(fc.array(one, { maxLength: 30 }), (entries) => {
        const signIns = entries.map(({ account, minute, over }) => signIn(account, { ...at(`09:${minute}`), ...over }));
        const forwards = observe(...signIns);
        const backwards = observe(...signIns.toReversed());
        expect(backwards.phases).toEqual(forwards.phases);
        expect(backwards.findings).toEqual(forwards.findings);
      }),
    );
  });
});
