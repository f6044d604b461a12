import { ConnectorAmbiguousError } from "../../errors.ts";
import type { HelpdeskChannelPort } from "../../ports/helpdesk-channel.ts";
import type { Effect } from "../../ports/rollout-store.ts";
import { GUARANTEES } from "./guarantees.ts";

interface Place {
  readonly helpdesk: HelpdeskChannelPort;
  channelId(): Promise<string>;
}

/** The channel by its name: one that is there is used, never a second one made. */
export function channelEffect(
  key: string,
  { name, description }: { readonly name: string; readonly description: string },
  helpdesk: HelpdeskChannelPort,
): Effect {
  const look = async (signal: AbortSignal) => {
    const found = await helpdesk.findChannel(name, { signal });
    return found === null ? null : { channelId: found.id, webUrl: found.webUrl };
  };
  return {
    key,
    subject: { kind: "channel", name },
    lagMs: GUARANTEES.channel.lagMs,
    async find({ signal }) {
      const outcome = await look(signal);
      return outcome === null ? { state: "absent" } : { state: "done", outcome };
    },
    async perform({ signal }) {
      const there = await look(signal);
      if (there !== null) return there;
      const made = await helpdesk.createChannel({ name, description }, { signal });
      return { channelId: made.id, webUrl: made.webUrl };
    },
  };
}

/** A tab by its name, of which one is enough. */
export function tabEffect(
  key: string,
  tab: { readonly name: string; readonly url: string },
  { helpdesk, channelId }: Place,
): Effect {
  const isThere = async (signal: AbortSignal): Promise<boolean> =>
    (await helpdesk.listTabs(await channelId(), { signal })).some(({ name }) => name === tab.name);
  return {
    key,
    subject: { kind: "channel_tab", name: tab.name },
    lagMs: GUARANTEES.channel_tab.lagMs,
    find: async ({ signal }) =>
      (await isThere(signal)) ? { state: "done", outcome: { name: tab.name } } : { state: "absent" },
    async perform({ signal }) {
      if (!(await isThere(signal))) await helpdesk.addTab(await channelId(), tab, { signal });
      return { name: tab.name };
    },
  };
}

/** A flow only accepts: whether it posted is then for `find` to say, and where that cannot tell, for a person. */
export function messageEffect(key: string, html: () => Promise<string>, { helpdesk, channelId }: Place): Effect {
  return {
    key,
    subject: { kind: "channel_message", name: "faq" },
    lagMs: GUARANTEES.channel_message.lagMs,
    async find({ signal }) {
      const found = await helpdesk.findMessage(await channelId(), key, { signal });
      if (found === "present") return { state: "done", outcome: { state: "posted", messageId: null } };
      if (found === "absent") return { state: "absent" };
      return { state: "unknown", check: "Look in the channel whether the FAQ message is there." };
    },
    async perform({ signal }) {
      const message = { html: await html(), marker: key };
      const { state, messageId } = await helpdesk.postMessage(await channelId(), message, { signal });
      if (state === "posted") return { state, messageId };
      throw new ConnectorAmbiguousError("The message was accepted, and may show in the channel later.", {
        nextStep: "Call the tool again: it looks for the message before it posts it.",
      });
    },
  };
}
