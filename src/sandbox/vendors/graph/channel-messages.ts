import type { PathParameters, Route, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import { badRequest, graphError, tooManyRequests } from "./graph-error.ts";
import { guarded } from "./guarded-route.ts";
import { answerPage } from "./odata-page.ts";
import { isObject, type Json, readBody } from "./request-body.ts";
import type { Channel } from "./team-store.ts";
import { inChannel, missingRole } from "./teams.ts";
import type { Tenant } from "./tenant.ts";

/** Longest message, in bytes. Documented for webhooks; the API's own limit is of the same size. */
const LONGEST_MESSAGE = 28 * 1024;

/** Messages of a channel. An app may post only while it migrates an old system; people post with their own token. */
export function channelMessageRoutes(tenant: Tenant): readonly Route[] {
  const path = "/v1.0/teams/:team/channels/:channel/messages";
  const read = {
    app: [["ChannelMessage.Read.All"]],
    delegated: ["ChannelMessage.Read.All"],
    refusal: missingRole("ChannelMessage.Read.All"),
  };
  return [
    // learn.microsoft.com/graph/api/channel-post-messages
    {
      method: "POST",
      path,
      access: {
        app: [["Teamwork.Migrate.All"]],
        delegated: ["ChannelMessage.Send"],
        refusal: missingRole("Teamwork.Migrate.All"),
      },
      handle: inChannel(tenant, (channel, request, _parameters, caller) =>
        post(tenant, { channel, request, sender: caller.subject }),
      ),
    },
    // learn.microsoft.com/graph/api/channel-list-messages: newest first
    {
      method: "GET",
      path,
      access: read,
      handle: inChannel(tenant, (channel, request) =>
        answerPage(request, channel.messages.toReversed(), {
          usual: 20,
          most: 50,
          world: tenant.box.world,
          key: null,
          shape: (message) => message,
        }),
      ),
    },
    // learn.microsoft.com/graph/api/chatmessage-get
    {
      method: "GET",
      path: `${path}/:message`,
      access: read,
      handle: inChannel(tenant, (channel, _request, { message = "" }: PathParameters) => {
        const found = channel.messages.find(({ id }) => id === message);
        return found === undefined ? graphError(404, "NotFound", "NotFound") : { status: 200, body: found };
      }),
    },
  ].map((route) => guarded(tenant, route));
}

function post(
  tenant: Tenant,
  { channel, request, sender }: { channel: Channel; request: VendorRequest; sender: string },
): VendorResponse {
  const waitMs = channel.messageThrottle.waitFor(tenant.box.world.now());
  if (waitMs > 0) return tooManyRequests(waitMs / 1000);
  if (request.body.length > LONGEST_MESSAGE) return graphError(413, "RequestEntityTooLarge", "Message is too large.");
  const { body, attachments } = readBody(request) ?? {};
  const { content, contentType = "text" } = isObject(body) ? body : {};
  if (typeof content !== "string" || content === "") return badRequest("Missing body content.");
  if (contentType !== "text" && contentType !== "html") return badRequest("Invalid contentType.");
  const from: Json = {
    application: null,
    device: null,
    user: { id: null, displayName: sender, userIdentityType: "aadUser" },
  };
  return { status: 201, body: tenant.teams.addMessage(channel, { from, body: { contentType, content }, attachments }) };
}
