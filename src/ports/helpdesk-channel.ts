import type { Checked } from "./check.ts";

interface Call {
  readonly signal: AbortSignal;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly webUrl: string;
}

/** A page shown as a tab of the channel: the vendor's form of pinning. */
export interface ChannelTab {
  readonly name: string;
  readonly url: string;
}

/** The chat channel where users ask for help. */
export interface HelpdeskChannelPort extends Checked {
  findChannel(name: string, call: Call): Promise<Channel | null>;
  createChannel(channel: { readonly name: string; readonly description: string }, call: Call): Promise<Channel>;
  listTabs(channelId: string, call: Call): Promise<readonly ChannelTab[]>;
  addTab(channelId: string, tab: ChannelTab, call: Call): Promise<void>;
  /**
   * Posts a message as the configured person or flow. `marker` is planted in the message.
   * `accepted`: a flow took it, which is no proof that it shows in the channel.
   */
  postMessage(
    channelId: string,
    message: { readonly html: string; readonly marker: string },
    call: Call,
  ): Promise<{ readonly state: "posted" | "accepted"; readonly messageId: string | null }>;
  /** Looks for the marker among the channel's messages; `cannot_tell` where the configured way cannot read them. */
  findMessage(channelId: string, marker: string, call: Call): Promise<"present" | "absent" | "cannot_tell">;
}
