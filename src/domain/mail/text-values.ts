import type { Customer } from "../model/customer.ts";
import type { MailKind } from "../model/effect.ts";
import type { Sha256 } from "../model/ids.ts";
import type { User } from "../model/people.ts";
import type { CalendarDate } from "../model/time.ts";
import { spelledDate } from "./spelled-date.ts";

/** What the variables of one text stand for. All values are untrusted text; who renders escapes. */
export type TextValues = Readonly<Record<string, string>>;

const COMMON = [
  "customer_name",
  "msp_name",
  "insurer_name",
  "guide_url",
  "faq_url",
  "escalation_name",
  "escalation_address",
  "helpdesk_channel",
  "deadline",
] as const;
const PERSONAL = [...COMMON, "given_name", "display_name", "department", "enforcement_date", "manager_name"] as const;

export const MAIL_TEMPLATES: Readonly<Record<MailKind, string>> = {
  announcement: "emails/announcement.md",
  reminder: "emails/reminder.md",
  enforcement_notice: "emails/enforcement-notice.md",
  chase: "emails/chase.md",
};

/** Every text that a procedure must have, with the variables that are filled in for it. */
export const TEXT_VARIABLES: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(Object.values(MAIL_TEMPLATES).map((file) => [file, PERSONAL])),
  "emails/signoff-request.md": [...COMMON, "contact_name", "exception_count", "table_hash"],
  "faq.md": COMMON,
  "enrolment-guide.md": COMMON,
  "ticket-reply.md": [...COMMON, "given_name"],
};

/** For `faq.md` and `enrolment-guide.md`, and part of every other text. */
export function commonValues(customer: Customer, deadline: CalendarDate): TextValues {
  return {
    customer_name: customer.name,
    msp_name: customer.mspName,
    insurer_name: customer.insurer.name,
    guide_url: customer.guideUrl,
    faq_url: customer.faqUrl,
    escalation_name: customer.escalation.name,
    escalation_address: customer.escalation.address,
    helpdesk_channel: `#${customer.helpdeskChannel.replace(/^#/, "")}`,
    deadline: spelledDate(deadline),
  };
}

/** For the mails to users. `copied` is the name of who stands on copy. */
export function personalValues(
  { displayName, givenName, department }: User,
  about: {
    readonly customer: Customer;
    readonly deadline: CalendarDate;
    readonly enforcementDate: CalendarDate;
    readonly copied: string;
  },
): TextValues {
  return {
    ...commonValues(about.customer, about.deadline),
    given_name: givenName ?? displayName,
    display_name: displayName,
    // Reads "for Sales", and for those without a department "for Larkfield Foods".
    department: department ?? about.customer.name,
    enforcement_date: spelledDate(about.enforcementDate),
    manager_name: about.copied,
  };
}

/** For `ticket-reply.md`. A desk knows a full name or none, so the greeting takes its first word. */
export function ticketValues(customer: Customer, deadline: CalendarDate, contactName: string | null): TextValues {
  const given = contactName?.trim().split(/\s+/u)[0] || "there";
  return { ...commonValues(customer, deadline), given_name: given };
}

/** For `emails/signoff-request.md`; `table` is the hash of the exact exceptions table. */
export function signoffValues(
  customer: Customer,
  deadline: CalendarDate,
  { count, table }: { readonly count: number; readonly table: Sha256 },
): TextValues {
  return {
    ...commonValues(customer, deadline),
    contact_name: customer.signoffContact.name,
    exception_count: String(count),
    table_hash: table,
  };
}
