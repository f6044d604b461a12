import type { VendorsDump } from "../../../src/cli/demo/vendors-dump.ts";
import { channelEffect, messageEffect, tabEffect } from "../../../src/kit/effects/channel-effects.ts";
import type { WritesRoom } from "../writes-room.ts";
import { call, count, type Write } from "./write.ts";

const TEAM = "/v1.0/teams/:team/channels";
const message = (which: "teams" | "flow") => async (room: WritesRoom, rollout: string, name: string) => {
  // One message a second in a channel, so each has a channel of its own.
  const { teams } = room.vendors;
  const { id } = await teams.createChannel({ name: `${which} ${name}`, description: "" }, call);
  return messageEffect(`${rollout}/channel/${name}/faq`, async () => "<p>Questions?</p>", {
    helpdesk: room.vendors[which],
    channelId: async () => id,
  });
};
const messages = ({ teams }: VendorsDump, name: string): number =>
  count(teams.messages.filter((one) => JSON.stringify(one).includes(`/channel/${name}/faq`)));

export const TEAMS_WRITES: readonly Write[] = [
  {
    kind: "channel",
    vendor: "graph",
    route: `POST ${TEAM}`,
    make: async ({ vendors }, rollout, name) =>
      channelEffect(`${rollout}/channel/${name}`, { name, description: "" }, vendors.teams),
    times: ({ teams }, name) => count(teams.channels.filter(({ displayName }) => displayName === name)),
  },
  {
    kind: "channel_tab",
    vendor: "graph",
    route: `POST ${TEAM}/:channel/tabs`,
    async make({ vendors: { teams } }, rollout, name) {
      const { id } = await teams.createChannel({ name: `tab ${name}`, description: "" }, call);
      const tab = { name, url: "https://help.larkfieldfoods.com/mfa" };
      return tabEffect(`${rollout}/tab/${name}`, tab, { helpdesk: teams, channelId: async () => id });
    },
    times: ({ teams }, name) => count(teams.tabs.filter(({ displayName }) => displayName === name)),
    // One tab a second: the second delivery is asked to wait, and then made.
    deliveredTwice: 2,
  },
  {
    kind: "channel_message",
    vendor: "graph",
    route: `POST ${TEAM}/:channel/messages`,
    make: message("teams"),
    times: messages,
    deliveredTwice: 2,
  },
  {
    kind: "channel_message",
    vendor: "graph",
    route: "POST /workflows/:flow/triggers/manual/paths/invoke",
    make: message("flow"),
    times: messages,
    deliveredTwice: 2,
    blind: true,
  },
];
