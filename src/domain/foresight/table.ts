import type { ForeseenUser } from "./foresee.ts";
import { adviceOn } from "./remedy.ts";

const HEAD = ["account", "department", "outcome", "sign_ins", "application", "client", "reason", "remedy"];

/** The foresight of every user as CSV (RFC 4180), line by line, in the order given: nobody has to hold all of it. */
export function* foresightTable(users: Iterable<ForeseenUser>): Generator<string> {
  yield `${HEAD.join(",")}\r\n`;
  for (const user of users) {
    const { account, outcome, signIns, because } = user;
    const { reason, remedy } = adviceOn(user);
    const cells = [
      ...[account.upn, account.department ?? "", outcome, String(signIns)],
      ...[because?.appName ?? "", because?.clientApp ?? "", reason, remedy],
    ];
    yield `${cells.map(cell).join(",")}\r\n`;
  }
}

/** A vendor's text that a spreadsheet would take for a formula is marked as text. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
