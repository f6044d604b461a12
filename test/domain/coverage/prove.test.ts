import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ProofLine } from "../../../src/domain/coverage/proof-line.ts";
import { ProofTally, RECOUNTS } from "../../../src/domain/coverage/proof-tally.ts";
import { type Evidence, prover } from "../../../src/domain/coverage/prove.ts";
import { type AccessPolicy, type Audience, NOBODY } from "../../../src/domain/foresight/access-policy.ts";
import { CLOSING_PHASE, type EntraObjectId, sha256, userPrincipalName } from "../../../src/domain/model/ids.ts";
import type { Account } from "../../../src/domain/model/people.ts";
import type { PolicyState } from "../../../src/domain/model/phase.ts";
import { calendarDate } from "../../../src/domain/model/time.ts";
import { accessPolicy } from "../../support/access-policy.ts";
import { account, exception, IT, objectId, roster, SALES, user } from "../../support/rollout-facts.ts";

const SIGNED = sha256("c".repeat(64));
const EVERYONE: Audience = { ...NOBODY, everyone: true };
const ADMIN_ROLE = "62e90394-69f5-4237-9190-012177145e10";

const closing = (exclude: Partial<Audience> = {}, over: Partial<AccessPolicy> = {}): AccessPolicy =>
  accessPolicy({
    ...{ id: "closing", displayName: "MFA: all users" },
    users: { include: EVERYONE, exclude: { ...NOBODY, ...exclude } },
    ...over,
  });
const forGroup = (group: string, over: Partial<AccessPolicy> = {}): AccessPolicy =>
  accessPolicy({
    id: group,
    displayName: `MFA: ${group}`,
    users: { include: { ...NOBODY, groups: [group] }, exclude: NOBODY },
    ...over,
  });
const members = (
  groups: Readonly<Record<string, readonly number[]>>,
): ReadonlyMap<string, ReadonlySet<EntraObjectId>> =>
  new Map(Object.entries(groups).map(([id, who]) => [id, new Set(who.map(objectId))]));

const evidence = (over: Partial<Evidence> = {}): Evidence => ({
  policies: [closing({ groups: ["exceptions"] })],
  membership: { groups: members({ exceptions: [3] }), roles: new Map() },
  direct: members({ exceptions: [3] }),
  registrations: new Map(),
  users: [user(1), user(3)],
  roster: roster({ byPhase: { [SALES]: [user(1)] }, excepted: [3] }),
  register: [exception(3)],
  signoff: SIGNED,
  today: calendarDate("2026-10-29"),
  ...over,
});
const lineOf = (who: Account | number, over: Partial<Evidence> = {}): ProofLine =>
  prover(evidence(over))(typeof who === "number" ? account(who) : who);

describe("a line of the proof", () => {
  it("names the enforced policy and that it is for everyone", () => {
    expect(lineOf(1)).toMatchObject({
      state: "enforced",
      policyId: "closing",
      policyName: "MFA: all users",
      policyState: "enforced",
      by: "everyone",
      why: "Enforced by MFA: all users, which is for everyone.",
    });
  });

  it("says of whom an ended exception still spares that it is until the date told", () => {
    const people = roster({ byPhase: { [SALES]: [user(1), user(3)] }, late: [3], returning: [3] });
    expect(lineOf(3, { roster: people, register: [] })).toMatchObject({
      state: "not_covered",
      gap: "under_notice",
      why: "MFA: all users leaves it out until the date that was told after its exception ended.",
    });
  });

  it("tells a direct member of a policy's group from one by a nested group", () => {
    const groups = {
      policies: [forGroup("sales")],
      membership: { groups: members({ sales: [1, 2] }), roles: new Map() },
      direct: members({ sales: [1] }),
    };
    expect(lineOf(1, groups)).toMatchObject({ state: "enforced", by: "group", through: "sales", nested: false });
    expect(lineOf(2, groups)).toMatchObject({ state: "enforced", by: "group", through: "sales", nested: true });
    expect(lineOf(4, groups)).toMatchObject({ state: "not_covered", gap: "no_policy" });
  });

  it("names the role by which a policy for administrators applies", () => {
    const policies = [accessPolicy({ users: { include: { ...NOBODY, roles: [ADMIN_ROLE] }, exclude: NOBODY } })];
    const roles = { policies, membership: { groups: new Map(), roles: members({ [ADMIN_ROLE]: [1] }) } };
    expect(lineOf(1, roles)).toMatchObject({ state: "enforced", by: "role", through: ADMIN_ROLE, nested: null });
    expect(lineOf(2, roles)).toMatchObject({ state: "not_covered", gap: "no_policy" });
  });

  it("names a user whom a policy names", () => {
    const policies = [accessPolicy({ users: { include: { ...NOBODY, users: [objectId(1)] }, exclude: NOBODY } })];
    expect(lineOf(1, { policies })).toMatchObject({ state: "enforced", by: "user", through: null });
  });

  it("gives the signed exception with kind, owner, expiry and sign-off", () => {
    expect(lineOf(3)).toMatchObject({
      state: "excepted",
      exception: exception(3).userId,
      exceptionKind: "service_account",
      owner: "Ines Ortiz",
      expires: "2027-10-01",
      signoff: SIGNED,
      policyId: "closing",
      through: "exceptions",
    });
  });

  it("counts no exception that is not signed off, or is over", () => {
    expect(lineOf(3, { signoff: null })).toMatchObject({ state: "not_covered", gap: "exception_not_signed" });
    const over = { register: [exception(3, { expires: calendarDate("2026-10-28") })] };
    expect(lineOf(3, over)).toMatchObject({ state: "not_covered", gap: "exception_expired" });
    const lastDay = { register: [exception(3, { expires: calendarDate("2026-10-29") })] };
    expect(lineOf(3, lastDay).state).toBe("excepted");
  });

  it("shows an excepted account that a policy covers all the same as enforced", () => {
    expect(lineOf(3, { policies: [closing()] })).toMatchObject({ state: "enforced", exceptionKind: "service_account" });
  });

  it.each<[string, Partial<Audience>, Partial<ProofLine>]>([
    ["by name", { users: [objectId(1)] }, { by: "user" }],
    ["by a group", { groups: ["friends"] }, { by: "group", through: "friends", nested: false }],
    ["by a group within a group", { groups: ["outer"] }, { by: "group", through: "outer", nested: true }],
    ["by a role", { roles: [ADMIN_ROLE] }, { by: "role", through: ADMIN_ROLE }],
  ])("shows an account that somebody left out %s as a finding", (_, exclude, named) => {
    const found = lineOf(1, {
      policies: [closing(exclude)],
      membership: { groups: members({ friends: [1], outer: [1] }), roles: members({ [ADMIN_ROLE]: [1] }) },
      direct: members({ friends: [1], outer: [] }),
    });
    expect(found).toMatchObject({ state: "not_covered", gap: "carved_out", policyId: "closing", ...named });
    expect(found.why).toContain("no exception in force says so");
  });

  it("shows a guest whom a policy leaves out as a finding, and covers one whom it does not", () => {
    const guest = account(5, { kind: "guest", upn: userPrincipalName("ann_x.example#EXT#@larkfieldfoods.com") });
    expect(lineOf(guest)).toMatchObject({ state: "enforced", kind: "guest", by: "everyone" });
    const without = { policies: [closing({ guests: ["b2bCollaborationGuest"] })] };
    expect(lineOf(guest, without)).toMatchObject({ state: "not_covered", gap: "carved_out", by: "guest" });
  });

  it("does not vouch for a guest of whom nobody can tell whether the policy leaves out that tenant", () => {
    const guest = account(5, { kind: "guest", upn: userPrincipalName("ann_x.example#EXT#@larkfieldfoods.com") });
    const some = { policies: [closing({ guests: ["b2bCollaborationGuest"], guestsOfTenants: true })] };
    expect(lineOf(guest, some)).toMatchObject({ state: "not_covered", gap: "cannot_be_told" });
  });

  it("says of a disabled account that it cannot sign in, and which policy waits for it", () => {
    expect(lineOf(account(4, { enabled: false }))).toMatchObject({
      state: "cannot_sign_in",
      policyId: "closing",
      why: "The account is disabled; MFA: all users waits for it.",
    });
    expect(lineOf(account(4, { enabled: false }), { policies: [] }).why).toBe("The account is disabled.");
  });

  it("takes nobody for covered by a group that was deleted", () => {
    const gone = { policies: [forGroup("gone")], membership: { groups: members({ gone: [] }), roles: new Map() } };
    expect(lineOf(1, gone)).toMatchObject({ state: "not_covered", gap: "no_policy" });
  });

  it.each<[PolicyState, Partial<ProofLine>]>([
    ["report_only", { state: "report_only", policyState: "report_only" }],
    ["disabled", { state: "not_covered", gap: "policy_disabled", policyState: "disabled" }],
  ])("takes nobody for protected by a policy that is %s", (state, expected) => {
    expect(lineOf(1, { policies: [closing({}, { state })] })).toMatchObject(expected);
  });

  it.each<[string, Partial<AccessPolicy>]>([
    ["one application", { applications: { include: ["Office365"], exclude: [] } }],
    ["all applications but one", { applications: { include: ["All"], exclude: ["app"] } }],
    ["browsers", { clientAppTypes: ["browser"] }],
    ["places that are not trusted", { locations: { include: ["All"], exclude: ["AllTrusted"] } }],
    ["risky sign-ins", { signInRisk: ["high"] }],
    ["what we cannot read", { unread: ["devices"] }],
  ])("takes nobody for enforced by a policy for %s", (_, over) => {
    expect(lineOf(1, { policies: [closing({}, over)] })).toMatchObject({ state: "not_covered", gap: "conditional" });
  });

  it.each<[NonNullable<AccessPolicy["grant"]>, string]>([
    [{ operator: "OR", controls: ["mfa", "compliantDevice"] }, "not_covered"],
    [{ operator: "AND", controls: ["mfa", "compliantDevice"] }, "enforced"],
    [{ operator: "OR", controls: ["phishing_resistant"] }, "enforced"],
    [{ operator: "OR", controls: ["compliantDevice"] }, "not_covered"],
  ])("judges by what a policy demands: %o", (grant, state) => {
    expect(lineOf(1, { policies: [closing({}, { grant })] }).state).toBe(state);
  });

  it("has an account that is newer than the list", () => {
    expect(lineOf(9)).toMatchObject({ listed: false, phase: null, state: "enforced", reported: false, capable: false });
  });
});

describe("the tally of a proof", () => {
  it("adds up, and each of its totals is counted again by searching the lines", () => {
    const anyPerson = fc.record({
      enabled: fc.boolean(),
      guest: fc.boolean(),
      excluded: fc.boolean(),
      excepted: fc.boolean(),
      name: fc.constantFrom("plain", '"state":"enforced"', '"kind":"guest"\n'),
    });
    const anyState = fc.constantFrom<PolicyState>("enforced", "report_only", "disabled");
    fc.assert(
      fc.property(fc.array(anyPerson, { maxLength: 20 }), anyState, fc.boolean(), (people, state, signed) => {
        const accounts = people.map(({ enabled, guest, name }, n) =>
          account(n, { enabled, kind: guest ? "guest" : "member", department: name }),
        );
        const out = people.flatMap(({ excluded }, n) => (excluded ? [n] : []));
        const excepted = people.flatMap((one, n) => (one.excepted ? [n] : []));
        const prove = prover(
          evidence({
            policies: [closing({ groups: ["out"] }, { state })],
            membership: { groups: members({ out }), roles: new Map() },
            users: [],
            register: excepted.map((n) => exception(n)),
            signoff: signed ? SIGNED : null,
          }),
        );
        const tally = new ProofTally("seed");
        const file = accounts.map((one) => {
          const line = prove(one);
          tally.add(line, one);
          return JSON.stringify(line);
        });
        const { totals } = tally;
        const { enforced, excepted: carved, report_only, not_covered, cannot_sign_in } = totals;
        expect(enforced + carved + report_only + not_covered + cannot_sign_in).toBe(totals.accounts);
        expect(totals.accounts).toBe(people.length);
        for (const { total, text } of RECOUNTS) {
          expect(file.filter((line) => line.includes(text)).length, total).toBe(totals[total]);
        }
      }),
    );
  });

  it("counts each phase by its lines, excepted accounts apart, and ends with the sum", () => {
    const tally = new ProofTally("seed");
    for (const n of [1, 3]) tally.add(lineOf(n), account(n));
    const rows = tally.departments([IT, SALES, CLOSING_PHASE].map((id, n) => ({ id, department: id, order: n })));
    expect(rows.map(({ phase, inScope, enforced, exceptions }) => [phase, inScope, enforced, exceptions])).toEqual([
      [IT, 0, 0, 0],
      [SALES, 1, 1, 1],
      [CLOSING_PHASE, 0, 0, 0],
      ["all", 1, 1, 1],
    ]);
  });

  it("draws one account of each kind of line, the same ones for the same seed", () => {
    const draw = (seed: string): readonly string[] => {
      const tally = new ProofTally(seed);
      for (let n = 10; n < 60; n++) tally.add(lineOf(n), account(n));
      tally.add(lineOf(3), account(3));
      tally.add(lineOf(account(4, { enabled: false })), account(4));
      return tally.sample.map(({ objectId: id }) => id);
    };
    expect(draw("a")).toHaveLength(3);
    expect(draw("a")).toEqual(draw("a"));
    expect(draw("a")).toEqual(expect.arrayContaining([objectId(3), objectId(4)]));
    expect(new Set(["a", "b", "c", "d"].map((seed) => draw(seed).join())).size).toBeGreaterThan(1);
  });
});
