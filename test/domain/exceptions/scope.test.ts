import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isInScope, rosterOf } from "../../../src/domain/exceptions/scope.ts";
import type { Exception } from "../../../src/domain/model/exception.ts";
import { CLOSING_PHASE, entraObjectId, phaseId, type UserId, userIdOfAccount } from "../../../src/domain/model/ids.ts";
import type { Account, Employee } from "../../../src/domain/model/people.ts";
import type { Told } from "../../../src/domain/model/phase.ts";
import { addDays, type CalendarDate } from "../../../src/domain/model/time.ts";
import { anAccount, anEmployee, at, join, TODAY } from "../reconcile/people.ts";

const phases = [
  { id: phaseId("Sales"), department: "Sales", order: 0 },
  { id: phaseId("Finance"), department: "Finance", order: 1 },
  { id: CLOSING_PHASE, department: null, order: 2 },
];

const exceptionOf = (name: string, expires: CalendarDate): Exception => ({
  userId: userIdOfAccount(entraObjectId(`oid-${name}`)),
  objectId: entraObjectId(`oid-${name}`),
  displayName: name,
  upn: name,
  kind: "other",
  reason: "r",
  owner: "o",
  expires,
  evidence: [],
  source: "override",
});

const PLACING = {
  phases,
  told: new Map<UserId, Told>(),
  renamed: new Map([[phaseId("Revenue"), phaseId("Sales")]]),
  ended: new Set<UserId>(),
  enforced: new Set<ReturnType<typeof phaseId>>(),
  today: TODAY,
};

function rosterFor(
  employee: Partial<Employee> | null,
  account: Partial<Account> = {},
  { register = [] as Exception[], told = null as ReturnType<typeof phaseId> | null, on = TODAY, ended = false } = {},
) {
  const employees = employee === null ? [] : [anEmployee("1", { workEmail: at("ada"), ...employee })];
  const { users } = join({ employees, accounts: [anAccount("ada", account)] });
  const ada = userIdOfAccount(entraObjectId("oid-ada"));
  const roster = rosterOf({
    ...PLACING,
    users,
    register,
    told: new Map(told === null ? [] : [[ada, { phase: told, date: on, isLater: true }]]),
    ended: new Set(ended ? [ada] : []),
  });
  const place = [...roster.byPhase].flatMap(([phase, members]) => (members.length > 0 ? [String(phase)] : []));
  return { roster, users, place: place[0] ?? roster.outOfScope[0]?.why ?? "excepted" };
}

describe("rosterOf", () => {
  it.each([
    ["puts a user into the phase of their department", {}, {}, "phase_sales"],
    ["takes another spelling of the department", { department: "  SALES" }, {}, "phase_sales"],
    ["leaves who has no department to the closing phase", { department: null }, {}, "phase_closing"],
    ["leaves who has a department without phase to the closing phase", { department: "Law" }, {}, "phase_closing"],
    ["takes in an account without employee", null, { department: "Finance" }, "phase_finance"],
    ["leaves out a guest", null, { kind: "guest" as const }, "guest"],
    ["leaves out a disabled account", {}, { enabled: false }, "account is disabled"],
    ["leaves out who departed", { status: "terminated" as const }, {}, "departed"],
    [
      "leaves out who starts tomorrow",
      { status: "future" as const, hireDate: addDays(TODAY, 1) },
      {},
      "not started yet",
    ],
    ["takes in who starts today", { status: "future" as const, hireDate: TODAY }, {}, "phase_sales"],
  ])("%s", (_, employee, account, expected) => {
    expect(rosterFor(employee, account).place).toBe(expected);
  });

  it("keeps a mover in the phase that was announced to them", () => {
    expect(rosterFor({ department: "Finance" }, {}, { told: phaseId("Sales") }).place).toBe("phase_sales");
  });

  it("falls back to the department when the announced phase is gone", () => {
    expect(rosterFor({ department: "Finance" }, {}, { told: phaseId("Law") }).place).toBe("phase_finance");
  });

  it("leaves out an exception on its last day and not after it", () => {
    expect(rosterFor({}, {}, { register: [exceptionOf("ada", TODAY)] }).place).toBe("excepted");
    expect(rosterFor({}, {}, { register: [exceptionOf("ada", addDays(TODAY, -1))] }).place).toBe("phase_sales");
  });

  it("keeps a department that was renamed in its phase", () => {
    expect(rosterFor({ department: "Revenue" }).place).toBe("phase_sales");
  });

  it.each([
    ["nobody told them", null, TODAY, 1],
    ["their date is to come", phaseId("Sales"), addDays(TODAY, 1), 1],
    ["their date has come", phaseId("Sales"), TODAY, 0],
  ])("lets enforcement wait for a user when %s: %4$i", (_, told, on, late) => {
    const { roster } = rosterFor({}, {}, { told, on });
    expect(roster.late.size).toBe(late);
    expect(roster.later.size).toBe(told === null ? 0 : late);
  });

  it("knows a user whose exception has ended and who was told nothing yet, in the register or before", () => {
    const lapsed = rosterFor({}, {}, { register: [exceptionOf("ada", addDays(TODAY, -1))] }).roster;
    expect([lapsed.lapsed.length, lapsed.returning.size]).toEqual([1, 1]);
    const ended = rosterFor({}, {}, { ended: true }).roster;
    expect([ended.lapsed.length, ended.returning.size]).toEqual([0, 1]);
    expect(rosterFor({}, {}, { ended: true, told: phaseId("Sales") }).roster.returning.size).toBe(0);
  });

  it("forgets the exception of an account that is no longer there", () => {
    const { roster } = rosterFor({}, {}, { register: [exceptionOf("gone", addDays(TODAY, 9))] });
    expect(roster.excepted.size + roster.exceptedObjectIds.size).toBe(0);
  });

  it("places every user exactly once and agrees with isInScope", () => {
    const account = fc.record({
      department: fc.constantFrom("Sales", "Law", null),
      enabled: fc.boolean(),
      kind: fc.constantFrom("member" as const, "guest" as const),
    });
    const property = fc.property(
      fc.array(account, { maxLength: 8 }),
      fc.integer({ min: 0, max: 7 }),
      (list, excepted) => {
        const { users } = join({ accounts: list.map((facts, index) => anAccount(String(index), facts)) });
        const register = [exceptionOf(String(excepted), TODAY)];
        const roster = rosterOf({ ...PLACING, users, register });
        const inPhases = [...roster.byPhase.values()].flat().map(({ id }) => id);
        const placed = [...inPhases, ...roster.excepted, ...roster.outOfScope.map(({ user }) => user.id)];
        expect(placed.sort()).toEqual(users.map(({ id }) => id));
        const inScope = users.filter((user) => isInScope(user, roster.excepted, TODAY)).map(({ id }) => id);
        expect(inPhases.sort()).toEqual(inScope);
      },
    );
    fc.assert(property);
  });
});
