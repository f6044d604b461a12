import type { Box } from "../../core/vendor.ts";
import type { Desk } from "./desk.ts";
import { instantText } from "./record.ts";
import { SERVICE_BOARD } from "./reference-data.ts";

const DAY_MS = 86_400_000;

/** What the desk has seen before the story begins: old tickets of the customer, and one of the MSP's own. */
export function seedTickets(desk: Desk, box: Box): void {
  const startsAt = Date.parse(box.world.settings.startsAt);
  const old = [
    {
      summary: "Printer on 2nd floor out of toner",
      daysAgo: 40,
      text: "The big printer by the kitchen.",
      closedFlag: true,
    },
    { summary: "Cannot open the shared calendar", daysAgo: 12, text: "It says I have no access.", closedFlag: true },
    // The flag lags behind the status on some tenants, so the status alone says that this one is closed.
    {
      summary: "New phone, where is the MFA app?",
      daysAgo: 3,
      text: "I changed my phone last week.",
      closedFlag: false,
    },
  ];
  const closed = desk.statusOf(SERVICE_BOARD, { name: "Closed" });
  const status = closed && { id: closed.id, name: closed.name };
  for (const { daysAgo, text, ...fields } of old) {
    const at = instantText(startsAt - daysAgo * DAY_MS);
    const company = desk.companyReference(box.secrets.connectwise.customer);
    const ticket = desk.addServiceTicket({
      ...fields,
      company,
      status,
      at,
      contactName: "Front Desk",
    });
    desk.addNote(ticket.id, { text, by: "Front Desk", fromContact: true, detailDescriptionFlag: true });
    desk.addNote(ticket.id, { text: "Done.", by: "Sam Ortiz", fromContact: false, resolutionFlag: true });
  }
  const own = desk.companyReference(box.secrets.connectwise.companyId);
  desk.addServiceTicket({ summary: "Renew our own MFA tokens", company: own, at: instantText(startsAt - DAY_MS) });
}
