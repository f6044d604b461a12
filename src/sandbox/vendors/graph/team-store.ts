import type { World } from "../../world/world.ts";
import { graphTime } from "./graph-time.ts";
import type { Json } from "./request-body.ts";
import { Throttle } from "./throttle.ts";

/** Id of the company's one team, IT, whose group has the same id. */
export const helpdeskTeamId = (world: World): string => world.guid("team:it");

export interface Channel {
  readonly id: string;
  readonly displayName: string;
  readonly description: string | null;
  readonly createdDateTime: string;
  readonly tabs: Json[];
  readonly messages: Json[];
  /** One message a second, and one tab. */
  readonly messageThrottle: Throttle;
  readonly tabThrottle: Throttle;
}

/** The channels of the helpdesk's team. */
export class TeamStore {
  readonly channels: Channel[] = [];
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
    this.addChannel("General", null);
  }

  addChannel(displayName: string, description: string | null): Channel {
    const channel = {
      id: `19:${this.#world.guid(`channel ${this.channels.length}`).replaceAll("-", "")}@thread.tacv2`,
      displayName,
      description,
      createdDateTime: graphTime(this.#world.now()),
      tabs: [],
      messages: [],
      messageThrottle: new Throttle(1, 1_000),
      tabThrottle: new Throttle(1, 1_000),
    };
    this.channels.push(channel);
    return channel;
  }

  /** Teams makes a message's id of its time. HTML comments do not survive its sanitizer (from memory). */
  addMessage(
    channel: Channel,
    message: { readonly from: Json; readonly body: Json; readonly attachments: unknown },
  ): Json {
    const now = this.#world.now();
    const content = String(message.body.content ?? "").replaceAll(/<!--[\s\S]*?-->/g, "");
    const kept = {
      id: String(now + channel.messages.length),
      messageType: "message",
      createdDateTime: new Date(now).toISOString(),
      lastModifiedDateTime: new Date(now).toISOString(),
      deletedDateTime: null,
      subject: null,
      importance: "normal",
      webUrl: `https://teams.microsoft.com/l/message/${encodeURIComponent(channel.id)}/${now}`,
      from: message.from,
      body: { ...message.body, content },
      channelIdentity: { teamId: helpdeskTeamId(this.#world), channelId: channel.id },
      attachments: message.attachments ?? [],
      mentions: [],
      reactions: [],
    };
    channel.messages.push(kept);
    return kept;
  }
}
