import type { Part } from "./cast.ts";
import type { Company } from "./company.ts";
import type { Account, World } from "./world.ts";

/** Who is who, so that somebody who knows neither the product nor this code can check what the product did. */
export function describeWorld(world: World, company: Company): Readonly<Record<string, unknown>> {
  const { special, people } = company;
  const played = (part: Part) =>
    (people.cast.get(part) ?? []).flatMap(({ accountId, employeeId }) => {
      const account = company.accounts.get(accountId);
      return account === undefined ? [] : [{ ...named(account), employeeId }];
    });
  const person = ({ employee, account }: Company["joiner"]) => ({ ...named(account), employeeId: employee.id });
  const active = [...world.employees.values()].filter(({ status }) => status === "Active");
  return {
    ...world.settings,
    companyName: world.profile.name,
    tenantId: world.tenantId,
    tenantDomain: world.tenantDomain,
    mailDomain: world.mailDomain,
    timeZone: world.timeZone,
    now: new Date(world.now()).toISOString(),
    activeEmployees: active.length,
    activeByDepartment: Object.fromEntries(
      Map.groupBy(active, ({ department }) => department)
        .entries()
        .map(([department, members]) => [department, members.length]),
    ),
    accounts: world.accounts.size,
    signIns: world.signIns.length,
    exceptions: {
      serviceAccounts: [
        special.directorySync,
        ...(special.scanner ? [special.scanner] : []),
        ...special.otherServices,
      ].map(named),
      sharedMailboxes: special.sharedMailboxes.map(named),
      onLeave: [...played("onParentalLeave"), ...played("onLeaveOfAbsence"), ...played("onLongTimeOff")],
      emergencyAccess: special.emergencyAccess.map(named),
      ...(special.rooms.length > 0 && { rooms: special.rooms.map(named) }),
    },
    directorySync: named(special.directorySync),
    scanner: special.scanner && named(special.scanner),
    legacyClientUser: played("usesLegacyClient"),
    neverEnrol: played("neverEnrols"),
    raiseMfaTickets: played("raisesTicket"),
    onVacation: played("onVacation"),
    newHire: person(company.newHire),
    joiner: person(company.joiner),
    leavers: company.leavers.map(person),
    contractor: named(company.contractor),
    departedButEnabled: person(people.former.stillEnabled),
    departedManager: person(people.former.manager),
    disabledAccounts: [people.former.manager, ...people.former.others].map(person),
    reportToDepartedManager: played("hasDepartedManager"),
    ownManager: played("isOwnManager"),
    sameName: played("sharesName"),
    upnIsNotMail: played("upnIsNotMail"),
    hrKnowsAliasOnly: played("hrKnowsAliasOnly"),
    guests: special.guests.map(named),
  };
}

function named({ id, userPrincipalName, displayName, mail }: Account) {
  return { id, userPrincipalName, displayName, mail };
}
