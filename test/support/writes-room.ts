import { z } from "zod";
import { VendorsDump } from "../../src/cli/demo/vendors-dump.ts";
import { ConnectWiseServiceDesk } from "../../src/connectors/connectwise/connectwise-service-desk.ts";
import { EntraAccessPasses } from "../../src/connectors/entra/entra-access-passes.ts";
import { EntraConditionalAccess } from "../../src/connectors/entra/entra-conditional-access.ts";
import { EntraDirectory } from "../../src/connectors/entra/entra-directory.ts";
import { EntraLegacyMfa } from "../../src/connectors/entra/entra-legacy-mfa.ts";
import { GmailMailer } from "../../src/connectors/gmail/gmail-mailer.ts";
import { GraphClient } from "../../src/connectors/graph/graph-client.ts";
import { EntraTokens } from "../../src/connectors/graph/graph-credentials.ts";
import { TABLE } from "../../src/connectors/looker/enrolment-table.ts";
import { googleToken } from "../../src/connectors/looker/google-token.ts";
import { LookerDashboard } from "../../src/connectors/looker/looker-dashboard.ts";
import { OutlookMailer } from "../../src/connectors/outlook/outlook-mailer.ts";
import { PowerBiDashboard } from "../../src/connectors/power-bi/power-bi-dashboard.ts";
import { TeamsChannel, type TeamsOptions } from "../../src/connectors/teams/teams-channel.ts";
import { sha256 } from "../../src/domain/model/ids.ts";
import type { Effect, JsonObject, Rollout } from "../../src/ports/rollout-store.ts";
import { allVendors } from "../../src/sandbox/all-vendors.ts";
import { graph, graphWith } from "../../src/sandbox/vendors/graph/graph.ts";
import { LEAST_PRIVILEGE, LEGACY_MFA } from "../../src/sandbox/vendors/graph/permissions.ts";
import { helpdeskTeamId } from "../../src/sandbox/vendors/graph/team-store.ts";
import { startBox, type TestBox } from "./box.ts";
import { dataDirectory, started } from "./data-directory.ts";
import { signInIn } from "./sign-in.ts";

const PLAN = sha256("a1".repeat(32));
const WORKFLOW =
  "https://prod-00.westus.logic.azure.com/workflows/f1/triggers/manual/paths/invoke?sp=%2Frun&sig=s3cr3t";
/** A vendor that stays silent is given up after this long; long enough for a busy machine to answer all others. */
const timeoutMs = 6_000;

const Datasets = z.object({ value: z.array(z.object({ id: z.string() })) });
const Exchange = z.object({
  vendor: z.string().nullable(),
  method: z.string(),
  url: z.string(),
  status: z.number(),
  fault: z.string().nullable(),
});
const signal = new AbortController().signal;

/** The real connectors, impatient, before the simulated vendors, and real ledgers in one data directory. */
export async function writesRoom() {
  await using undo = new AsyncDisposableStack();
  // An app that may replace legacy MFA as well, in a tenant that has it.
  const legacy = graphWith({ permissions: [...LEAST_PRIVILEGE, ...LEGACY_MFA], securityDefaults: true });
  const vendorsOfBox = allVendors.map((vendor) => (vendor === graph ? legacy : vendor));
  const box = undo.use(await startBox(vendorsOfBox, { employees: 60 }));
  const place = undo.use(await dataDirectory());
  const { tokens, ...vendors } = connectorsOf(box);
  const stack = undo.move();
  return {
    box,
    place,
    vendors,
    held: async () => VendorsDump.parse(await box.dump()),
    begin: (rollout: string): Promise<Rollout> => place.store().create(rollout, started(rollout)),
    /** What was asked of the vendors so far. */
    async exchanges(): Promise<readonly z.output<typeof Exchange>[]> {
      return (await box.exchanges()).map((line) => Exchange.parse(line));
    },
    /** Empties the Power BI workspace, as its people may. */
    async forgetDatasets(): Promise<void> {
      const datasets = `https://api.powerbi.com/v1.0/myorg/groups/${box.secrets.powerBi.workspaceId}/datasets`;
      const token = await tokens.token("https://analysis.windows.net/powerbi/api/.default", { signal });
      const headers = { Authorization: `Bearer ${token}` };
      const there = Datasets.parse(await (await fetch(datasets, { headers })).json());
      for (const { id } of there.value) await fetch(`${datasets}/${id}`, { method: "DELETE", headers });
    },
    /** Removes the table of snapshots from BigQuery, as its people may. */
    async forgetTable(): Promise<void> {
      const { clientEmail, privateKeyPem } = box.secrets.gmail;
      const { projectId, dataset } = box.secrets.bigquery;
      const tables = `https://bigquery.googleapis.com/bigquery/v2/projects/${projectId}/datasets/${dataset}/tables`;
      const token = await googleToken({ clientEmail, privateKeyPem })({ fresh: false, signal });
      await fetch(`${tables}/${TABLE}`, { method: "DELETE", headers: { Authorization: `Bearer ${token}` } });
    },
    /** Turns security defaults on, as an administrator may while no policy is enforced. */
    async turnDefaultsOn(): Promise<void> {
      const token = await tokens.token("https://graph.microsoft.com/.default", { signal });
      const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
      const path = "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy";
      const body = JSON.stringify({ isEnabled: true });
      await fetch(`https://graph.microsoft.com${path}`, { method: "PATCH", headers, body });
    },
    /** As a process does it that has just started: it knows what is in the data directory and nothing else. */
    async run(rolloutId: string, effect: Effect): Promise<JsonObject> {
      const rollout = await place.store().open(rolloutId);
      return rollout.exclusively(() => rollout.once(effect, PLAN, signal));
    },
    /** As a process does it that dies before the change. */
    async dieBefore(rolloutId: string, { key, subject }: Effect): Promise<void> {
      const rollout = await place.store().open(rolloutId);
      await rollout.append({ type: "effect_intended", data: { key, plan: PLAN, subject } });
    },
    /** As a process does it that dies after the change: the ledger knows the intent and the notes, no outcome. */
    async dieAfter(rolloutId: string, effect: Effect): Promise<void> {
      const { key, subject } = effect;
      const rollout = await place.store().open(rolloutId);
      await rollout.append({ type: "effect_intended", data: { key, plan: PLAN, subject } });
      const note = async (marker: JsonObject): Promise<void> =>
        void (await rollout.append({ type: "effect_noted", data: { key, note: marker } }));
      // Whatever it meets, nobody is left to hear of it.
      await effect.perform({ noted: {}, note, signal }).catch(() => {});
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

export type WritesRoom = Awaited<ReturnType<typeof writesRoom>>;

function connectorsOf(box: TestBox) {
  const { secrets, world } = box;
  const cloud = "global";
  const { clientId, clientSecret } = secrets.entra;
  const tokens = new EntraTokens({
    cloud,
    tenantId: world.tenantId,
    clientId,
    credential: { kind: "secret", clientSecret },
  });
  const graph = new GraphClient({ cloud, tokens, timeoutMs });
  const entra = { graph, tenant: world.tenantDomain };
  const teams = (posting: TeamsOptions["posting"]) =>
    new TeamsChannel({ cloud, graph, teamId: helpdeskTeamId(world), channel: "it-support", posting, timeoutMs });
  const { customer, companyId, publicKey, privateKey, clientId: psaClient } = secrets.connectwise;
  const { clientEmail, privateKeyPem, sender } = secrets.gmail;
  return {
    tokens,
    mailer: new GmailMailer({ clientEmail, privateKeyPem, sender, senderName: "IT", timeoutMs }),
    directory: new EntraDirectory(entra),
    policies: new EntraConditionalAccess(entra),
    legacyMfa: new EntraLegacyMfa(entra),
    passes: new EntraAccessPasses(entra),
    desk: new ConnectWiseServiceDesk({
      site: "na.myconnectwise.net",
      companyId,
      publicKey,
      privateKey,
      clientId: psaClient,
      customer,
      serviceBoard: "Service Desk",
      projectBoard: "Projects",
      timeoutMs,
    }),
    outlook: new OutlookMailer({ graph, sender: { address: sender, name: "IT" } }),
    looker: new LookerDashboard({
      bigquery: { ...secrets.bigquery, serviceAccount: { clientEmail, privateKeyPem }, timeoutMs },
      looker: { ...secrets.looker, model: "mfa_rollout", timeoutMs },
    }),
    dashboard: new PowerBiDashboard({ cloud, workspaceId: secrets.powerBi.workspaceId, tokens, timeoutMs }),
    teams: teams({
      kind: "delegated",
      tenantId: world.tenantId,
      clientId: secrets.teams.clientId,
      refreshTokens: signInIn(box, secrets.teams.refreshToken),
    }),
    flow: teams({ kind: "workflow", url: WORKFLOW }),
  };
}
