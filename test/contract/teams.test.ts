import { describe, expect, it } from "vitest";
import { z } from "zod";
import { TeamsChannel, type TeamsOptions } from "../../src/connectors/teams/teams-channel.ts";
import { graph } from "../../src/sandbox/vendors/graph/graph.ts";
import { helpdeskTeamId } from "../../src/sandbox/vendors/graph/team-store.ts";
import { microsoftLogin } from "../../src/sandbox/vendors/microsoft-login/microsoft-login.ts";
import { startBox, type TestBox } from "../support/box.ts";
import { graphIn } from "../support/entra.ts";
import { signInIn } from "../support/sign-in.ts";
import { describeHelpdeskChannelPort, type HelpdeskChannelSubject } from "./helpdesk-channel.contract.ts";

const Dump = z.object({
  teams: z.object({ channels: z.array(z.object({ displayName: z.string() })), messages: z.array(z.unknown()) }),
});
const FLOW_MINUTES = 1;
const WORKFLOW =
  "https://prod-00.westus.logic.azure.com/workflows/f1/triggers/manual/paths/invoke?sp=%2Frun&sig=s3cr3t";

type Posting = (box: TestBox) => TeamsOptions["posting"];
const inAPersonsName: Posting = (box) => ({
  kind: "delegated",
  tenantId: box.world.tenantId,
  clientId: box.secrets.teams.clientId,
  refreshTokens: signInIn(box, box.secrets.teams.refreshToken),
});
const throughAFlow: Posting = () => ({ kind: "workflow", url: WORKFLOW });

function teamsIn(box: TestBox, posting: TeamsOptions["posting"]): TeamsChannel {
  return new TeamsChannel({
    cloud: "global",
    graph: graphIn(box),
    teamId: helpdeskTeamId(box.world),
    channel: "it-support",
    posting,
  });
}

async function startTeams(posting: Posting): Promise<HelpdeskChannelSubject> {
  const box = await startBox([microsoftLogin, graph]);
  const held = async () => Dump.parse(await box.dump()).teams;
  return {
    box,
    vendor: "graph",
    helpdesk: teamsIn(box, posting(box)),
    channels: async () => (await held()).channels.map(({ displayName }) => displayName),
    messages: async () => {
      // A flow posts some seconds after it was asked.
      box.world.moveTo(box.world.now() + FLOW_MINUTES * 60_000);
      return (await held()).messages.map((message) => JSON.stringify(message));
    },
    [Symbol.asyncDispose]: box[Symbol.asyncDispose],
  };
}

describe("in a person's name", () => describeHelpdeskChannelPort(() => startTeams(inAPersonsName)));
describe("through a flow", () => describeHelpdeskChannelPort(() => startTeams(throughAFlow)));

describe("TeamsChannel", () => {
  const signal = new AbortController().signal;
  const message = { html: "<p>Hello</p>", marker: "[m]" };

  it("says posted only of a message that it has the id of", async () => {
    await using box = await startBox([microsoftLogin, graph]);
    const person = teamsIn(box, inAPersonsName(box));
    const { id } = await person.createChannel({ name: "it-support", description: "" }, { signal });
    expect(await person.postMessage(id, message, { signal })).toEqual({
      state: "posted",
      messageId: expect.any(String),
    });
    expect(await person.findMessage(id, message.marker, { signal })).toBe("present");
    const flow = teamsIn(box, throughAFlow(box));
    expect(await flow.postMessage(id, message, { signal })).toEqual({ state: "accepted", messageId: null });
    expect(await flow.findMessage(id, message.marker, { signal })).toBe("cannot_tell");
  });

  it("looks for its marker beyond the first page of messages", async () => {
    await using box = await startBox([microsoftLogin, graph]);
    const teams = teamsIn(box, inAPersonsName(box));
    const { id } = await teams.createChannel({ name: "it-support", description: "" }, { signal });
    for (let count = 0; count < 22; count += 1) {
      await teams.postMessage(id, { html: "<p>Hello</p>", marker: `[m${count}]` }, { signal });
      box.world.moveTo(box.world.now() + 2_000);
    }
    expect(await teams.findMessage(id, "[m0]", { signal })).toBe("present");
    expect(await teams.findMessage(id, "[m22]", { signal })).toBe("absent");
  });

  it("asks for a new sign-in of the person when the refresh token is no longer good", async () => {
    await using box = await startBox([microsoftLogin, graph]);
    const posting = { ...inAPersonsName(box), refreshTokens: signInIn(box, "gone") };
    const posted = teamsIn(box, posting).postMessage("19:x@thread.tacv2", message, { signal });
    await expect(posted).rejects.toMatchObject({
      code: "ERR_CONNECTOR_AUTHENTICATION",
      nextStep: expect.stringContaining("sign in anew"),
    });
  });

  it("keeps the flow's URL out of its errors", async () => {
    await using box = await startBox([microsoftLogin, graph]);
    await box.fail({ vendor: "graph", method: "POST", kind: "status", status: 400 });
    const error: unknown = await teamsIn(box, throughAFlow(box))
      .postMessage("19:x@thread.tacv2", message, { signal })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "ERR_CONNECTOR_REJECTED" });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/s3cr3t|logic\.azure/);
  });

  it("refuses a flow's URL that is not https", async () => {
    await using box = await startBox([microsoftLogin, graph]);
    expect(() => teamsIn(box, { kind: "workflow", url: "http://flow.example/x" })).toThrow("not an https URL");
  });
});
