import { ClientSecretCredential } from "@azure/identity";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../../src/sandbox/core/sandbox.ts";
import { graph } from "../../../src/sandbox/vendors/graph/graph.ts";
import { microsoftLogin } from "../../../src/sandbox/vendors/microsoft-login/microsoft-login.ts";
import { powerBi } from "../../../src/sandbox/vendors/power-bi/power-bi.ts";
import { enterSandboxNetwork } from "../../support/sandbox-network.ts";

const GRAPH_SCOPE = "https://graph.microsoft.com/.default";
const POWER_BI_SCOPE = "https://analysis.windows.net/powerbi/api/.default";

let box: Sandbox;
let network: Disposable;

beforeAll(async () => {
  box = await startSandbox({ vendors: [microsoftLogin, graph, powerBi] });
  network = enterSandboxNetwork(box);
});

afterAll(async () => {
  network[Symbol.dispose]();
  await box.close();
});

const credential = (secret = box.secrets.entra.clientSecret): ClientSecretCredential =>
  new ClientSecretCredential(box.world.tenantId, box.secrets.entra.clientId, secret);

async function post(path: string, fields: Readonly<Record<string, string>>) {
  const url = `https://login.microsoftonline.com/${path}`;
  const response = await fetch(url, { method: "POST", body: new URLSearchParams(fields) });
  const body: unknown = await response.json();
  return { status: response.status, body };
}

async function get(url: string, token: string): Promise<number> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  await response.body?.cancel();
  return response.status;
}

describe("the simulated Entra authorization server", () => {
  it("serves the shipped @azure/identity for Graph and for Power BI, each with its own token", async () => {
    const organization = "https://graph.microsoft.com/v1.0/organization";
    const groups = "https://api.powerbi.com/v1.0/myorg/groups";
    const forGraph = await credential().getToken(GRAPH_SCOPE);
    const forPowerBi = await credential().getToken(POWER_BI_SCOPE);
    expect(await get(organization, forGraph.token)).toBe(200);
    expect(await get(groups, forPowerBi.token)).toBe(200);
    expect(await get(organization, forPowerBi.token)).toBe(401);
    expect(await get(groups, forGraph.token)).toBe(403);
  });

  it("refuses a wrong secret", async () => {
    await expect(credential("wrong").getToken(GRAPH_SCOPE)).rejects.toThrow("AADSTS7000215");
    const form = { grant_type: "client_credentials", client_id: box.secrets.entra.clientId, scope: GRAPH_SCOPE };
    const answer = await post(`${box.world.tenantId}/oauth2/v2.0/token`, { ...form, client_secret: "wrong" });
    expect(answer).toMatchObject({ status: 401, body: { error: "invalid_client", error_codes: [7000215] } });
  });

  it("does not know another tenant", async () => {
    const answer = await post("33333333-3333-4333-8333-333333333333/oauth2/v2.0/token", {});
    expect(answer).toMatchObject({ status: 400, body: { error_codes: [90002] } });
  });

  it("gives the person of the helpdesk a token for a refresh token, with the scopes consented to", async () => {
    const { clientId, refreshToken } = box.secrets.teams;
    const form = { grant_type: "refresh_token", client_id: clientId, refresh_token: refreshToken };
    const scope = "https://graph.microsoft.com/ChannelMessage.Send https://graph.microsoft.com/User.ReadWrite.All";
    const path = `${box.world.tenantId}/oauth2/v2.0/token`;
    expect(await post(path, { ...form, scope })).toMatchObject({
      status: 200,
      body: { scope: "ChannelMessage.Send", refresh_token: `${refreshToken}.1`, expires_in: 3599 },
    });
    const stale = await post(path, { ...form, refresh_token: "other", scope });
    expect(stale).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  });

  it("keeps a device code waiting until the person has typed it", async () => {
    const { clientId } = box.secrets.teams;
    const scope = "https://graph.microsoft.com/.default";
    const started = await post("organizations/oauth2/v2.0/devicecode", { client_id: clientId, scope });
    const { device_code } = Object(started.body);
    const form = {
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      client_id: clientId,
      device_code,
      scope,
    };
    const pending = await post("organizations/oauth2/v2.0/token", form);
    expect(pending).toMatchObject({ status: 400, body: { error: "authorization_pending" } });
    box.world.moveTo(box.world.now() + 10_000);
    expect((await post("organizations/oauth2/v2.0/token", form)).status).toBe(200);
  });

  it("gives tokens that end by the world's time, whatever a client's cache believes", async () => {
    const keeper = credential();
    const organization = "https://graph.microsoft.com/v1.0/organization";
    const { token } = await keeper.getToken(GRAPH_SCOPE);
    box.world.moveTo(box.world.now() + 2 * 3_600_000);
    expect((await keeper.getToken(GRAPH_SCOPE)).token).toBe(token);
    expect(await get(organization, token)).toBe(401);
    expect(await get(organization, (await credential().getToken(GRAPH_SCOPE)).token)).toBe(200);
  });
});
