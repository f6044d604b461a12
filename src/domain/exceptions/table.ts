import { EXCEPTION_KINDS, type Exception, type ExceptionKind } from "../model/exception.ts";
import { plainLine } from "../model/plain-line.ts";

const KIND_NAMES: Readonly<Record<ExceptionKind, string>> = {
  emergency_access: "Emergency access",
  directory_sync: "Directory synchronisation",
  service_account: "Service account",
  shared_mailbox: "Shared mailbox",
  room_or_equipment: "Room or equipment",
  on_leave: "On leave",
  other: "Other",
};

/**
 * The Markdown that the customer signs, byte for byte: the same exceptions give the same text on any day and in any
 * order. Every cell is text from outside and is escaped, so that no name can add a row or hide one.
 */
export function exceptionsTable({
  customerName,
  register,
}: {
  readonly customerName: string;
  readonly register: readonly Exception[];
}): string {
  const customer = cell(customerName);
  const sorted = EXCEPTION_KINDS.flatMap((kind) =>
    register.filter((exception) => exception.kind === kind).sort((a, b) => (a.upn < b.upn ? -1 : 1)),
  );
  const rows = sorted.map((exception, index) => rowOf(exception, index + 1));
  return [
    `# Accounts without enforced MFA at ${customer}`,
    "",
    countLine(sorted),
    "",
    "| No. | Kind | Account | Why | Evidence | Owner | Expires |",
    "| ---: | --- | --- | --- | --- | --- | --- |",
    ...rows,
    "",
    consent(customer, sorted.length),
    "",
  ].join("\n");
}

function countLine(register: readonly Exception[]): string {
  const counts = EXCEPTION_KINDS.map((kind) => ({
    kind,
    count: register.filter((exception) => exception.kind === kind).length,
  }));
  const parts = counts.filter(({ count }) => count > 0).map(({ kind, count }) => `${KIND_NAMES[kind]} ${count}`);
  return `${accounts(register.length)}${parts.length > 0 ? `: ${parts.join(", ")}` : ""}.`;
}

const accounts = (count: number): string => (count === 1 ? "1 account" : `${count} accounts`);

function rowOf(exception: Exception, number: number): string {
  const { kind, displayName, upn, reason, evidence, owner, expires } = exception;
  const account = `${displayName} (${upn})`;
  const cells = [String(number), KIND_NAMES[kind], account, reason, evidence.join(" "), owner, expires];
  return `| ${cells.map(cell).join(" | ")} |`;
}

function consent(customer: string, count: number): string {
  if (count === 0) return `By signing, ${customer} confirms that no account is to be left out of enforced MFA.`;
  return (
    `By signing, ${customer} agrees that the ${accounts(count)} above may sign in without enforced MFA, each until ` +
    "the date in its row, and that every other account is enforced. The insurer's report lists them."
  );
}

/** One table cell that reads as plain text whatever it holds. An underscore within a word is harmless and stays. */
function cell(text: string): string {
  return plainLine(text)
    .replace(/[\\|`*[\]~!#]/g, "\\$&")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;");
}
