import type { PathParameters, Route, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import { badRequest, graphError, tooManyRequests } from "./graph-error.ts";
import { type Access, type GuardedRoute, guarded } from "./guarded-route.ts";
import { parseFilter } from "./odata-filter.ts";
import { isObject, type Json, readBody } from "./request-body.ts";
import { select } from "./select.ts";
import { type Channel, helpdeskTeamId } from "./team-store.ts";
import type { Tenant } from "./tenant.ts";

const LONGEST_NAME = 50;
/** Marks that Teams refuses in a channel's name; Microsoft's list differs from page to page. */
const REFUSED_MARKS = /[~#%&*{}+/\\:<>?|'"]|^_|^\.|\.$/;
const WEBSITE_TAB = "com.microsoft.teamspace.tab.web";

const LIST_CHANNELS: Access = {
  app: [["Channel.ReadBasic.All", "ChannelSettings.Read.All", "Group.Read.All"]],
  delegated: ["Channel.ReadBasic.All"],
  refusal: missingRole("Channel.ReadBasic.All,ChannelSettings.Read.All,Group.Read.All"),
};
const LIST_TABS: Access = {
  app: [["TeamsTab.Read.All"]],
  delegated: ["TeamsTab.Read.All"],
  refusal: missingRole("TeamsTab.Read.All"),
};
const CREATE_CHANNEL: Access = { app: [["Channel.Create"]], refusal: missingRole("Channel.Create") };
const CREATE_TAB: Access = { app: [["TeamsTab.Create"]], refusal: missingRole("TeamsTab.Create") };

/** Teams' way of saying that a permission lacks. */
export function missingRole(permissions: string): VendorResponse {
  return graphError(403, "Forbidden", `Missing role permissions on the request. API requires one of '${permissions}'.`);
}

/** The team, its channels and their tabs. Messages are in channel-messages.ts. */
export function teamRoutes(tenant: Tenant): readonly Route[] {
  const { teams } = tenant;
  const team = "/v1.0/teams/:team";
  const tabs = `${team}/channels/:channel/tabs`;
  return [
    // learn.microsoft.com/graph/api/team-get
    {
      method: "GET",
      path: team,
      access: LIST_CHANNELS,
      handle: inTeam(tenant, () => ({
        status: 200,
        body: { id: helpdeskTeamId(tenant.box.world), displayName: "IT", description: "IT" },
      })),
    },
    // learn.microsoft.com/graph/api/channel-list
    {
      method: "GET",
      path: `${team}/channels`,
      access: LIST_CHANNELS,
      handle: inTeam(tenant, (request) =>
        collection(
          request,
          teams.channels.map((channel) => channelResource(tenant, channel)),
        ),
      ),
    },
    // learn.microsoft.com/graph/api/channel-get
    {
      method: "GET",
      path: `${team}/channels/:channel`,
      access: LIST_CHANNELS,
      handle: inChannel(tenant, (channel) => ({ status: 200, body: channelResource(tenant, channel) })),
    },
    // learn.microsoft.com/graph/api/channel-post
    {
      method: "POST",
      path: `${team}/channels`,
      access: CREATE_CHANNEL,
      handle: inTeam(tenant, (request) => createChannel(tenant, request)),
    },
    // learn.microsoft.com/graph/api/channel-list-tabs
    {
      method: "GET",
      path: tabs,
      access: LIST_TABS,
      handle: inChannel(tenant, (channel, request) => collection(request, channel.tabs)),
    },
    // learn.microsoft.com/graph/api/channel-post-tabs
    {
      method: "POST",
      path: tabs,
      access: CREATE_TAB,
      handle: inChannel(tenant, (channel, request) => createTab(tenant, channel, request)),
    },
  ].map((route) => guarded(tenant, route));
}

function inTeam(tenant: Tenant, answer: GuardedRoute["handle"]): GuardedRoute["handle"] {
  return (request, parameters, caller) => {
    if (parameters.team !== helpdeskTeamId(tenant.box.world)) {
      return graphError(404, "NotFound", "No team found with Group Id given.");
    }
    return caller.delegated && !tenant.options.personIsMember
      ? graphError(403, "Forbidden", "User is not a member of the team.")
      : answer(request, parameters, caller);
  };
}

/** Finds the team and the channel that a path names. */
export function inChannel(
  tenant: Tenant,
  answer: (channel: Channel, ...rest: Parameters<GuardedRoute["handle"]>) => VendorResponse,
): GuardedRoute["handle"] {
  return inTeam(tenant, (request: VendorRequest, parameters: PathParameters, caller) => {
    const channel = tenant.teams.channels.find(({ id }) => id === parameters.channel);
    return channel === undefined
      ? graphError(404, "NotFound", "The channel does not exist.")
      : answer(channel, request, parameters, caller);
  });
}

function collection(request: VendorRequest, items: readonly Json[]): VendorResponse {
  const text = request.url.searchParams.get("$filter");
  const filter = text === null ? null : parseFilter(text, { exactCase: false });
  if (text !== null && filter === null) return badRequest("Invalid filter clause.");
  const value = items.filter((item) => filter?.matches(item) ?? true).map((item) => select(item, request.url));
  return { status: 200, body: { "@odata.count": value.length, value } };
}

function channelResource({ box: { world } }: Tenant, channel: Channel): Json {
  const { id, displayName, description, createdDateTime } = channel;
  const group = helpdeskTeamId(world);
  return {
    id,
    createdDateTime,
    displayName,
    description,
    isFavoriteByDefault: null,
    email: "",
    tenantId: world.tenantId,
    webUrl: `https://teams.microsoft.com/l/channel/${encodeURIComponent(id)}/${encodeURIComponent(displayName)}?groupId=${group}&tenantId=${world.tenantId}`,
    membershipType: "standard",
    isArchived: false,
  };
}

function createChannel(tenant: Tenant, request: VendorRequest): VendorResponse {
  const { displayName, description = null, membershipType = "standard" } = readBody(request) ?? {};
  if (typeof displayName !== "string" || displayName === "" || displayName.length > LONGEST_NAME) {
    return badRequest(`Channel display name must have 1 to ${LONGEST_NAME} characters.`);
  }
  if (REFUSED_MARKS.test(displayName)) return badRequest("Channel name has characters that are not allowed.");
  if (description !== null && typeof description !== "string") return badRequest("Invalid description.");
  if (membershipType !== "standard") return badRequest("A private channel needs an owner among its members.");
  const isTaken = tenant.teams.channels.some(
    (channel) => channel.displayName.toLowerCase() === displayName.toLowerCase(),
  );
  if (isTaken) return badRequest("Channel name already existed, please use other name.");
  return { status: 201, body: channelResource(tenant, tenant.teams.addChannel(displayName, description)) };
}

/** Not idempotent: a second call makes a second tab. */
function createTab({ box: { cloud, world } }: Tenant, channel: Channel, request: VendorRequest): VendorResponse {
  const waitMs = channel.tabThrottle.waitFor(world.now());
  if (waitMs > 0) return tooManyRequests(waitMs / 1000);
  const { displayName, "teamsApp@odata.bind": app, configuration } = readBody(request) ?? {};
  if (app !== `${cloud.graph}/v1.0/appCatalogs/teamsApps/${WEBSITE_TAB}`)
    return badRequest("The app of this tab is not installed in the team.");
  if (typeof displayName !== "string" || displayName === "" || displayName.length > 128) {
    return badRequest("A tab needs a display name of at most 128 characters.");
  }
  const { contentUrl, websiteUrl } = isObject(configuration) ? configuration : {};
  const areAddresses = [contentUrl, websiteUrl].every((url) => URL.parse(String(url))?.protocol === "https:");
  if (!areAddresses) return badRequest("contentUrl and websiteUrl must be https addresses.");
  const id = world.guid(`tab ${channel.id} ${channel.tabs.length}`);
  const tab = {
    id,
    displayName,
    webUrl: `https://teams.microsoft.com/l/entity/${WEBSITE_TAB}/${id}`,
    configuration: { entityId: null, contentUrl, removeUrl: null, websiteUrl },
  };
  channel.tabs.push(tab);
  return { status: 201, body: tab };
}
