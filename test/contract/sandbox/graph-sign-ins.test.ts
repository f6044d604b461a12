import { describe, expect, it } from "vitest";
import { graph, graphWith } from "../../../src/sandbox/vendors/graph/graph.ts";
import { LEAST_PRIVILEGE } from "../../../src/sandbox/vendors/graph/permissions.ts";
import type { Account, SignInAttempt } from "../../../src/sandbox/world/world.ts";
import { type Answer, at, GRAPH, list, openTenant, text } from "./microsoft-tenant.ts";

const POLICIES = "/v1.0/identity/conditionalAccess/policies";
const LOG = "/v1.0/auditLogs/signIns";
const IN_FORCE_MS = 3_600_000;
const PREFER = { headers: { prefer: "include-unknown-enum-members" } };

type Tenant = ReturnType<typeof openTenant>;
type State = "enabled" | "enabledForReportingButNotEnforced" | "disabled";

interface Rule {
  readonly state: State;
  readonly users?: Readonly<Record<string, unknown>>;
  readonly control?: "mfa" | "block";
  readonly clients?: readonly string[];
}

/** Creates a policy and waits until it bites. */
async function decree(tenant: Tenant, { state, users, control = "mfa", clients = ["all"] }: Rule): Promise<string> {
  const body = {
    displayName: "Test",
    state,
    conditions: {
      clientAppTypes: clients,
      applications: { includeApplications: ["All"] },
      users: users ?? { includeUsers: ["All"] },
    },
    grantControls: { operator: "OR", builtInControls: [control] },
  };
  const made = await tenant.asApp("POST", POLICIES, { body });
  expect(made.status).toBe(201);
  tenant.pass(IN_FORCE_MS);
  return text(made.body, "id");
}

const attempt = (tenant: Tenant, accountId: string, parts: Partial<SignInAttempt> = {}): SignInAttempt => ({
  at: new Date(tenant.world.now()).toISOString(),
  accountId,
  appId: "an app",
  appDisplayName: "An app",
  resourceDisplayName: "Office 365 Exchange Online",
  clientAppUsed: "Browser",
  authenticationProtocol: "none",
  interactive: true,
  ipAddress: "203.0.113.1",
  userAgent: "a browser",
  ...parts,
});

const ROPC = {
  clientAppUsed: "Mobile Apps and Desktop clients",
  authenticationProtocol: "ropc",
  interactive: false,
} as const;
const SMTP = { clientAppUsed: "Authenticated SMTP", interactive: false } as const;

/** How one policy judges one attempt. */
function judged(tenant: Tenant, policyId: string, what: SignInAttempt) {
  const { appliedPolicies, ...rest } = tenant.world.judge(what);
  return { ...rest, result: appliedPolicies.find(({ id }) => id === policyId)?.result };
}

const person = (tenant: Tenant, methods: string[]): Account => {
  const account = tenant.account(({ department, roles }) => department === "Sales" && roles.length === 0);
  account.methodsRegistered = methods;
  return account;
};

describe("the simulated tenant's judgement under an enforced MFA policy", () => {
  it.each([
    ["lets a registered person in", ["microsoftAuthenticatorPush"], {}, 0, "success"],
    ["stops somebody who would have to register", [], {}, 50079, "failure"],
    ["does not take an e-mail address for a factor", ["email"], {}, 50079, "failure"],
    [
      "lets a session renew itself for who can answer",
      ["microsoftAuthenticatorPush"],
      { ...ROPC, authenticationProtocol: "none" },
      0,
      "success",
    ],
    ["ends a session of who has no method", [], { ...ROPC, authenticationProtocol: "none" }, 50079, "failure"],
    [
      "ends a device's session that a code began",
      ["microsoftAuthenticatorPush"],
      { ...ROPC, authenticationProtocol: "deviceCode" },
      50076,
      "failure",
    ],
    ["stops a password grant", ["microsoftAuthenticatorPush"], ROPC, 50076, "failure"],
    ["stops a legacy protocol", ["microsoftAuthenticatorPush"], SMTP, 53003, "failure"],
  ] as const)("%s", async (_what, methods, parts, errorCode, outcome) => {
    const tenant = openTenant(graph, GRAPH);
    const id = await decree(tenant, { state: "enabled" });
    const { id: accountId } = person(tenant, [...methods]);
    expect(judged(tenant, id, attempt(tenant, accountId, parts))).toEqual({
      errorCode,
      conditionalAccessStatus: outcome,
      result: outcome,
    });
  });

  it("stops the synchronization account unless its role is excluded", async () => {
    const role = "d29b2b05-8046-44ba-8758-1e26182fcf32";
    const tenant = openTenant(graph, GRAPH);
    const { id: accountId } = tenant.account(({ roles }) => roles.includes(role));
    const background = { ...ROPC, authenticationProtocol: "none" } as const;
    const careful = await decree(tenant, { state: "enabled", users: { includeUsers: ["All"], excludeRoles: [role] } });
    expect(judged(tenant, careful, attempt(tenant, accountId, background))).toMatchObject({
      errorCode: 0,
      result: "notApplied",
    });
    const careless = await decree(tenant, { state: "enabled" });
    expect(judged(tenant, careless, attempt(tenant, accountId, background))).toMatchObject({ errorCode: 50076 });
  });

  it("asks guests too, unless they are excluded", async () => {
    const tenant = openTenant(graph, GRAPH);
    const { id: accountId } = tenant.account(({ userType }) => userType === "Guest");
    const all = await decree(tenant, { state: "enabled" });
    const users = {
      includeUsers: ["All"],
      excludeGuestsOrExternalUsers: { guestOrExternalUserTypes: "b2bCollaborationGuest,serviceProvider" },
    };
    const members = await decree(tenant, { state: "enabled", users });
    expect(judged(tenant, all, attempt(tenant, accountId)).result).not.toBe("notApplied");
    expect(judged(tenant, members, attempt(tenant, accountId)).result).toBe("notApplied");
  });

  it("reaches members of nested groups, and exclusion beats inclusion", async () => {
    const tenant = openTenant(graph, GRAPH);
    const { id: accountId } = person(tenant, []);
    const group = async (member: string): Promise<string> => {
      const bound = [`https://graph.microsoft.com/v1.0/directoryObjects/${member}`];
      const body = { displayName: "G", mailNickname: "g", mailEnabled: false, securityEnabled: true };
      return text(
        (await tenant.asApp("POST", "/v1.0/groups", { body: { ...body, "members@odata.bind": bound } })).body,
        "id",
      );
    };
    const outer = await group(await group(accountId));
    const included = await decree(tenant, { state: "enabled", users: { includeGroups: [outer] } });
    const both = { includeGroups: [outer], excludeUsers: [accountId] };
    const excluded = await decree(tenant, { state: "enabled", users: both });
    expect(judged(tenant, included, attempt(tenant, accountId)).result).toBe("failure");
    expect(judged(tenant, excluded, attempt(tenant, accountId)).result).toBe("notApplied");
  });

  it("begins some time after the policy was accepted", async () => {
    const tenant = openTenant(graph, GRAPH);
    const { id: accountId } = person(tenant, []);
    const before = attempt(tenant, accountId);
    const id = await decree(tenant, { state: "enabled" });
    expect(judged(tenant, id, before)).toMatchObject({ errorCode: 0, result: undefined });
    expect(judged(tenant, id, attempt(tenant, accountId))).toMatchObject({ errorCode: 50079 });
  });
});

describe("the simulated tenant's judgement under a report-only policy", () => {
  it.each([
    ["is success for who has done MFA in the session", ["fido2"], {}, "mfa", "reportOnlySuccess"],
    ["is an interruption for who would have to register", [], {}, "mfa", "reportOnlyInterrupted"],
    ["is an interruption for a password grant", ["microsoftAuthenticatorPush"], ROPC, "mfa", "reportOnlyInterrupted"],
    ["is a failure where a block would stop it", ["fido2"], SMTP, "block", "reportOnlyFailure"],
  ] as const)("%s, and stops nobody", async (_what, methods, parts, control, result) => {
    const tenant = openTenant(graph, GRAPH);
    const id = await decree(tenant, { state: "enabledForReportingButNotEnforced", control });
    const { id: accountId } = person(tenant, [...methods]);
    expect(judged(tenant, id, attempt(tenant, accountId, parts))).toEqual({
      errorCode: 0,
      conditionalAccessStatus: "notApplied",
      result,
    });
  });

  it("says when a policy does not concern a sign-in or is switched off", async () => {
    const tenant = openTenant(graph, GRAPH);
    const { id: accountId } = person(tenant, []);
    const legacy = await decree(tenant, { state: "enabledForReportingButNotEnforced", clients: ["other"] });
    const off = await decree(tenant, { state: "disabled" });
    expect(judged(tenant, legacy, attempt(tenant, accountId)).result).toBe("reportOnlyNotApplied");
    expect(judged(tenant, off, attempt(tenant, accountId)).result).toBe("notEnabled");
  });
});

describe("the sign-in log of the simulated Graph", () => {
  const since = "createdDateTime ge 2026-10-01T00:00:00Z";

  async function allPages(tenant: Tenant, path: string, options = {}): Promise<readonly unknown[]> {
    const found: unknown[] = [];
    let next: string | null = path;
    while (next !== null) {
      const { status, body }: Answer = await tenant.asApp("GET", next, options);
      expect(status).toBe(200);
      found.push(...list(body, "value"));
      next = Object.hasOwn(Object(body), "@odata.nextLink") ? text(body, "@odata.nextLink") : null;
      tenant.pass(3_000);
    }
    return found;
  }

  it("has interactive sign-ins alone in v1.0, without the fields of beta", async () => {
    const tenant = openTenant(graph, GRAPH);
    const entries = await allPages(tenant, `${LOG}?$filter=${since}`);
    expect(entries.length).toBeGreaterThan(100);
    expect(entries.every((entry) => at(entry, "isInteractive") === true)).toBe(true);
    expect(entries[0]).not.toHaveProperty("authenticationProtocol");
    expect(entries[0]).not.toHaveProperty("signInEventTypes");
  });

  it("has the others in beta for who asks for them, protocol included", async () => {
    const tenant = openTenant(graph, GRAPH);
    const filter = `${since} and signInEventTypes/any(t: t eq 'nonInteractiveUser')`;
    const entries = await allPages(tenant, `/beta/auditLogs/signIns?$filter=${filter}`);
    const protocols = new Set(entries.map((entry) => at(entry, "authenticationProtocol")));
    expect(protocols).toContain("ropc");
    expect(entries.every((entry) => at(entry, "isInteractive") === false)).toBe(true);
  });

  it("gives every entry over small pages, one of them twice now and then", async () => {
    const tenant = openTenant(graph, GRAPH);
    const whole = await allPages(tenant, `${LOG}?$filter=${since}`);
    const paged = await allPages(tenant, `${LOG}?$filter=${since}&$top=20`);
    const ids = (entries: readonly unknown[]) => new Set(entries.map((entry) => text(entry, "id")));
    expect(ids(paged)).toEqual(ids(whole));
    expect(paged.length).toBeGreaterThan(whole.length);
    expect(whole.length).toBe(ids(whole).size);
  });

  it("hides report-only results on every page whose request lacks the header", async () => {
    const tenant = openTenant(graph, GRAPH);
    await decree(tenant, { state: "enabledForReportingButNotEnforced" });
    tenant.pass(3 * IN_FORCE_MS);
    const path = `${LOG}?$top=2&$filter=${since}`;
    const shown = await tenant.asApp("GET", path, PREFER);
    expect(JSON.stringify(shown.body)).toContain("reportOnlyInterrupted");
    const next = text(shown.body, "@odata.nextLink");
    expect(JSON.stringify((await tenant.asApp("GET", next)).body)).not.toContain("reportOnly");
    expect(JSON.stringify((await tenant.asApp("GET", next)).body)).toContain("unknownFutureValue");
    expect(JSON.stringify((await tenant.asApp("GET", next, PREFER)).body)).toContain("reportOnly");
  });

  it("has no policies for an app that may read none, and says nothing of it", async () => {
    const permissions = LEAST_PRIVILEGE.filter((permission) => !permission.startsWith("Policy."));
    const tenant = openTenant(graphWith({ permissions }), GRAPH);
    const { status, body } = await tenant.asApp("GET", `${LOG}?$top=5`, PREFER);
    expect(status).toBe(200);
    const lists = list(body, "value").map((entry) => list(entry, "appliedConditionalAccessPolicies"));
    expect(lists).toEqual([[], [], [], [], []]);
  });

  it("shows an entry about five minutes late", async () => {
    const tenant = openTenant(graph, GRAPH);
    const { id: accountId } = person(tenant, []);
    const what = attempt(tenant, accountId);
    const verdict = tenant.world.judge(what);
    tenant.world.signIns.push({ ...what, ...verdict, id: "44444444-4444-4444-8444-444444444444" });
    const find = async () =>
      list((await tenant.asApp("GET", `${LOG}?$filter=id eq '44444444-4444-4444-8444-444444444444'`)).body, "value");
    tenant.pass(3 * 60_000);
    expect(await find()).toEqual([]);
    tenant.pass(3 * 60_000);
    expect(await find()).toHaveLength(1);
  });

  it("forgets what is older than 30 days", async () => {
    const tenant = openTenant(graph, GRAPH);
    tenant.pass(31 * 86_400_000);
    const entries = await allPages(tenant, `${LOG}?$filter=createdDateTime lt 2026-10-06T00:00:00Z`);
    expect(entries).toEqual([]);
  });

  it("finds an address in lower case only", async () => {
    const tenant = openTenant(graph, GRAPH);
    const { body } = await tenant.asApp("GET", `${LOG}?$top=1`);
    const name = text(body, "value/0/userPrincipalName").replaceAll("'", "''");
    const ask = async (value: string) =>
      list((await tenant.asApp("GET", `${LOG}?$filter=userPrincipalName eq '${value}'`)).body, "value");
    expect(name).toBe(name.toLowerCase());
    expect((await ask(name)).length).toBeGreaterThan(0);
    expect(await ask(name.toUpperCase())).toEqual([]);
  });

  it("needs a premium licence", async () => {
    expect((await openTenant(graphWith({ premium: false }), GRAPH).asApp("GET", LOG)).status).toBe(403);
  });
});
