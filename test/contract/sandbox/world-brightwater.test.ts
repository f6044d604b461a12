import { describe, expect, it } from "vitest";
import { LARKFIELD } from "../../../src/sandbox/world/profiles/larkfield.ts";
import { accountOf, cast, DAY, isRegistered, mail, staff, world } from "./world-builder.ts";

const START = "2026-09-13T20:00:00Z";
const brightwater = (seed = 1) => world({ company: "brightwater", employees: 118, startsAt: START, seed });

describe("Brightwater Clinics", () => {
  it("shares no name, domain, department or system with the first company", () => {
    const { profile } = brightwater();
    const texts = (of: typeof profile) =>
      [
        of.name,
        of.mailDomain,
        of.tenantDomain,
        of.timeZone,
        of.supportMailbox,
        ...of.locations,
        ...of.departments.flatMap(({ name, head, manager, staff }) => [name, head, manager, ...staff]),
        ...[...of.special.services, ...of.special.sharedMailboxes, ...of.special.emergencyAccess].map(
          ({ local }) => local,
        ),
        of.systems.psaCustomer,
        of.systems.bigQueryProject,
        of.systems.lookerHost,
        of.systems.workday.tenant,
      ] as const;
    const first = new Set(texts(LARKFIELD));
    expect(texts(profile).filter((text) => first.has(text))).toEqual([]);
    expect(profile.departments).toHaveLength(6);
  });

  it("excepts sixteen accounts, rooms among them", () => {
    const { exceptions } = cast(brightwater());
    expect(Object.fromEntries(Object.entries(exceptions).map(([kind, named]) => [kind, named.length]))).toEqual({
      serviceAccounts: 4,
      sharedMailboxes: 3,
      onLeave: 4,
      emergencyAccess: 3,
      rooms: 2,
    });
  });

  it("gives each person's Employee ID to somebody else as a Worker ID, and Entra the Employee ID alone", () => {
    const of = brightwater();
    const workerIds = new Set(of.employees.keys());
    const numbers = [...of.employees.values()].map(({ employeeNumber }) => employeeNumber);
    expect(numbers.filter((number) => workerIds.has(number)).length).toBeGreaterThan(100);
    for (const { employeeId, proxyAddresses } of of.accounts.values()) {
      if (employeeId === null) continue;
      const employee = [...of.employees.values()].find(({ employeeNumber }) => employeeNumber === employeeId);
      expect(proxyAddresses.map((address) => address.toLowerCase())).toContain(`smtp:${employee?.workEmail}`);
    }
  });

  it("begins with per-user MFA on about half of the people, enforced for whoever is registered", () => {
    const people = staff(brightwater());
    const on = people.filter(({ perUserMfa }) => perUserMfa !== "disabled");
    expect(on.length / people.length).toBeGreaterThan(0.4);
    expect(on.length / people.length).toBeLessThan(0.65);
    expect(on.filter((account) => isRegistered(account) !== (account.perUserMfa === "enforced"))).toEqual([]);
  });

  it("has the whole registration report on the first morning, although Auckland is half a day ahead", () => {
    const of = brightwater();
    expect(staff(of).filter(({ reported }) => Date.parse(reported.at) > of.now())).toEqual([]);
  });

  it("lets shift workers sign in at night and on weekends, and nobody else", () => {
    const of = brightwater();
    of.moveTo(of.now() + 14 * DAY);
    const shifts = new Set(of.profile.departments.flatMap(({ name, shifts }) => (shifts ? [name] : [])));
    const isWeekend = (at: string) =>
      ["Sat", "Sun"].includes(new Date(at).toLocaleDateString("en", { weekday: "short", timeZone: of.timeZone }));
    const weekend = of.signIns
      .filter(({ at, appDisplayName }) => isWeekend(at) && !/Directory|Importer/.test(appDisplayName))
      .map(({ accountId }) => accountOf(of, { id: accountId }).department ?? "");
    expect(weekend.length).toBeGreaterThan(50);
    expect(weekend.filter((department) => !shifts.has(department))).toEqual([]);
  });

  it("gives whoever has no phone a security key after the mail, and turns per-user MFA to enforced with it", () => {
    const of = brightwater();
    const nurses = staff(of).filter(({ department }) => department === "Nursing & Wards");
    const without = nurses.filter((account) => !isRegistered(account));
    mail(
      of,
      nurses.map(({ mail, userPrincipalName }) => mail ?? userPrincipalName),
    );
    mail(
      of,
      nurses.map(({ mail, userPrincipalName }) => mail ?? userPrincipalName),
    );
    of.moveTo(of.now() + 6 * DAY);
    const enrolled = without.filter(isRegistered);
    expect(enrolled.length).toBeGreaterThan(15);
    for (const { methodsRegistered, perUserMfa } of enrolled) {
      expect(methodsRegistered).toContain("fido2");
      expect(perUserMfa).not.toBe("enabled");
    }
  });
});
