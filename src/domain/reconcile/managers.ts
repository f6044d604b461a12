import { fold } from "../model/fold.ts";
import type { SmtpAddress } from "../model/ids.ts";
import type { Manager } from "../model/people.ts";
import { addressesOf, type Row } from "./row.ts";

/**
 * Gives a function that finds the manager of a row; `null` = neither HR nor Entra names one.
 *
 * HR's word comes first, by id and then by e-mail; Entra's manager counts only where HR names nobody we know. A manager whom
 * HR names and who has left stays named, as `departed`: who copies mails needs to know that HR is out of date.
 *
 * @param rows - Everybody, those who are not listed included: a departed manager may no longer be.
 */
export function managerFinder(rows: readonly Row[], isListed: (row: Row) => boolean): (row: Row) => Manager | null {
  const byHrId = new Map<string, Row>();
  const byObjectId = new Map<string, Row>();
  const byAddress = new Map<SmtpAddress, Set<Row>>();
  for (const row of rows) {
    if (row.employee !== null) byHrId.set(fold(row.employee.id), row);
    if (row.account !== null) byObjectId.set(row.account.objectId, row);
    for (const address of addressesOf(row)) byAddress.set(address, (byAddress.get(address) ?? new Set()).add(row));
  }

  return (row) => {
    const { managerId, managerEmail } = row.employee ?? { managerId: null, managerEmail: null };
    const owners = managerEmail === null ? [] : [...(byAddress.get(managerEmail) ?? [])];
    const inHr = (managerId && byHrId.get(fold(managerId))) || (owners.length === 1 ? owners[0] : undefined);
    const named = inHr ?? byObjectId.get(row.account?.managerId ?? "");
    // HR's address is nobody's here, or several people's: a mail must not go to whoever reads it.
    if (named === undefined) return managerEmail === null ? null : nobody(managerEmail);
    const { id, displayName, address } = named;
    return { userId: isListed(named) ? id : null, displayName, address, state: stateOf(named, row) };
  };
}

const nobody = (address: SmtpAddress): Manager => ({
  userId: null,
  displayName: address,
  address,
  state: "unreachable",
});

function stateOf(manager: Row, row: Row): Manager["state"] {
  const { employee, account, address } = manager;
  if (manager === row) return "self";
  if (employee === null ? account?.enabled === false : employee.status === "terminated") return "departed";
  return address !== null && account?.enabled !== false ? "ok" : "unreachable";
}
