import { describe, expect, it } from "vitest";
import type { Account, TicketRaised } from "../../../src/sandbox/world/world.ts";
import {
  accountOf,
  addressOf,
  cast,
  DAY,
  HOUR,
  isRegistered,
  isStrong,
  mail,
  type Named,
  START,
  staff,
  world,
} from "./world-builder.ts";

describe("the company's story", () => {
  it("begins with about 45 % registered, and with nobody among those who never enrol or are on leave", () => {
    const here = world();
    const { people, exceptions } = cast(here);
    const share = staff(here).filter(isRegistered).length / 214;
    expect(share).toBeGreaterThan(0.38);
    expect(share).toBeLessThan(0.52);
    const out = [...(people.neverEnrol ?? []), ...(exceptions.onLeave ?? [])];
    expect(out.map((named) => isRegistered(accountOf(here, named)))).toEqual([false, false, false, false, false]);
  });

  it("lets people enrol one to four days after a mail to them, and the report follow hours later", () => {
    const here = world();
    const waiting = staff(here).filter((account) => !isRegistered(account));
    mail(here, waiting.map(addressOf));
    here.moveTo(START + DAY - HOUR);
    expect(waiting.filter(isRegistered)).toEqual([]);
    here.moveTo(START + 4 * DAY + HOUR);
    const enrolled = waiting.filter(isRegistered).length;
    expect(enrolled / waiting.length).toBeGreaterThan(0.8);
    const unreported = waiting.filter(
      (account) => isRegistered(account) && !account.reported.methodsRegistered.some(isStrong),
    );
    expect(unreported.length).toBeGreaterThan(0);
    here.moveTo(START + 4 * DAY + 8 * HOUR);
    expect(waiting.filter(({ reported }) => reported.methodsRegistered.some(isStrong))).toHaveLength(enrolled);
  });

  it("lets about a tenth wait for a second mail, and two never enrol at all", () => {
    const here = world();
    const { people, exceptions } = cast(here);
    const everybody = () => staff(here).map(addressOf);
    mail(here, everybody());
    here.moveTo(START + 5 * DAY);
    const afterOne = staff(here).filter((account) => !isRegistered(account)).length;
    mail(here, everybody());
    here.moveTo(START + 11 * DAY);
    mail(here, everybody());
    here.moveTo(START + 20 * DAY);
    const left = staff(here).filter((account) => !isRegistered(account));
    const expected = [...(people.neverEnrol ?? []), ...(exceptions.onLeave ?? [])].map(({ id }) => id);
    expect(left.map(({ id }) => id).toSorted()).toEqual(expected.toSorted());
    expect(afterOne - left.length).toBeGreaterThanOrEqual(4);
    expect(afterOne - left.length).toBeLessThanOrEqual(24);
  });

  it("lets nobody enrol for other mail, or for mail to somebody else", () => {
    const here = world();
    const registered = staff(here).filter(isRegistered).length;
    mail(here, staff(here).map(addressOf), { "X-Campaign": "newsletter" });
    mail(here, ["somebody@example.com"]);
    here.moveTo(START + 7 * DAY);
    expect(staff(here).filter(isRegistered)).toHaveLength(registered);
  });

  it("finds a person by any address of theirs, in any case", () => {
    const here = world();
    const account = staff(here).find((one) => !isRegistered(one) && one.proxyAddresses.length > 2) as Account;
    const alias = account.proxyAddresses[2]?.replace("smtp:", "") ?? "";
    mail(here, [`"A" <${alias.toUpperCase()}>`]);
    mail(here, [alias]);
    here.moveTo(START + 5 * DAY);
    expect(isRegistered(account)).toBe(true);
  });

  it("brings six tickets about MFA after the announcement and four about other things", () => {
    const here = world();
    const tickets: TicketRaised[] = [];
    here.onTicket((ticket) => tickets.push(ticket));
    here.moveTo(START + DAY);
    mail(here, staff(here).map(addressOf));
    mail(here, staff(here).map(addressOf));
    here.moveTo(START + 14 * DAY);
    const isAboutMfa = ({ summary, text }: TicketRaised) =>
      /mfa|multi-factor|2fa|authenticator/i.test(`${summary} ${text}`);
    expect(tickets.filter(isAboutMfa)).toHaveLength(6);
    expect(tickets.filter((ticket) => !isAboutMfa(ticket))).toHaveLength(4);
    expect(
      tickets.filter((ticket) => isAboutMfa(ticket) && !/mfa|2fa|multi|authenticator/i.test(ticket.summary)),
    ).toHaveLength(1);
    expect(tickets.map(({ at }) => at)).toEqual(tickets.map(({ at }) => at).toSorted());
  });

  it("brings a new hire and a joiner on their first days, and lets two leave", () => {
    const here = world();
    const { people } = cast(here);
    const [newHire, joiner] = [people.newHire?.[0], people.joiner?.[0]];
    const status = (named: Named | undefined) => here.employees.get(named?.employeeId ?? "")?.status;
    expect([status(newHire), status(joiner)]).toEqual(["Inactive", undefined]);
    expect(here.accounts.has(newHire?.id ?? "")).toBe(false);
    here.moveTo(START + 7 * DAY + HOUR);
    expect([status(newHire), here.accounts.has(newHire?.id ?? "")]).toEqual(["Active", true]);
    here.moveTo(START + 9 * DAY);
    expect(status(joiner)).toBe("Inactive");
    here.moveTo(START + 16 * DAY);
    expect([status(joiner), here.accounts.has(joiner?.id ?? "")]).toEqual(["Active", true]);
    for (const leaver of people.leavers ?? []) {
      expect(status(leaver)).toBe("Inactive");
      expect(accountOf(here, leaver).accountEnabled).toBe(false);
    }
    expect(here.dump()).toMatchObject({ activeEmployees: 214, activeByDepartment: { Sales: 58, Engineering: 71 } });
  });
});
