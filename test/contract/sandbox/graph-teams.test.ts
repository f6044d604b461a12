import { describe, expect, it } from "vitest";
import { graph } from "../../../src/sandbox/vendors/graph/graph.ts";
import { helpdeskTeamId } from "../../../src/sandbox/vendors/graph/team-store.ts";
import { at, GRAPH, list, openTenant, text } from "./microsoft-tenant.ts";

const MESSAGE = { body: { contentType: "html", content: "<p>Hello<!-- hidden --></p>" } };
const TAB = {
  displayName: "FAQ",
  "teamsApp@odata.bind": `${GRAPH}/v1.0/appCatalogs/teamsApps/com.microsoft.teamspace.tab.web`,
  configuration: { entityId: null, contentUrl: "https://a.example", removeUrl: null, websiteUrl: "https://a.example" },
};

async function openChannel() {
  const tenant = openTenant(graph, GRAPH);
  const channels = `/v1.0/teams/${helpdeskTeamId(tenant.world)}/channels`;
  const made = await tenant.asApp("POST", channels, { body: { displayName: "it-support", description: "MFA" } });
  expect(made.status).toBe(201);
  return { tenant, channels, channel: `${channels}/${text(made.body, "id")}` };
}

describe("the simulated team", () => {
  it.each([
    ["a name that is taken, in any case", { displayName: "IT-Support" }],
    ["a name of 51 characters", { displayName: "x".repeat(51) }],
    ["a number sign", { displayName: "#it-support" }],
  ])("refuses a channel with %s", async (_what, body) => {
    const { tenant, channels } = await openChannel();
    expect((await tenant.asApp("POST", channels, { body })).status).toBe(400);
  });

  it("lets a person post and no app", async () => {
    const { tenant, channel } = await openChannel();
    const refused = await tenant.asApp("POST", `${channel}/messages`, { body: MESSAGE });
    expect(refused.status).toBe(403);
    expect(text(refused.body, "error/message")).toMatch(/Teamwork\.Migrate\.All/);
    expect((await tenant.asPerson("POST", `${channel}/messages`, { body: MESSAGE })).status).toBe(201);
    const read = await tenant.asPerson("GET", `${channel}/messages`);
    expect(list(read.body, "value")).toMatchObject([{ body: { content: "<p>Hello</p>" } }]);
    expect((await tenant.asApp("GET", `${channel}/messages`)).status).toBe(403);
  });

  it("takes one message a second in a channel", async () => {
    const { tenant, channel } = await openChannel();
    const post = () => tenant.asPerson("POST", `${channel}/messages`, { body: MESSAGE });
    expect((await post()).status).toBe(201);
    expect(await post()).toMatchObject({ status: 429, headers: { "Retry-After": "1" } });
    tenant.pass(1_000);
    expect((await post()).status).toBe(201);
  });

  it("adds a tab as often as it is told to", async () => {
    const { tenant, channel } = await openChannel();
    expect((await tenant.asApp("POST", `${channel}/tabs`, { body: TAB })).status).toBe(201);
    tenant.pass(1_000);
    expect((await tenant.asApp("POST", `${channel}/tabs`, { body: TAB })).status).toBe(201);
    const { body } = await tenant.asApp("GET", `${channel}/tabs`);
    expect(list(body, "value")).toMatchObject([{ displayName: "FAQ" }, { displayName: "FAQ" }]);
    expect(list(tenant.vendor.dump(), "teams/tabs")).toHaveLength(2);
  });

  it("accepts a workflow's request before anything is posted", async () => {
    const tenant = openTenant(graph, GRAPH);
    const url = "https://prod-00.westus.logic.azure.com/workflows/abc/triggers/manual/paths/invoke";
    const attachments = [{ contentType: "application/vnd.microsoft.card.adaptive", content: {} }];
    const body = { type: "message", attachments };
    expect((await tenant.asApp("POST", url, { body })).status).toBe(401);
    expect((await tenant.asApp("POST", `${url}?sig=x`, { body: { text: "hello" } })).status).toBe(400);
    expect(await tenant.asApp("POST", `${url}?sig=x`, { body })).toMatchObject({ status: 202, body: undefined });
    expect(at(tenant.vendor.dump(), "teams/messages")).toEqual([]);
    tenant.pass(60_000);
    expect(list(tenant.vendor.dump(), "teams/messages")).toHaveLength(1);
  });
});
