import type { PathParameters, Route, VendorRequest } from "../../core/vendor.ts";
import type { Account } from "../../world/world.ts";
import { graphError, noSuchObject } from "./graph-error.ts";
import { guarded } from "./guarded-route.ts";
import { select } from "./select.ts";
import type { Tenant } from "./tenant.ts";
import { findAccount } from "./users.ts";

/** Exchange's own words for an account without a mailbox: an answer, not a fault. */
const NO_MAILBOX = graphError(
  404,
  "MailboxNotEnabledForRESTAPI",
  "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
);
const DENIED = graphError(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");

/** Settings of one mailbox, among them what it is for. There is no collection of them. */
export function mailboxSettingsRoutes(tenant: Tenant): readonly Route[] {
  const access = { app: [["MailboxSettings.Read"]], refusal: DENIED };
  const withMailbox =
    (answer: (account: Account, request: VendorRequest) => unknown) =>
    (request: VendorRequest, { id = "" }: PathParameters) => {
      const account = findAccount(tenant.box.world, id);
      if (account === undefined) return noSuchObject(id);
      return account.userPurpose === null ? NO_MAILBOX : { status: 200, body: answer(account, request) };
    };
  return [
    // learn.microsoft.com/graph/api/user-get-mailboxsettings
    {
      method: "GET",
      path: "/v1.0/users/:id/mailboxSettings",
      access,
      handle: withMailbox(({ id, userPurpose }, { url }) =>
        select(
          {
            "@odata.context": `https://graph.microsoft.com/v1.0/$metadata#users('${id}')/mailboxSettings`,
            archiveFolder: null,
            timeZone: "Central Standard Time",
            dateFormat: "M/d/yyyy",
            timeFormat: "h:mm tt",
            language: { locale: "en-US", displayName: "English (United States)" },
            userPurpose,
          },
          url,
        ),
      ),
    },
    {
      method: "GET",
      path: "/v1.0/users/:id/mailboxSettings/userPurpose",
      access,
      handle: withMailbox(({ id, userPurpose }) => ({
        "@odata.context": `https://graph.microsoft.com/v1.0/$metadata#users('${id}')/mailboxSettings/userPurpose`,
        value: userPurpose,
      })),
    },
  ].map((route) => guarded(tenant, route));
}
