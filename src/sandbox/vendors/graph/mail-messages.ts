import type { PathParameters, Route, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import type { Account } from "../../world/world.ts";
import { graphError, tooManyRequests } from "./graph-error.ts";
import { type GuardedRoute, guarded } from "./guarded-route.ts";
import { addressesIn, isDraft, type MailMessage } from "./mail-store.ts";
import { isObject, type Json, readBody } from "./request-body.ts";
import { select } from "./select.ts";
import type { Tenant } from "./tenant.ts";
import { findAccount } from "./users.ts";

const MOST_HEADERS = 5;
const MOST_RECIPIENTS = 500;
const EXTENDED_ID = /^(?:String|Integer|Boolean|SystemTime) (?:\{[0-9a-f-]{36}\} (?:Name|Id) .+|0x[0-9a-f]+)$/i;
const BY_PROPERTY =
  /^singleValueExtendedProperties\/any\((\w+):\s*\1\/id eq '((?:[^']|'')*)' and \1\/value eq '((?:[^']|'')*)'\)$/i;

const DENIED = graphError(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");
const NO_ITEM = graphError(404, "ErrorItemNotFound", "The specified object was not found in the store.");

interface Call {
  readonly request: VendorRequest;
  readonly parameters: PathParameters;
  /** Address of the mailbox. */
  readonly mailbox: string;
}

/**
 * Mail of the mailboxes that the app may use. It may not use any by Entra's consent: Exchange's RBAC for Applications
 * lets it into one. Consent would let it into all (learn.microsoft.com/exchange/permissions-exo/application-rbac).
 */
export function mailRoutes(tenant: Tenant): readonly Route[] {
  const messages = "/v1.0/users/:user/messages";
  const route = (method: string, path: string, role: string, handle: (call: Call) => VendorResponse): GuardedRoute => ({
    method,
    path,
    access: { app: [] },
    handle: (request, parameters) => {
      const account = findAccount(tenant.box.world, parameters.user ?? "");
      if (account === undefined) return graphError(404, "ErrorInvalidUser", "The requested user is invalid.");
      if (account.userPurpose === null || account.mail === null) {
        return graphError(
          404,
          "MailboxNotEnabledForRESTAPI",
          "The mailbox is either inactive or is hosted on-premise.",
        );
      }
      if (!mayUse(tenant, role, account)) return DENIED;
      return handle({ request, parameters, mailbox: account.mail.toLowerCase() });
    },
  });
  return [
    // learn.microsoft.com/graph/api/user-post-messages
    route("POST", messages, "Mail.ReadWrite", (call) => create(tenant, call)),
    // learn.microsoft.com/graph/api/user-list-messages, with singlevaluelegacyextendedproperty-get
    route("GET", messages, "Mail.ReadWrite", (call) => search(tenant, call)),
    // learn.microsoft.com/graph/api/message-get
    route("GET", `${messages}/:id`, "Mail.ReadWrite", ({ request, parameters, mailbox }) => {
      const message = tenant.mail.find(mailbox, parameters.id ?? "");
      return message === undefined
        ? NO_ITEM
        : { status: 200, body: select(shown(tenant, message, request), request.url) };
    }),
    // learn.microsoft.com/graph/api/message-send
    route("POST", `${messages}/:id/send`, "Mail.Send", (call) => send(tenant, call)),
    // learn.microsoft.com/graph/api/message-delete
    route("DELETE", `${messages}/:id`, "Mail.ReadWrite", ({ parameters, mailbox }) => {
      const found = tenant.mail.messages.findIndex(
        ({ mailbox: owner, message }) => owner === mailbox && message.immutableId === parameters.id,
      );
      if (found === -1) return NO_ITEM;
      tenant.mail.messages.splice(found, 1);
      return { status: 204 };
    }),
  ].map((one) => guarded(tenant, one));
}

function mayUse({ options }: Tenant, role: string, { userPrincipalName }: Account): boolean {
  const { mailbox, roles } = options.exchangeRbac;
  const scoped = userPrincipalName.toLowerCase().startsWith(`${mailbox}@`) && roles.includes(`Application ${role}`);
  return scoped || options.permissions.includes(role);
}

function create(tenant: Tenant, { request, mailbox }: Call): VendorResponse {
  const content = readBody(request);
  if (content === null) return graphError(400, "UnableToDeserializePostBody", "were unable to deserialize ");
  const refusal = refuse(content);
  if (refusal !== null) return refusal;
  return { status: 201, body: shown(tenant, tenant.mail.addDraft(mailbox, content), request) };
}

function refuse(content: Json): VendorResponse | null {
  const { internetMessageHeaders: headers = [], singleValueExtendedProperties: properties = [] } = content;
  if (!Array.isArray(headers) || headers.length > MOST_HEADERS) {
    return graphError(400, "InvalidInternetMessageHeaderCollection", `At most ${MOST_HEADERS} headers can be set.`);
  }
  const foreign = headers.find((header) => !/^x-[\w-]+$/i.test(String(header?.name)));
  if (foreign !== undefined) {
    return graphError(
      400,
      "InvalidInternetMessageHeader",
      "The internet message header name must start with 'x-' or 'X-'.",
    );
  }
  const odd = !Array.isArray(properties) || properties.some((one) => !EXTENDED_ID.test(String(one?.id)));
  return odd ? graphError(400, "ErrorInvalidProperty", "The extended property's id is not valid.") : null;
}

function search(tenant: Tenant, { request, mailbox }: Call): VendorResponse {
  const filter = request.url.searchParams.get("$filter");
  const found = filter === null ? null : BY_PROPERTY.exec(filter.trim());
  if (filter !== null && found === null) return graphError(400, "ErrorInvalidUrlQueryFilter", "Invalid filter clause.");
  const [id, value] = [found?.[2] ?? "", found?.[3] ?? ""].map((text) => text.replaceAll("''", "'").toLowerCase());
  const fits = ({ content }: MailMessage): boolean =>
    found === null ||
    (Array.isArray(content.singleValueExtendedProperties) &&
      content.singleValueExtendedProperties.some(
        (one) => String(one?.id).toLowerCase() === id && String(one?.value).toLowerCase() === value,
      ));
  const shownHere = tenant.mail.shownIn(mailbox).filter(fits);
  return {
    status: 200,
    body: { value: shownHere.map((message) => select(shown(tenant, message, request), request.url)) },
  };
}

function send(tenant: Tenant, { parameters, mailbox }: Call): VendorResponse {
  const { mail, box } = tenant;
  const message = mail.find(mailbox, parameters.id ?? "");
  if (message === undefined) return NO_ITEM;
  if (message.leavesAt !== null) return graphError(400, "ErrorInvalidOperation", "The message has been sent already.");
  const { toRecipients, ccRecipients, bccRecipients } = message.content;
  const recipients = [toRecipients, ccRecipients, bccRecipients].flatMap(addressesIn);
  if (recipients.length === 0 || recipients.some((address) => !/^[^\s@]+@[^\s@]+$/.test(address))) {
    return graphError(400, "ErrorInvalidRecipients", "At least one recipient is not valid.");
  }
  if (recipients.length > MOST_RECIPIENTS) return graphError(400, "ErrorExceededMaxRecipients", "Too many recipients.");
  const waitMs = mail.throttle.waitFor(box.world.now());
  if (waitMs > 0) return tooManyRequests(waitMs / 1000);
  const sent = mail.send(mailbox, message);
  box.world.deliver({ ...sent, cc: [...sent.cc, ...addressesIn(bccRecipients)] });
  return { status: 202 };
}

/** With the id that stays only for whoever prefers it: learn.microsoft.com/graph/outlook-immutable-id */
function shown({ mail, box }: Tenant, message: MailMessage, { headers }: VendorRequest): Json {
  const { immutableId, content, createdAt } = message;
  const { singleValueExtendedProperties: _properties, internetMessageHeaders: _headers, body, ...rest } = content;
  return {
    ...rest,
    id: /IdType\s*=\s*"ImmutableId"/i.test(headers.prefer ?? "") ? immutableId : mail.idOf(message),
    createdDateTime: new Date(createdAt).toISOString(),
    isDraft: isDraft(message, box.world.now()),
    body: isObject(body) ? body : { contentType: "text", content: "" },
  };
}
