import { describe, expect, it } from "vitest";
import { type MailRound, planMails } from "../../../src/domain/mail/plan-mails.ts";
import { MAIL_TEMPLATES, signoffValues, TEXT_VARIABLES, ticketValues } from "../../../src/domain/mail/text-values.ts";
import { employeeId, entraObjectId, phaseId, sha256, userIdOfAccount } from "../../../src/domain/model/ids.ts";
import type { Account, Employee } from "../../../src/domain/model/people.ts";
import { calendarDate, instant } from "../../../src/domain/model/time.ts";
import { CUSTOMER } from "../exceptions/customer.ts";
import { anAccount, anEmployee, aRegistration, at, DEADLINE, join } from "../reconcile/people.ts";

const peopleOf = (facts: Partial<Employee> = {}, account: Partial<Account> = {}, capable = false) =>
  join({
    employees: [
      anEmployee("1", { workEmail: at("ada"), givenName: "Ada", managerId: employeeId("2"), ...facts }),
      anEmployee("2", { workEmail: at("boss"), displayName: "The Boss" }),
    ],
    accounts: [anAccount("ada", account), anAccount("boss")],
    registrations: [aRegistration("ada", capable)],
  }).users;

const plan = (round: Partial<MailRound> = {}) =>
  planMails({
    kind: "announcement",
    rolloutId: "rol_larkfield_202610_abcd",
    users: peopleOf().filter(({ id }) => id === "usr_oid-ada"),
    sent: new Map(),
    customer: CUSTOMER,
    dateOf: () => calendarDate("2026-10-15"),
    deadline: DEADLINE,
    ...round,
  });

const ada = (facts: Partial<Employee> = {}, account: Partial<Account> = {}, capable = false) =>
  peopleOf(facts, account, capable).filter(({ id }) => id === "usr_oid-ada");

describe("planMails", () => {
  it("writes to the user with the manager on copy", () => {
    expect(plan()).toEqual({
      mails: [
        {
          key: "rol_larkfield_202610_abcd/announcement/usr_oid-ada",
          userId: "usr_oid-ada",
          to: "ada@larkfield.test",
          toName: "Employee 1",
          cc: ["boss@larkfield.test"],
          managerState: "ok",
          date: "2026-10-15",
          values: {
            customer_name: "Larkfield Foods",
            msp_name: "Northwind IT",
            insurer_name: "Harbour Mutual",
            guide_url: "https://guide.larkfield.test/mfa",
            faq_url: "https://guide.larkfield.test/faq",
            escalation_name: "Ines Marsh",
            escalation_address: "ines@larkfield.test",
            helpdesk_channel: "#it-support",
            deadline: "Saturday 31 October 2026",
            given_name: "Ada",
            display_name: "Employee 1",
            department: "Sales",
            enforcement_date: "Thursday 15 October 2026",
            manager_name: "The Boss",
          },
        },
      ],
      unreachable: [],
      fallbacks: [],
    });
  });

  it.each([
    ["none", { managerId: null }],
    ["self", { managerId: employeeId("1") }],
    ["unreachable", { managerId: null, managerEmail: at("stranger") }],
  ])("copies the escalation contact when the manager is %s", (state, facts) => {
    const { mails, fallbacks } = plan({ users: ada(facts) });
    expect(mails).toMatchObject([{ cc: ["ines@larkfield.test"], managerState: state }]);
    expect(mails[0]?.values.manager_name).toBe("Ines Marsh");
    expect(fallbacks).toEqual([{ userId: "usr_oid-ada", state }]);
  });

  it("never copies the recipient", () => {
    const own = { mail: CUSTOMER.escalation.address };
    expect(plan({ users: ada({ managerId: null }, own) }).mails).toMatchObject([{ cc: [] }]);
    const sameAddress = plan({ users: ada({}, { mail: at("boss") }) });
    expect(sameAddress.mails).toMatchObject([{ cc: ["ines@larkfield.test"], managerState: "self" }]);
  });

  it("reports who has no address instead of leaving them out in silence", () => {
    const { mails, unreachable } = plan({ users: ada({ workEmail: null, id: employeeId("9") }, { mail: null }) });
    expect(mails).toEqual([]);
    expect(unreachable.map(({ id }) => id)).toEqual(["usr_oid-ada"]);
  });

  it("mails nobody twice, in another phase neither", () => {
    const sent = new Map([
      [userIdOfAccount(entraObjectId("oid-ada")), { phase: phaseId("Law"), at: instant(0), managerCopied: true }],
    ]);
    expect(plan({ sent })).toEqual({ mails: [], unreachable: [], fallbacks: [] });
  });

  it.each([
    ["announcement", 1],
    ["enforcement_notice", 1],
    ["reminder", 0],
    ["chase", 0],
  ] as const)("sends the %s to %i users who are capable", (kind, count) => {
    expect(plan({ kind, users: ada({}, {}, true) }).mails).toHaveLength(count);
    expect(plan({ kind, users: ada({}, {}, false) }).mails).toHaveLength(1);
  });

  it("reminds who is not in the registration report", () => {
    const unknown = ada().map((user) => ({ ...user, registration: null }));
    expect(plan({ kind: "reminder", users: unknown }).mails).toHaveLength(1);
  });

  it("gives the same plan whatever the order of the users", () => {
    const users = peopleOf();
    expect(plan({ users: [...users].reverse() })).toEqual(plan({ users }));
  });
});

describe("text values", () => {
  it("fill exactly the variables that each text may use", () => {
    const table = sha256("0".repeat(64));
    expect(Object.keys(plan().mails[0]?.values ?? {}).sort()).toEqual(
      [...(TEXT_VARIABLES[MAIL_TEMPLATES.announcement] ?? [])].sort(),
    );
    expect(Object.keys(signoffValues(CUSTOMER, DEADLINE, { count: 2, table })).sort()).toEqual(
      [...(TEXT_VARIABLES["emails/signoff-request.md"] ?? [])].sort(),
    );
    expect(Object.keys(ticketValues(CUSTOMER, DEADLINE, null)).sort()).toEqual(
      [...(TEXT_VARIABLES["ticket-reply.md"] ?? [])].sort(),
    );
  });

  it("greet a ticket's contact by the first word of the name", () => {
    expect(ticketValues(CUSTOMER, DEADLINE, "Łukasz  Nowak").given_name).toBe("Łukasz");
    expect(ticketValues(CUSTOMER, DEADLINE, " ").given_name).toBe("there");
  });
});
