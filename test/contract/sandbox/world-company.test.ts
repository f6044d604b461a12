import { describe, expect, it } from "vitest";
import { accountOf, cast, type Named, staff, world } from "./world-builder.ts";

describe("the company", () => {
  it("has 214 active employees in five departments", () => {
    expect(world().dump()).toMatchObject({
      activeEmployees: 214,
      activeByDepartment: { IT: 12, Sales: 58, Engineering: 71, Operations: 49, Finance: 24 },
    });
  });

  it("has exactly 14 accounts that need a carve-out, each of its own kind", () => {
    const here = world();
    const { exceptions } = cast(here);
    const counts = Object.fromEntries(Object.entries(exceptions).map(([kind, accounts]) => [kind, accounts.length]));
    expect(counts).toEqual({ serviceAccounts: 5, sharedMailboxes: 4, onLeave: 3, emergencyAccess: 2 });
    const ids = Object.values(exceptions).flatMap((accounts) => accounts.map(({ id }) => id));
    expect(new Set(ids).size).toBe(14);
    expect([...here.accounts.values()].filter(({ userPurpose }) => userPurpose === "shared")).toHaveLength(4);
  });

  it("gives the sync account its role and the emergency accounts theirs", () => {
    const here = world();
    const { exceptions, people } = cast(here);
    expect(accountOf(here, people.directorySync?.[0])).toMatchObject({
      userPrincipalName: expect.stringMatching(/^Sync_.+@larkfieldfoods\.onmicrosoft\.com$/),
      roles: ["d29b2b05-8046-44ba-8758-1e26182fcf32"],
    });
    for (const named of exceptions.emergencyAccess ?? []) {
      expect(accountOf(here, named)).toMatchObject({
        userPrincipalName: expect.stringMatching(/@larkfieldfoods\.onmicrosoft\.com$/),
        roles: ["62e90394-69f5-4237-9190-012177145e10"],
        methodsRegistered: ["fido2"],
        onPremisesSyncEnabled: null,
      });
    }
  });

  it("has people on leave who are all away beyond the middle of November and all Active", () => {
    const here = world();
    const records = (cast(here).exceptions.onLeave ?? []).map(({ employeeId }) => here.employees.get(employeeId ?? ""));
    expect(records.map((record) => [record?.status, record?.employmentStatus])).toEqual([
      ["Active", "Parental Leave"],
      ["Active", "Leave of Absence"],
      ["Active", expect.stringMatching(/-Time$/)],
    ]);
    expect(here.timeOff.filter(({ employeeId }) => employeeId === records[2]?.id)).toMatchObject([
      { start: "2026-09-21", end: "2026-11-20" },
    ]);
    expect(here.timeOff.filter(({ end }) => end >= "2026-11-15")).toHaveLength(1);
  });

  it("is untidy", () => {
    const here = world();
    const accounts = [...here.accounts.values()];
    const names = accounts.map(({ displayName }) => displayName);
    expect(names).toContain("Łukasz Wójcik");
    expect(names).toContain("偉 張");
    expect(names).toContain("Siobhán O'Brien");
    expect(names).toContain("Delgado, Maria");
    expect(names.filter((name) => name === "James Miller")).toHaveLength(2);
    expect(accounts.some(({ mail: address }) => address !== null && address === address.toUpperCase())).toBe(true);
    expect(accounts.filter(({ userType }) => userType === "Guest")).toHaveLength(3);
    expect(accounts.filter(({ accountEnabled }) => !accountEnabled)).toHaveLength(4);
    const withHr = staff(here).filter(({ employeeId }) => employeeId !== null);
    expect(withHr.some(({ employeeId }) => employeeId?.startsWith("LF"))).toBe(true);
    expect(staff(here).length - withHr.length).toBeGreaterThan(10);
  });

  it("has odd managers: one departed, one their own; all others chain up to one head without a manager", () => {
    const here = world();
    const { people } = cast(here);
    const record = (named: Named | undefined) => here.employees.get(named?.employeeId ?? "");
    expect(record(people.ownManager?.[0])?.supervisorId).toBe(people.ownManager?.[0]?.employeeId);
    const departed = record(people.departedManager?.[0]);
    expect(departed?.status).toBe("Inactive");
    const orphaned = people.reportToDepartedManager ?? [];
    expect(orphaned).toHaveLength(3);
    const odd = new Set([...orphaned, ...(people.ownManager ?? [])].map(({ employeeId }) => employeeId));
    const tops = [...here.employees.values()]
      .filter(({ status, id }) => status === "Active" && !odd.has(id))
      .map((employee) => {
        let top = employee;
        for (let steps = 0; top.supervisorId !== null && steps < 10; steps += 1) {
          top = here.employees.get(top.supervisorId) ?? top;
        }
        return top.jobTitle;
      });
    expect(new Set(tops)).toEqual(new Set(["Chief Executive Officer"]));
  });

  it("knows somebody in HR only by an alias of the account", () => {
    const here = world();
    const named = cast(here).people.hrKnowsAliasOnly?.[0];
    const { workEmail } = here.employees.get(named?.employeeId ?? "") ?? { workEmail: null };
    const account = accountOf(here, named);
    expect([account.mail, account.userPrincipalName, account.employeeId]).not.toContain(workEmail);
    expect(account.employeeId).toBeNull();
    expect(account.proxyAddresses).toContain(`smtp:${workEmail}`);
  });

  it("has an enabled account of somebody departed and a contractor without an HR record", () => {
    const here = world();
    const { people } = cast(here);
    expect(here.employees.get(people.departedButEnabled?.[0]?.employeeId ?? "")?.status).toBe("Inactive");
    expect(accountOf(here, people.departedButEnabled?.[0]).accountEnabled).toBe(true);
    const contractor = accountOf(here, people.contractor?.[0]);
    expect(contractor).toMatchObject({ department: "Engineering", managerId: expect.any(String) });
    expect([...here.employees.values()].some(({ workEmail }) => workEmail === contractor.mail)).toBe(false);
  });

  it("uses every id and address once", () => {
    const here = world({ employees: 3000 });
    const names = [...here.accounts.values()].map(({ userPrincipalName }) => userPrincipalName.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    const addresses = [...here.accounts.values()].flatMap(({ proxyAddresses }) =>
      proxyAddresses.map((one) => one.toLowerCase()),
    );
    expect(new Set(addresses).size).toBe(addresses.length);
    const ids = [...here.employees.values()].flatMap(({ id, employeeNumber }) => [id, employeeNumber]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("is the same company for the same seed, and another for another", () => {
    const people = (seed: number) =>
      [...world({ seed }).accounts.values()].map(({ id, displayName }) => [id, displayName]);
    expect(people(5)).toEqual(people(5));
    expect(people(5)).not.toEqual(people(6));
  });

  it("grows with its departments in proportion, and refuses to be too small for its cast", () => {
    const here = world({ employees: 1000 });
    expect(here.dump()).toMatchObject({
      activeEmployees: 1000,
      activeByDepartment: { IT: 56, Sales: 271, Engineering: 332, Operations: 229, Finance: 112 },
    });
    expect(() => world({ employees: 59 })).toThrow(RangeError);
  });
});

describe("the smallest company", () => {
  it("has three departments, every part that Larkfield Foods has, and the same accounts to carve out", () => {
    const [small, large] = [world({ company: "larkfield-shop", employees: 26 }), world()];
    expect(small.dump()).toMatchObject({
      activeEmployees: 26,
      activeByDepartment: { IT: 3, Sales: 12, Engineering: 11 },
    });
    const parts = (of: ReturnType<typeof world>) =>
      Object.entries(cast(of).people).flatMap(([part, players]) => (players.length > 0 ? [part] : []));
    expect(parts(small)).toEqual(parts(large));
    const counts = ({ exceptions }: ReturnType<typeof cast>) =>
      Object.entries(exceptions).map(([kind, accounts]) => [kind, accounts.length]);
    expect(counts(cast(small))).toEqual(counts(cast(large)));
  });
});

describe("a large company", () => {
  it("has 20,000 employees", () => {
    expect(world({ employees: 20_000 }).dump()).toMatchObject({ activeEmployees: 20_000 });
  });
});
