import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { employeeId, entraObjectId, smtpAddress, userPrincipalName } from "../../../src/domain/model/ids.ts";
import { addDays } from "../../../src/domain/model/time.ts";
import { anAccount, anEmployee, aRegistration, at, join, TODAY, usersById } from "./people.ts";

const kindsOf = (findings: readonly { kind: string }[]) => findings.map(({ kind }) => kind);

/** Only the findings about the join itself; those about managers come with every joined user of these tests. */
const joinKinds = (findings: readonly { kind: string }[]) =>
  kindsOf(findings).filter((kind) => kind !== "manager_fallback");

describe("joining", () => {
  it("prefers the employee id to an address that belongs to somebody else", () => {
    const users = usersById({
      employees: [anEmployee("101"), anEmployee("102", { workEmail: at("ada") })],
      accounts: [anAccount("ada", { employeeId: "101" })],
    });
    expect(users.get("usr_oid-ada")).toMatchObject({ matchedBy: "employee_id", employee: { id: "101" } });
    expect(users.get("usr_emp_102")).toMatchObject({ correlation: "missing_account" });
  });

  it("takes the badge number for the employee id", () => {
    const { users } = join({
      employees: [anEmployee("7", { employeeNumber: "LF-0042" })],
      accounts: [anAccount("ada", { employeeId: " lf-0042 " })],
    });
    expect(users).toMatchObject([{ correlation: "correlated", matchedBy: "employee_id" }]);
  });

  it.each([
    ["upn", { upn: userPrincipalName("Work@Larkfield.test"), mail: null, proxyAddresses: [] }],
    ["mail", { upn: userPrincipalName("x@larkfield.test"), mail: at("work"), proxyAddresses: [] }],
    ["proxy_address", { upn: userPrincipalName("x@larkfield.test"), mail: at("x"), proxyAddresses: [at("work")] }],
  ])("joins by %s", (matchedBy, facts) => {
    const { users } = join({
      employees: [anEmployee("1", { workEmail: at("work") })],
      accounts: [anAccount("a", facts)],
    });
    expect(users).toMatchObject([{ matchedBy }]);
  });

  it("compares full-width and upper-case addresses as equal", () => {
    const { users } = join({
      employees: [anEmployee("1", { workEmail: smtpAddress("ＡＤＡ@Larkfield.test") })],
      accounts: [anAccount("ada")],
    });
    expect(users).toMatchObject([{ correlation: "correlated" }]);
  });

  it("prefers the primary address of one account to an alias of another, and reports the other", () => {
    const { users, findings } = join({
      employees: [anEmployee("1", { workEmail: at("ada") })],
      accounts: [anAccount("ada"), anAccount("old", { proxyAddresses: [at("ada")] })],
    });
    expect(users).toMatchObject([{ id: "usr_oid-ada", matchedBy: "upn" }, { correlation: "orphan_account" }]);
    expect(findings[0]).toMatchObject({
      kind: "two_accounts_one_employee",
      userIds: ["usr_oid-ada", "usr_oid-old"],
    });
  });

  it("joins neither of two accounts with one employee id", () => {
    const { users, findings } = join({
      employees: [anEmployee("1", { workEmail: at("ada") })],
      accounts: [anAccount("ada", { employeeId: "1" }), anAccount("adm-ada", { employeeId: "1" })],
    });
    expect(users.map(({ correlation }) => correlation)).toEqual([
      "missing_account",
      "orphan_account",
      "orphan_account",
    ]);
    expect(findings[0]).toMatchObject({
      kind: "two_accounts_one_employee",
      userIds: ["usr_emp_1", "usr_oid-ada", "usr_oid-adm-ada"],
    });
  });

  it("joins neither of two employees with one address", () => {
    const { users, findings } = join({
      employees: [anEmployee("1", { workEmail: at("ada") }), anEmployee("2", { workEmail: at("ada") })],
      accounts: [anAccount("ada")],
    });
    expect(users.every(({ correlation }) => correlation !== "correlated")).toBe(true);
    expect(joinKinds(findings)).toEqual([
      "two_employees_one_address",
      "missing_account",
      "missing_account",
      "orphan_account",
    ]);
    expect(findings[0]?.userIds).toEqual(["usr_emp_1", "usr_emp_2", "usr_oid-ada"]);
  });

  it("keeps joins by id although the two share an address, and says nothing", () => {
    const { findings } = join({
      employees: [anEmployee("1", { workEmail: at("team") }), anEmployee("2", { workEmail: at("team") })],
      accounts: [anAccount("ada", { employeeId: "1" }), anAccount("bob", { employeeId: "2" })],
    });
    expect(joinKinds(findings)).toEqual([]);
  });

  it("does not guess when an id is one person's id and another's badge number", () => {
    const { users, findings } = join({
      employees: [anEmployee("10"), anEmployee("11", { employeeNumber: "10" })],
      accounts: [anAccount("ada", { employeeId: "10" })],
    });
    expect(users.every(({ correlation }) => correlation !== "correlated")).toBe(true);
    expect(findings[0]).toMatchObject({
      kind: "one_account_two_employees",
      userIds: ["usr_emp_10", "usr_emp_11", "usr_oid-ada"],
    });
  });

  it("compares no other id where HR says which one Entra has", () => {
    const { users, findings } = join({
      employees: [
        anEmployee("10", { entraEmployeeId: "13" }),
        anEmployee("13", { entraEmployeeId: "16", employeeNumber: "13" }),
        anEmployee("20", { entraEmployeeId: null }),
      ],
      accounts: [anAccount("ada", { employeeId: "13" }), anAccount("bob", { employeeId: "20" })],
    });
    expect(users.find(({ id }) => id === "usr_oid-ada")).toMatchObject({
      employee: { id: "10" },
      matchedBy: "employee_id",
    });
    expect(users.find(({ id }) => id === "usr_oid-bob")).toMatchObject({ correlation: "orphan_account" });
    expect(joinKinds(findings)).not.toContain("one_account_two_employees");
  });

  it("lets an address settle which of the two an ambiguous id means", () => {
    const { users, findings } = join({
      employees: [anEmployee("10"), anEmployee("11", { employeeNumber: "10", workEmail: at("ada") })],
      accounts: [anAccount("ada", { employeeId: "10" })],
    });
    expect(users.find(({ id }) => id === "usr_oid-ada")).toMatchObject({ employee: { id: "11" }, matchedBy: "upn" });
    expect(kindsOf(findings)).not.toContain("one_account_two_employees");
  });

  it("does not let an address overrule both people an ambiguous id may mean", () => {
    const { users } = join({
      employees: [
        anEmployee("10"),
        anEmployee("11", { employeeNumber: "10" }),
        anEmployee("12", { workEmail: at("ada") }),
      ],
      accounts: [anAccount("ada", { employeeId: "10" })],
    });
    expect(users.find(({ id }) => id === "usr_oid-ada")).toMatchObject({ correlation: "orphan_account" });
  });

  it("never joins a guest", () => {
    const { users } = join({
      employees: [anEmployee("1", { workEmail: at("ada") })],
      accounts: [anAccount("ada", { kind: "guest", employeeId: "1" })],
    });
    expect(users.map(({ correlation }) => correlation)).toEqual(["missing_account", "orphan_account"]);
  });

  it("takes an equal name for a suggestion and not for a match", () => {
    const { users, findings } = join({
      employees: [anEmployee("1", { displayName: "Zoë O'Brien" })],
      accounts: [anAccount("zob", { displayName: "OBrien, Zoe" })],
    });
    expect(users).toHaveLength(2);
    expect(findings.at(-1)).toMatchObject({ kind: "possible_match_by_name", userIds: ["usr_emp_1", "usr_oid-zob"] });
  });
});

describe("who is listed", () => {
  it("puts an enabled account of a departed employee first among the findings", () => {
    const { findings } = join({
      employees: [anEmployee("1", { status: "terminated", workEmail: at("ada") }), anEmployee("2")],
      accounts: [anAccount("ada"), anAccount("other")],
    });
    expect(findings[0]).toMatchObject({ kind: "departed_but_enabled", userIds: ["usr_oid-ada"] });
  });

  it("lists a departed employee only while there is an account", () => {
    const departed = anEmployee("1", { status: "terminated", workEmail: at("ada") });
    expect(join({ employees: [departed] }).users).toEqual([]);
    const { users, findings } = join({ employees: [departed], accounts: [anAccount("ada", { enabled: false })] });
    expect(users).toMatchObject([{ correlation: "correlated" }]);
    expect(findings).toEqual([]);
  });

  it("misses the account of a future employee from the hire date on", () => {
    const hire = anEmployee("1", { status: "future", hireDate: addDays(TODAY, 1) });
    expect(join({ employees: [hire] })).toMatchObject({ users: [], findings: [], counts: { employeesActive: 0 } });
    const started = join({ employees: [hire], today: addDays(TODAY, 1) });
    expect(started.counts).toMatchObject({ employeesActive: 1, missingAccounts: 1 });
    expect(kindsOf(started.findings)).toEqual(["missing_account"]);
  });

  it("reports an employee whose account is disabled", () => {
    const { findings } = join({
      employees: [anEmployee("1", { workEmail: at("ada") })],
      accounts: [anAccount("ada", { enabled: false })],
    });
    expect(kindsOf(findings)).toEqual(["disabled_but_employed"]);
  });

  it("takes HR's word for name and department, Entra's for the address", () => {
    const { users } = join({
      employees: [anEmployee("1", { workEmail: at("alias"), department: "Finance", displayName: "Ada HR" })],
      accounts: [anAccount("ada", { proxyAddresses: [at("alias")], department: "Accounts", displayName: "Ada Entra" })],
    });
    expect(users).toMatchObject([{ displayName: "Ada HR", department: "Finance", address: at("ada") }]);
  });

  it("counts a missing row of the registration report as unknown, except for a disabled account", () => {
    const { counts } = join({
      accounts: [anAccount("a"), anAccount("b"), anAccount("c"), anAccount("off", { enabled: false })],
      registrations: [aRegistration("a", true), aRegistration("b", false)],
    });
    expect(counts).toMatchObject({ accounts: 4, registered: 1, capable: 1, unknownRegistration: 1 });
  });
});

describe("managers", () => {
  const boss = anEmployee("1", { workEmail: at("boss"), displayName: "The Boss" });
  const bossAccount = anAccount("boss");
  const managerOf = (facts: object, account: object = {}, others: object = {}) =>
    usersById({
      employees: [{ ...boss, ...others }, anEmployee("2", { workEmail: at("ada"), ...facts })],
      accounts: [bossAccount, anAccount("ada", account), anAccount("chief", { displayName: "Chief" })],
    }).get("usr_oid-ada")?.manager;

  it("comes from HR by id", () => {
    expect(managerOf({ managerId: employeeId("1") })).toEqual({
      userId: "usr_oid-boss",
      displayName: "The Boss",
      address: at("boss"),
      state: "ok",
    });
  });

  it("comes from HR by e-mail", () => {
    expect(managerOf({ managerEmail: at("boss") })).toMatchObject({ userId: "usr_oid-boss", state: "ok" });
  });

  it("comes from Entra where HR names nobody", () => {
    expect(managerOf({}, { managerId: entraObjectId("oid-chief") })).toMatchObject({ userId: "usr_oid-chief" });
  });

  it("comes from HR although Entra says otherwise", () => {
    const manager = managerOf({ managerId: employeeId("1") }, { managerId: entraObjectId("oid-chief") });
    expect(manager).toMatchObject({ userId: "usr_oid-boss" });
  });

  it("is departed when HR says so", () => {
    expect(managerOf({ managerId: employeeId("1") }, {}, { status: "terminated" })).toMatchObject({
      state: "departed",
    });
  });

  it("is self for who manages themselves", () => {
    expect(managerOf({ managerId: employeeId("2") })).toMatchObject({ state: "self" });
  });

  it("is unreachable at an address that nobody here has", () => {
    expect(managerOf({ managerEmail: at("stranger") })).toMatchObject({ userId: null, state: "unreachable" });
  });

  it("is none when neither system names one, which is a finding", () => {
    expect(managerOf({})).toBeNull();
    const { findings } = join({ employees: [boss], accounts: [bossAccount] });
    expect(findings).toMatchObject([{ kind: "manager_fallback", userIds: ["usr_oid-boss"] }]);
  });
});

describe("the list as a whole", () => {
  const name = fc.constantFrom("a", "b", "c", "d", "e");
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
  const employees = fc
    .array(
      fc.record({
        employeeNumber: maybe(fc.constantFrom("0", "1", "2", "77")),
        workEmail: maybe(name.map(at)),
        status: fc.constantFrom("active" as const, "terminated" as const, "future" as const),
        managerId: maybe(fc.constantFrom("0", "1", "9").map(employeeId)),
      }),
      { maxLength: 6 },
    )
    .map((list) => list.map((facts, index) => anEmployee(String(index), facts)));
  const accounts = fc
    .array(
      fc.record({
        upn: name.map((n) => userPrincipalName(at(n))),
        mail: maybe(name.map(at)),
        proxyAddresses: fc.array(name.map(at), { maxLength: 2 }),
        employeeId: maybe(fc.constantFrom("0", "1", "2", "77", "none")),
        kind: fc.constantFrom("member" as const, "guest" as const),
        enabled: fc.boolean(),
      }),
      { maxLength: 6 },
    )
    .map((list) => list.map((facts, index) => anAccount(String(index), facts)));
  const shuffled = <T>(list: readonly T[]) => fc.shuffledSubarray([...list], { minLength: list.length });

  it("does not depend on the order of what was read", () => {
    const property = fc.property(
      fc.tuple(employees, accounts).chain(([e, a]) => fc.tuple(fc.constant([e, a] as const), shuffled(e), shuffled(a))),
      ([[e, a], e2, a2]) => {
        expect(join({ employees: e2, accounts: a2 })).toEqual(join({ employees: e, accounts: a }));
      },
    );
    fc.assert(property, { numRuns: 500 });
  });

  it("shows every account and every active employee exactly once", () => {
    const property = fc.property(employees, accounts, (e, a) => {
      const { users } = join({ employees: e, accounts: a });
      const seenAccounts = users.flatMap(({ account }) => account?.objectId ?? []).sort();
      const seenEmployees = users.flatMap(({ employee }) => (employee?.status === "active" ? employee.id : [])).sort();
      expect(seenAccounts).toEqual(a.map(({ objectId }) => objectId).sort());
      expect(seenEmployees).toEqual(e.flatMap(({ id, status }) => (status === "active" ? id : [])).sort());
      expect(new Set(users.map(({ id }) => id)).size).toBe(users.length);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it("is made of 100,000 users", () => {
    const ids = Array.from({ length: 100_000 }, (_, index) => String(index));
    const people = ids.map((id) =>
      anEmployee(id, { workEmail: at(`p${id}`), managerId: employeeId(String(Number(id) >> 3)) }),
    );
    const { counts } = join({ employees: people, accounts: ids.map((id) => anAccount(`p${id}`)) });
    expect(counts.correlated).toBe(100_000);
  });
});
