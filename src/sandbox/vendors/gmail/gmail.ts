import type {
  Box,
  PathParameters,
  Route,
  Vendor,
  VendorFactory,
  VendorRequest,
  VendorResponse,
} from "../../core/vendor.ts";
import {
  failure,
  googleError,
  insufficientScope,
  invalidArgument,
  notFound,
  tooManyRequests,
  unauthenticated,
  userRateLimitExceeded,
} from "./google-errors.ts";
import { Mailbox } from "./mailbox.ts";
import { viewMessage } from "./message-view.ts";
import type { Method } from "./quota.ts";

const AUDIENCE = "https://www.googleapis.com";
const SCOPE = "https://www.googleapis.com/auth/gmail.";
const ALL_MAIL = "https://mail.google.com/";
/** Scopes each kind of method accepts. `gmail.compose` drafts and sends but does not read messages. */
const COMPOSE = [ALL_MAIL, `${SCOPE}modify`, `${SCOPE}compose`];
const COMPOSE_OR_READ = [...COMPOSE, `${SCOPE}readonly`];
const READ_MESSAGES = [ALL_MAIL, `${SCOPE}modify`, `${SCOPE}readonly`, `${SCOPE}metadata`];
const PROFILE = [...COMPOSE_OR_READ, `${SCOPE}metadata`];

interface Call {
  readonly request: VendorRequest;
  readonly parameters: PathParameters;
  readonly mailbox: Mailbox;
  readonly now: number;
}

interface Endpoint {
  readonly name: Method;
  readonly method: string;
  readonly path: string;
  readonly scopes: readonly string[];
  handle(call: Call): VendorResponse;
}

/** Gmail of the sender's mailbox. */
export const gmail: VendorFactory = (box) => {
  const mailbox = new Mailbox(box.secrets.gmail.sender);
  return {
    name: "gmail",
    hosts: ["gmail.googleapis.com", "www.googleapis.com"],
    routes: endpoints(box).map((endpoint) => guarded(box, mailbox, endpoint)),
    notFound,
    htmlPage:
      "<!DOCTYPE html><html lang=en><title>Sign in - Google Accounts</title><p>Sign in to continue to Gmail</p></html>",
    failure,
    dump: () => dump(mailbox),
  } satisfies Vendor;
};

/** What every method checks first, in Google's order: token, mailbox, scope, quota. */
function guarded(box: Box, mailbox: Mailbox, { name, method, path, scopes, handle }: Endpoint): Route {
  return {
    method,
    path: `/gmail/v1/users/:userId${path}`,
    handle(request, parameters) {
      const token = box.tokens.check(request.headers.authorization, AUDIENCE);
      if (typeof token === "string") return unauthenticated();
      // A service account has no mailbox of its own: without `sub` every call fails like this.
      if (!token.delegated) return failure(400);
      const userId = parameters.userId ?? "";
      if (userId !== "me" && userId.toLowerCase() !== token.subject.toLowerCase()) {
        return googleError({
          code: 403,
          status: "PERMISSION_DENIED",
          message: `Delegation denied for ${token.subject}`,
          reason: "forbidden",
        });
      }
      if (!token.scopes.some((scope) => scopes.includes(scope))) return insufficientScope();
      const now = box.world.now();
      if (!mailbox.quota.take(name, now)) return userRateLimitExceeded();
      return handle({ request, parameters, mailbox, now });
    },
  };
}

function endpoints(box: Box): Endpoint[] {
  return [
    { name: "getProfile", method: "GET", path: "/profile", scopes: PROFILE, handle: getProfile },
    { name: "drafts.create", method: "POST", path: "/drafts", scopes: COMPOSE, handle: createDraft },
    { name: "drafts.list", method: "GET", path: "/drafts", scopes: COMPOSE_OR_READ, handle: listDrafts },
    {
      name: "drafts.send",
      method: "POST",
      path: "/drafts/send",
      scopes: COMPOSE,
      handle: (call) => sendDraft(box, call),
    },
    { name: "drafts.get", method: "GET", path: "/drafts/:id", scopes: COMPOSE_OR_READ, handle: getDraft },
    { name: "drafts.delete", method: "DELETE", path: "/drafts/:id", scopes: COMPOSE, handle: deleteDraft },
    { name: "messages.get", method: "GET", path: "/messages/:id", scopes: READ_MESSAGES, handle: getMessage },
  ];
}

function getProfile({ mailbox }: Call): VendorResponse {
  const messagesTotal = mailbox.drafts.size + mailbox.sent.size;
  return {
    status: 200,
    body: {
      emailAddress: mailbox.address,
      messagesTotal,
      threadsTotal: messagesTotal,
      historyId: String(messagesTotal),
    },
  };
}

function createDraft({ request, mailbox, now }: Call): VendorResponse {
  const body = readJson(request);
  const message = body?.message;
  const raw = typeof message === "object" && message !== null && "raw" in message ? message.raw : undefined;
  if (typeof raw !== "string" || !/^[\w\-+/]+=*$/.test(raw)) {
    return invalidArgument("'raw' RFC822 payload message string or uploading message via /upload/* URL required");
  }
  const draft = mailbox.addDraft(Buffer.from(raw, "base64url"), now);
  const { id, threadId, label } = draft.message;
  return { status: 200, body: { id: draft.id, message: { id, threadId, labelIds: [label] } } };
}

function listDrafts({ request, mailbox }: Call): VendorResponse {
  const query = request.url.searchParams;
  const size = Math.min(Number(query.get("maxResults") ?? 100), 500);
  const from = Number(query.get("pageToken") ?? 0);
  if (!(size > 0) || !(from >= 0)) return invalidArgument("Invalid pageToken or maxResults");
  const all = [...mailbox.drafts.values()].reverse();
  const drafts = all
    .slice(from, from + size)
    .map(({ id, message }) => ({ id, message: { id: message.id, threadId: message.threadId } }));
  return {
    status: 200,
    // An empty list has no `drafts` at all.
    body: {
      ...(drafts.length > 0 && { drafts }),
      ...(from + size < all.length && { nextPageToken: String(from + size) }),
      resultSizeEstimate: all.length,
    },
  };
}

function sendDraft(box: Box, { request, mailbox, now }: Call): VendorResponse {
  const id = readJson(request)?.id;
  const draft = typeof id === "string" ? mailbox.drafts.get(id) : undefined;
  if (!draft) return notFound();
  const refusal = Mailbox.refusal(draft.message);
  if (refusal !== null) return invalidArgument(refusal);
  const blockedUntil = mailbox.quota.sendingBlockedUntil(now);
  if (blockedUntil !== null) return tooManyRequests(blockedUntil);
  const { message, mail, bcc } = mailbox.sendDraft(draft, now);
  // Whoever is on Bcc gets the mail as well; the world knows only who a mail reaches.
  box.world.deliver({ ...mail, cc: [...mail.cc, ...bcc] });
  return { status: 200, body: { id: message.id, threadId: message.threadId, labelIds: [message.label] } };
}

function getDraft({ request, parameters, mailbox }: Call): VendorResponse {
  const draft = mailbox.drafts.get(parameters.id ?? "");
  if (!draft) return notFound();
  const format = request.url.searchParams.get("format") ?? "full";
  return { status: 200, body: { id: draft.id, message: viewMessage(draft.message, format) } };
}

function deleteDraft({ parameters, mailbox }: Call): VendorResponse {
  return mailbox.drafts.delete(parameters.id ?? "") ? { status: 204 } : notFound();
}

function getMessage({ request, parameters, mailbox }: Call): VendorResponse {
  const id = parameters.id ?? "";
  const message =
    mailbox.sent.get(id)?.message ?? [...mailbox.drafts.values()].find((d) => d.message.id === id)?.message;
  if (!message) return notFound();
  const query = request.url.searchParams;
  return { status: 200, body: viewMessage(message, query.get("format") ?? "full", query.getAll("metadataHeaders")) };
}

function readJson(request: VendorRequest): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(request.body.toString("utf8"));
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

function dump(mailbox: Mailbox): Readonly<Record<string, unknown>> {
  const drafts = [...mailbox.drafts.values()].map(({ id, message }) => ({
    id,
    subject: message.parsed.headers.find(([name]) => name.toLowerCase() === "subject")?.[1] ?? "",
    headers: Object.fromEntries(message.parsed.headers),
    createdAt: new Date(message.at).toISOString(),
  }));
  return { gmail: { sent: [...mailbox.sent.values()].map(({ mail }) => mail), drafts } };
}
