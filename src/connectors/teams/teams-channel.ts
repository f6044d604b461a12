import { z } from "zod";
import { ConfigurationError, ConnectorPermissionError } from "../../errors.ts";
import type { Check, Finding } from "../../ports/check.ts";
import type { Channel, ChannelTab, HelpdeskChannelPort } from "../../ports/helpdesk-channel.ts";
import type { CloudName } from "../graph/clouds.ts";
import { GraphClient } from "../graph/graph-client.ts";
import { unlessForbidden } from "../graph/unless-forbidden.ts";
import { VendorHttp } from "../http/vendor-http.ts";
import { DelegatedTokens, type DelegatedTokensOptions } from "./delegated-tokens.ts";
import { hasMarker, toCardMarkdown, withMarker } from "./message-html.ts";
import { POSTING } from "./refresh-tokens.ts";

export interface TeamsOptions {
  readonly cloud: CloudName;
  /** App-only, for the customer's tenant: it makes channels and tabs. */
  readonly graph: GraphClient;
  readonly teamId: string;
  /** Name of the channel that messages are for, which may not be there yet. */
  readonly channel: string;
  /**
   * Who posts. Microsoft refuses messages from an app alone (only its migration right may), so they go either in a
   * person's name, or through a Workflows URL that somebody made with "When a Teams webhook request is received". That
   * URL is a secret, and the flow dies with its owner's account.
   */
  readonly posting:
    | ({ readonly kind: "delegated" } & Omit<DelegatedTokensOptions, "cloud" | "timeoutMs">)
    | { readonly kind: "workflow"; readonly url: string };
  /** Longest wait for one answer; `ANSWER_MS` unless told. */
  readonly timeoutMs?: number;
}

interface Call {
  readonly signal: AbortSignal;
}
interface Message {
  readonly html: string;
  readonly marker: string;
}

type Poster =
  | { readonly kind: "delegated"; readonly graph: GraphClient; readonly tokens: DelegatedTokens }
  | { readonly kind: "workflow"; readonly http: VendorHttp; readonly path: string };

const GraphChannel = z.object({ id: z.string(), displayName: z.string(), webUrl: z.string().nullish() });
const GraphTab = z.object({
  displayName: z.string().nullish(),
  configuration: z.object({ contentUrl: z.string().nullish(), websiteUrl: z.string().nullish() }).nullish(),
});
const GraphMessage = z.object({ id: z.string(), body: z.object({ content: z.string().nullish() }).nullish() });
const Posted = z.object({ id: z.string() });

/** Graph's id of the app behind every Website tab. It opens in a browser tab since Teams stopped embedding websites. */
const WEBSITE_TAB = "com.microsoft.teamspace.tab.web";

/** A standard channel of one team. Graph cannot pin a message in a channel, so pages are shown as its tabs. */
export class TeamsChannel implements HelpdeskChannelPort {
  readonly source: string;
  readonly #graph: GraphClient;
  readonly #channels: string;
  readonly #channel: string;
  readonly #poster: Poster;

  constructor({ cloud, graph, teamId, channel, posting, timeoutMs }: TeamsOptions) {
    const patience = timeoutMs === undefined ? {} : { timeoutMs };
    this.source = `Microsoft Teams (team ${teamId})`;
    this.#graph = graph;
    this.#channel = channel;
    this.#channels = `/v1.0/teams/${encodeURIComponent(teamId)}/channels`;
    this.#poster =
      posting.kind === "delegated"
        ? delegated({ ...posting, cloud, ...patience })
        : { kind: "workflow", ...workflow(posting.url, patience) };
  }

  checks(): readonly Check[] {
    const team: Check = ({ signal }) => unlessForbidden("The team", () => this.#team(signal));
    return [
      team,
      async (call) => {
        // Where the app cannot even sign in to the tenant, the person cannot either: the one error says both.
        await team(call);
        return this.#posting(call.signal);
      },
    ];
  }

  async #team(signal: AbortSignal): Promise<readonly Finding[]> {
    const schema = z.object({ value: z.array(GraphChannel) });
    const found = await this.#graph.find(this.#channels, { schema, permission: "Channel.ReadBasic.All", signal });
    if (found === null) {
      const mend = "Correct helpdesk.team_id: the id is in the link to the team, after groupId=.";
      return [{ state: "wrong", text: "The tenant has no such team.", mend }];
    }
    return [{ state: "good", text: "The team is there; channels and tabs are made by the app itself." }];
  }

  /** No look shows that a message will appear: only a person's rights can be asked for. */
  async #posting(signal: AbortSignal): Promise<readonly Finding[]> {
    if (this.#poster.kind === "workflow") {
      const text =
        "Messages go through a Teams workflow, each as one card of at most 28 KB, into the channel that its owner chose; it answers before it posts and reads nothing back, so a person confirms each.";
      return [{ state: "unknown", text }];
    }
    const consented = await this.#poster.tokens.consented(signal);
    const missing = POSTING.filter((name) => !consented.includes(name));
    if (missing.length > 0) {
      return missing.map((name) => ({
        state: "wrong",
        text: `The person's sign-in for Teams lacks the delegated permission ${name}.`,
        mend: `Have an administrator consent to ${name} for the app of helpdesk.posting.client_id, then run \`mfa-rollout teams-login\`.`,
      }));
    }
    const asPerson = this.#poster.graph;
    return [
      { state: "good", text: "The person who posts is signed in; messages are posted in their name and found again." },
      ...(await unlessForbidden("The channel", () => this.#membership(asPerson, signal))),
    ];
  }

  /** Who may read a standard channel is a member of its team, and members may post unless the channel is moderated. */
  async #membership(asPerson: GraphClient, signal: AbortSignal): Promise<readonly Finding[]> {
    const channel = await this.findChannel(this.#channel, { signal });
    if (channel === null) {
      return [
        { state: "unknown", text: "The channel is not there yet; the app opens it, and then it can be looked at." },
      ];
    }
    const path = `${this.#path(channel.id, "messages")}?$top=1`;
    const schema = z.object({ value: z.array(GraphMessage) });
    try {
      const found = await asPerson.find(path, { schema, permission: "ChannelMessage.Read.All", signal });
      if (found !== null) return [{ state: "good", text: "The person is a member of the channel's team." }];
    } catch (error) {
      if (!(error instanceof ConnectorPermissionError)) throw error;
    }
    const mend = "Make the person a member of the team in Teams, or run `mfa-rollout teams-login` as one who is.";
    return [{ state: "wrong", text: "The person who posts is not a member of the channel's team.", mend }];
  }

  async findChannel(name: string, { signal }: Call): Promise<Channel | null> {
    const channels = this.#graph.pages(this.#channels, {
      schema: GraphChannel,
      permission: "Channel.ReadBasic.All",
      signal,
    });
    // Names are unique in a team, whatever their case.
    for await (const channel of channels) {
      if (channel.displayName.toLowerCase() === name.toLowerCase()) return toChannel(channel);
    }
    return null;
  }

  async createChannel(
    channel: { readonly name: string; readonly description: string },
    { signal }: Call,
  ): Promise<Channel> {
    const made = await this.#graph.post(this.#channels, {
      schema: GraphChannel,
      permission: "Channel.Create",
      signal,
      body: { displayName: channel.name, description: channel.description, membershipType: "standard" },
    });
    return toChannel(made);
  }

  async listTabs(channelId: string, { signal }: Call): Promise<readonly ChannelTab[]> {
    const tabs = this.#graph.pages(this.#path(channelId, "tabs"), {
      schema: GraphTab,
      permission: "TeamsTab.Read.All",
      signal,
    });
    const found: ChannelTab[] = [];
    for await (const { displayName, configuration } of tabs) {
      // A tab without a page, such as Files, is none of ours.
      const url = configuration?.contentUrl ?? configuration?.websiteUrl;
      if (displayName && url) found.push({ name: displayName, url });
    }
    return found;
  }

  async addTab(channelId: string, { name, url }: ChannelTab, { signal }: Call): Promise<void> {
    await this.#graph.post(this.#path(channelId, "tabs"), {
      schema: z.unknown(),
      permission: "TeamsTab.Create",
      signal,
      body: {
        displayName: name,
        "teamsApp@odata.bind": `${this.#graph.origin}/v1.0/appCatalogs/teamsApps/${WEBSITE_TAB}`,
        configuration: { entityId: null, contentUrl: url, removeUrl: null, websiteUrl: url },
      },
    });
  }

  async postMessage(
    channelId: string,
    { html, marker }: Message,
    { signal }: Call,
  ): Promise<{ readonly state: "posted" | "accepted"; readonly messageId: string | null }> {
    const content = withMarker(html, marker);
    if (this.#poster.kind === "workflow") {
      const { http, path } = this.#poster;
      await http.post(path, {
        schema: z.unknown(),
        permission: "the trigger setting “Anyone”",
        signal,
        body: card(content),
        acceptedSuffices: true,
      });
      // The flow runs later, and in the channel that its owner chose.
      return { state: "accepted", messageId: null };
    }
    const { id } = await this.#poster.graph.post(this.#path(channelId, "messages"), {
      schema: Posted,
      permission: "ChannelMessage.Send",
      signal,
      body: { body: { contentType: "html", content } },
    });
    return { state: "posted", messageId: id };
  }

  async findMessage(
    channelId: string,
    marker: string,
    { signal }: Call,
  ): Promise<"present" | "absent" | "cannot_tell"> {
    if (this.#poster.kind === "workflow") return "cannot_tell";
    const messages = this.#poster.graph.pages(this.#path(channelId, "messages"), {
      schema: GraphMessage,
      permission: "ChannelMessage.Read.All",
      signal,
    });
    for await (const { body } of messages) if (hasMarker(body?.content ?? "", marker)) return "present";
    return "absent";
  }

  #path(channelId: string, part: "tabs" | "messages"): string {
    return `${this.#channels}/${encodeURIComponent(channelId)}/${part}`;
  }
}

function delegated(options: DelegatedTokensOptions): Poster {
  const tokens = new DelegatedTokens(options);
  const { cloud, timeoutMs } = options;
  const graph = new GraphClient({ cloud, tokens, ...(timeoutMs !== undefined && { timeoutMs }) });
  return { kind: "delegated", tokens, graph };
}

const toChannel = ({ id, displayName, webUrl }: z.output<typeof GraphChannel>): Channel => ({
  id,
  name: displayName,
  webUrl: webUrl ?? "",
});

/** What the Workflows trigger takes: a message with one Adaptive Card. MessageCards lose their buttons there. */
const card = (html: string): unknown => ({
  type: "message",
  attachments: [
    {
      contentType: "application/vnd.microsoft.card.adaptive",
      contentUrl: null,
      content: {
        $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
        type: "AdaptiveCard",
        version: "1.4",
        body: [{ type: "TextBlock", text: toCardMarkdown(html), wrap: true }],
      },
    },
  ],
});

function workflow(
  text: string,
  patience: { readonly timeoutMs?: number },
): { readonly http: VendorHttp; readonly path: string } {
  const url = URL.parse(text);
  if (url?.protocol !== "https:") {
    throw new ConfigurationError("The Workflows URL for Teams is not an https URL.", {
      nextStep: "Copy the URL of the flow's trigger “When a Teams webhook request is received” into its secret.",
    });
  }
  // The signature that lets us in is part of the path and query.
  const http = new VendorHttp({ vendor: "Teams workflow", baseUrl: url.origin, headers: () => ({}), ...patience });
  return { http, path: `${url.pathname}${url.search}` };
}
