import { describe, expect, it } from "vitest";
import { type Classification, classify } from "../../../src/domain/exceptions/classify.ts";
import type { ExceptionOverride } from "../../../src/domain/exceptions/overrides.ts";
import { entraObjectId, type UserId, userIdOfAccount, userPrincipalName } from "../../../src/domain/model/ids.ts";
import type { Account, Leave } from "../../../src/domain/model/people.ts";
import { addDays, calendarDate } from "../../../src/domain/model/time.ts";
import type { PeopleRead } from "../../../src/domain/reconcile/reconcile.ts";
import { anAccount, anEmployee, at, DEADLINE, join, TODAY } from "../reconcile/people.ts";
import { CUSTOMER } from "./customer.ts";

const idOf = (name: string): UserId => userIdOfAccount(entraObjectId(`oid-${name}`));
const run = (read: Partial<PeopleRead>, overrides: ExceptionOverride[] = [], today = TODAY) =>
  classify({ users: join({ ...read, today }).users, customer: CUSTOMER, overrides, today, deadline: DEADLINE });

function classified(read: Partial<PeopleRead>, overrides: ExceptionOverride[] = [], today = TODAY): Classification {
  const result = run(read, overrides, today);
  if ("problems" in result) throw new Error(result.problems.map(({ problem }) => problem).join("; "));
  return result;
}

/** `[kind, confidence]` that one account gets, or null. */
function verdictOn(account: Account, read: Partial<PeopleRead> = {}): readonly [string, string] | null {
  const { register, suggestions } = classified({ accounts: [account], ...read });
  const [certain] = register;
  const [suggested] = suggestions;
  if (certain) return [certain.kind, "certain"];
  return suggested ? [suggested.verdict.kind, "suggested"] : null;
}

const manager = { managerId: entraObjectId("oid-boss") };
const managed = (name: string, facts: Partial<Account> = {}) => ({
  accounts: [anAccount(name, { ...manager, ...facts }), anAccount("boss", { givenName: "Bo", ...manager })],
});
const purposeOf = (name: string, purpose: "shared" | "room" | "equipment" | "none") => ({
  purposes: new Map([[entraObjectId(`oid-${name}`), purpose]]),
});

describe("emergency access", () => {
  it("is certain for a configured account", () => {
    expect(verdictOn(anAccount("bg1"))).toEqual(["emergency_access", "certain"]);
  });

  it.each(["break-glass-2", "BreakGlass", "emergency.access"])("is only suggested by the name %s", (name) => {
    expect(verdictOn(anAccount(name))).toEqual(["emergency_access", "suggested"]);
  });

  it("comes before every other kind", () => {
    const read = { directorySync: new Set([entraObjectId("oid-bg1")]), ...purposeOf("bg1", "shared") };
    expect(verdictOn(anAccount("bg1"), read)).toEqual(["emergency_access", "certain"]);
  });
});

describe("directory sync", () => {
  const sync = anAccount("sync", { upn: userPrincipalName("Sync_LARK01_ab12@larkfield.onmicrosoft.com"), mail: null });

  it("is certain for who holds the role", () => {
    const read = { directorySync: new Set([sync.objectId]) };
    expect(verdictOn(sync, read)).toEqual(["directory_sync", "certain"]);
  });

  it("does not take the name alone for proof", () => {
    const named = { ...sync, ...manager };
    expect(verdictOn(named, { accounts: [named, ...managed("boss2").accounts] })).toEqual([
      "directory_sync",
      "suggested",
    ]);
  });

  it("does not take the name on another domain for a sign", () => {
    const elsewhere = anAccount("x", { upn: userPrincipalName("sync_x@larkfield.test"), ...manager });
    expect(verdictOn(elsewhere, { accounts: [elsewhere, ...managed("boss2").accounts] })?.[0]).not.toBe(
      "directory_sync",
    );
  });
});

describe("service accounts", () => {
  it.each(["svc-backup", "SVC_sql-reports", "scanner.floor2", "noreply"])(
    "are certain by name and no manager: %s",
    (name) => {
      expect(verdictOn(anAccount(name))).toEqual(["service_account", "certain"]);
    },
  );

  it("are suggested by the name alone", () => {
    expect(verdictOn(anAccount("svc-x"), managed("svc-x"))).toEqual(["service_account", "suggested"]);
  });

  it("are suggested by two signs without a name", () => {
    expect(verdictOn(anAccount("payroll", { licensed: false }))).toEqual(["service_account", "suggested"]);
  });

  it("are no contractors: an unmanaged person with a licence is no exception", () => {
    expect(verdictOn(anAccount("jo.contractor", { givenName: "Jo" }))).toBeNull();
  });

  it("are no employees, whatever the name", () => {
    const read = { employees: [anEmployee("1", { workEmail: at("svc-ada") })] };
    expect(verdictOn(anAccount("svc-ada", { licensed: false }), read)).toBeNull();
  });
});

describe("mailboxes", () => {
  it("are exceptions when shared", () => {
    expect(verdictOn(anAccount("info"), purposeOf("info", "shared"))).toEqual(["shared_mailbox", "certain"]);
  });

  it("ask a person when a current employee's is shared", () => {
    const read = { employees: [anEmployee("1", { workEmail: at("ada") })], ...purposeOf("ada", "shared") };
    expect(verdictOn(anAccount("ada"), read)).toEqual(["shared_mailbox", "suggested"]);
  });

  it.each(["room", "equipment"] as const)("are exceptions when for %s", (purpose) => {
    expect(verdictOn(anAccount("r1"), purposeOf("r1", purpose))).toEqual(["room_or_equipment", "certain"]);
  });
});

describe("leave", () => {
  const leave = (facts: Partial<Leave>): Partial<PeopleRead> => ({
    employees: [
      anEmployee("1", {
        workEmail: at("ada"),
        leave: {
          source: "employment_status",
          label: "Parental Leave",
          from: addDays(TODAY, -30),
          until: null,
          ...facts,
        },
      }),
    ],
    accounts: [anAccount("ada")],
  });

  it("expires with its last day", () => {
    const until = calendarDate("2027-01-04");
    expect(classified(leave({ until })).register).toMatchObject([{ kind: "on_leave", expires: until }]);
  });

  it("without an end expires 90 days after the deadline and says so", () => {
    const [exception] = classified(leave({})).register;
    expect(exception?.expires).toBe("2027-01-29");
    expect(exception?.evidence.join(" ")).toContain("HR knows no end");
  });

  it("without an end is no exception any more once those 90 days are over", () => {
    expect(classified(leave({}), [], addDays(DEADLINE, 90)).register).toHaveLength(1);
    expect(classified(leave({}), [], addDays(DEADLINE, 91)).register).toEqual([]);
  });

  it.each([
    ["starts tomorrow", { from: addDays(TODAY, 1) }],
    ["ended yesterday", { until: addDays(TODAY, -1) }],
    ["is a holiday of ten days", { source: "time_off" as const, from: TODAY, until: addDays(TODAY, 9) }],
  ])("is none when it %s", (_, facts) => {
    expect(classified(leave(facts)).register).toEqual([]);
  });

  it("holds on its last day", () => {
    expect(classified(leave({ until: TODAY })).register).toHaveLength(1);
  });

  it("counts as time off when that is long", () => {
    const long = { source: "time_off" as const, from: TODAY, until: addDays(TODAY, 27) };
    expect(classified(leave(long)).register).toHaveLength(1);
  });

  it("is owned by the manager, and by the escalation contact where there is none", () => {
    const boss = anEmployee("2", { workEmail: at("boss"), displayName: "The Boss" });
    const read = leave({});
    const withBoss = {
      employees: [...(read.employees ?? []).map((e) => ({ ...e, managerEmail: at("boss") })), boss],
      accounts: [anAccount("ada"), anAccount("boss")],
    };
    expect(classified(withBoss).register[0]?.owner).toBe("The Boss");
    expect(classified(read).register[0]?.owner).toBe("Ines Marsh");
  });
});

describe("the register", () => {
  it("holds no disabled account and no guest", () => {
    const accounts = [anAccount("svc-off", { enabled: false }), anAccount("svc-guest", { kind: "guest" })];
    expect(classified({ accounts })).toEqual({ register: [], suggestions: [] });
  });

  it("is the same on another day", () => {
    const read = { accounts: [anAccount("svc-b"), anAccount("bg1"), anAccount("svc-a")] };
    const today = classified(read);
    expect(classified(read, [], addDays(TODAY, 9))).toEqual(today);
    expect(today.register.map(({ upn }) => upn.split("@")[0])).toEqual(["bg1", "svc-a", "svc-b"]);
  });
});

describe("overrides", () => {
  const override = (facts: Partial<ExceptionOverride> = {}): ExceptionOverride => ({
    userId: idOf("ada"),
    action: "add",
    reason: "Owner asked",
    owner: "Ines Marsh",
    expires: calendarDate("2026-12-31"),
    ...facts,
  });
  const ada = { accounts: [anAccount("ada", { givenName: "Ada" }), anAccount("svc-x")] };

  it("add an exception with their own reason, owner and expiry", () => {
    expect(classified(ada, [override({ reason: " Owner asked " })]).register.at(-1)).toMatchObject({
      kind: "other",
      reason: "Owner asked",
      owner: "Ines Marsh",
      expires: "2026-12-31",
      source: "override",
    });
  });

  it("replace what a rule said and keep its evidence", () => {
    const [exception] = classified(ada, [override({ userId: idOf("svc-x") })]).register;
    expect(exception).toMatchObject({ kind: "service_account", source: "override" });
    expect(exception?.evidence).toContain("Entra: it has no manager.");
  });

  it("remove what a rule said, for good", () => {
    const removed = classified(ada, [override({ userId: idOf("svc-x"), action: "remove" })]);
    expect(removed).toEqual({ register: [], suggestions: [] });
  });

  it.each([
    ["an expiry of yesterday", { expires: addDays(TODAY, -1) }],
    ["an expiry in more than a year", { expires: addDays(TODAY, 367) }],
    ["no reason", { reason: " " }],
    ["no owner", { owner: "" }],
    ["an unknown user", { userId: idOf("nobody") }],
    ["emergency access that is not configured", { kind: "emergency_access" as const }],
  ])("are refused with %s", (_, facts) => {
    expect(run(ada, [override(facts)])).toMatchObject({ problems: [{ index: 0 }] });
  });

  it("hold on their last day, so that a table of today can still be made", () => {
    expect(run(ada, [override({ expires: TODAY })])).toMatchObject({
      register: expect.arrayContaining([expect.objectContaining({ expires: TODAY })]),
    });
  });

  it("are refused twice for one user", () => {
    expect(run(ada, [override(), override()])).toMatchObject({ problems: [{ index: 0 }, { index: 1 }] });
  });

  it("cannot take an emergency access account off the list", () => {
    const result = run({ accounts: [anAccount("bg1")] }, [override({ userId: idOf("bg1"), action: "remove" })]);
    expect(result).toHaveProperty("problems");
  });
});
