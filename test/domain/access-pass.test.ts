import { describe, expect, it } from "vitest";
import { judgePass, type PassQuestion } from "../../src/domain/access-pass/judge-pass.ts";
import { employeeId, smtpAddress, userIdOfAccount } from "../../src/domain/model/ids.ts";
import { PassCode } from "../../src/domain/model/pass-code.ts";
import type { Employee, Manager, User } from "../../src/domain/model/people.ts";
import { calendarDate } from "../../src/domain/model/time.ts";
import { account, CUSTOMER, objectId, user } from "../support/rollout-facts.ts";

const employee = (n: number, over: Partial<Employee> = {}): Employee => ({
  id: employeeId(String(n)),
  employeeNumber: null,
  displayName: `User ${n}`,
  givenName: null,
  workEmail: null,
  department: "Sales",
  jobTitle: null,
  status: "active",
  hireDate: null,
  terminationDate: null,
  managerId: null,
  managerEmail: null,
  leave: null,
  ...over,
});
const under = (n: number, over: Partial<Manager> = {}): Manager => ({
  userId: userIdOfAccount(objectId(n)),
  displayName: `User ${n}`,
  address: smtpAddress(`user${n}@larkfieldfoods.com`),
  state: "ok",
  ...over,
});
const person = (over: Partial<User> = {}): User =>
  user(1, { capable: false, correlation: "correlated", employee: employee(1), manager: under(2), ...over });
const boss = (over: Partial<User> = {}): User => user(2, { correlation: "correlated", employee: employee(2), ...over });
const question = (over: Partial<PassQuestion> = {}): PassQuestion => ({
  user: person(),
  recipient: "person",
  minutes: 60,
  users: [person(), boss()],
  customer: CUSTOMER,
  emergency: [],
  holdsRole: false,
  policy: { enabled: true, minimumMinutes: 60, maximumMinutes: 480 },
  covered: true,
  today: calendarDate("2026-10-13"),
  ...over,
});
const refusal = (over: Partial<PassQuestion>): string => {
  const judged = judgePass(question(over));
  return "refused" in judged ? judged.refused : "";
};

describe("judgePass", () => {
  it("plans a pass for a person who has no method, given to them", () => {
    expect(judgePass(question())).toMatchObject({
      userId: person().id,
      minutes: 60,
      recipient: { kind: "person", name: "User 1" },
      privileged: false,
    });
  });

  it.each<[string, Partial<PassQuestion>, RegExp]>([
    ["an emergency access account", { emergency: [objectId(1)] }, /emergency access/],
    ["a guest", { user: person({ account: account(1, { kind: "guest" }) }) }, /guest/],
    ["a disabled account", { user: person({ account: account(1, { enabled: false }) }) }, /disabled/],
    ["somebody who left", { user: person({ employee: employee(1, { status: "terminated" }) }) }, /does not work/],
    ["nobody's account", { user: person({ account: null }) }, /no account/],
    ["a room", { user: person({ mailbox: "room" }) }, /shared mailbox or a room/],
    ["a shared mailbox", { user: person({ mailbox: "shared" }) }, /shared mailbox or a room/],
    ["somebody who has a method", { user: user(1) }, /has a method/],
    ["a tenant that allows none", { policy: { enabled: false, minimumMinutes: 60, maximumMinutes: 480 } }, /policy/],
    ["somebody whom the tenant's policy leaves out", { covered: false }, /policy/],
    ["fewer minutes than the tenant allows", { minutes: 59 }, /60 to 480/],
    ["more minutes than the tenant allows", { minutes: 481 }, /60 to 480/],
  ])("refuses one for %s", (_, over, why) => {
    expect(refusal(over)).toMatch(why);
  });

  it("asks for a senior approver where the account holds a role, or is not known not to", () => {
    const privileged = (over: Partial<PassQuestion>) => {
      const judged = judgePass(question(over));
      return "privileged" in judged && judged.privileged;
    };
    const { registration } = person();
    const admin = registration && { ...registration, isAdmin: true };
    expect(privileged({})).toBe(false);
    expect(privileged({ holdsRole: true })).toBe(true);
    expect(privileged({ user: person({ registration: admin }) })).toBe(true);
    expect(privileged({ user: person({ registration: null }) })).toBe(true);
  });
});

describe("a manager", () => {
  const to = (manager: User, of: User = person()) =>
    judgePass(question({ recipient: "manager", user: of, users: [of, manager] }));

  it("is given the pass when HR, directory and MFA of their own say who they are", () => {
    expect(to(boss())).toMatchObject({ recipient: { kind: "manager", name: "User 2" } });
  });

  it.each<[string, User, User]>([
    ["who cannot use MFA", boss({ registration: null }), person()],
    ["whose account is disabled", boss({ account: account(2, { enabled: false }) }), person()],
    ["who is a guest", boss({ account: account(2, { kind: "guest" }) }), person()],
    ["whom HR does not know", boss({ correlation: "orphan_account", employee: null }), person()],
    ["who left", boss({ employee: employee(2, { status: "terminated" }) }), person()],
    ["who is the person", boss(), person({ manager: under(1) })],
    ["who is marked as departed", boss(), person({ manager: under(2, { state: "departed" }) })],
    ["whom nobody found", boss(), person({ manager: under(2, { userId: null }) })],
    ["whom HR does not name", boss(), person({ manager: null })],
  ])("%s is given nothing", (_, manager, of) => {
    expect(to(manager, of)).toMatchObject({ refused: expect.stringMatching(/no manager who could be verified/) });
  });
});

describe("a passcode", () => {
  it("shows itself to whoever asks for it and to nobody else", () => {
    const code = new PassCode("+abc1234");
    expect(code.reveal()).toBe("+abc1234");
    const shown = [`${code}`, JSON.stringify({ code }), String(code), Object.values(code).join(), code.toString()];
    for (const text of shown) expect(text).not.toContain("abc1234");
  });
});
