import { describe, expect, it } from "vitest";
import { graph, graphWith } from "../../../src/sandbox/vendors/graph/graph.ts";
import { LEAST_PRIVILEGE } from "../../../src/sandbox/vendors/graph/permissions.ts";
import { at, GRAPH, list, openTenant, text } from "./microsoft-tenant.ts";

const PATH = "/v1.0/identity/conditionalAccess/policies";
const UNKNOWN = "33333333-3333-4333-8333-333333333333";
const SETTLED_MS = 4_000;

type Part = Readonly<Record<string, unknown>>;

/** Report-only MFA for all users, changed by the parts given. */
const policy = (parts: { top?: Part; conditions?: Part; users?: Part; applications?: Part; grant?: Part } = {}) => ({
  displayName: "MFA for all",
  state: "enabledForReportingButNotEnforced",
  conditions: {
    clientAppTypes: ["all"],
    applications: { includeApplications: ["All"], ...parts.applications },
    users: { includeUsers: ["All"], ...parts.users },
    ...parts.conditions,
  },
  grantControls: { operator: "OR", builtInControls: ["mfa"], ...parts.grant },
  ...parts.top,
});

async function create(tenant: ReturnType<typeof openTenant>, body: unknown = policy()): Promise<string> {
  const made = await tenant.asApp("POST", PATH, { body });
  expect(made.status).toBe(201);
  tenant.pass(SETTLED_MS);
  return text(made.body, "id");
}

describe("Conditional Access policies of the simulated Graph", () => {
  it("begin with one that Microsoft made and one of the customer's own, both report-only", async () => {
    const { body } = await openTenant(graph, GRAPH).asApp("GET", PATH);
    expect(list(body, "value").map((one) => [text(one, "displayName"), text(one, "state")])).toEqual([
      [expect.stringMatching(/^Microsoft-managed:/), "enabledForReportingButNotEnforced"],
      ["PILOT - Block legacy authentication", "enabledForReportingButNotEnforced"],
    ]);
  });

  it("show a new policy only after some seconds", async () => {
    const tenant = openTenant(graph, GRAPH);
    const made = await tenant.asApp("POST", PATH, { body: policy() });
    const one = `${PATH}/${text(made.body, "id")}`;
    tenant.pass(1_000);
    expect((await tenant.asApp("GET", one)).status).toBe(404);
    tenant.pass(SETTLED_MS);
    expect((await tenant.asApp("GET", one)).body).toEqual(made.body);
  });

  it("change by PATCH with 204, keep what was left out, and take a nested object as the whole of it", async () => {
    const tenant = openTenant(graph, GRAPH);
    const { id } = tenant.account(({ department }) => department === "IT");
    const policyId = await create(tenant, policy({ users: { excludeUsers: [id] } }));
    const first = await tenant.asApp("PATCH", `${PATH}/${policyId}`, { body: { state: "disabled" } });
    expect(first).toMatchObject({ status: 204, body: undefined });
    tenant.pass(SETTLED_MS);
    const kept = await tenant.asApp("GET", `${PATH}/${policyId}`);
    expect(kept.body).toMatchObject({ state: "disabled", conditions: { users: { excludeUsers: [id] } } });
    tenant.pass(SETTLED_MS);
    await tenant.asApp("PATCH", `${PATH}/${policyId}`, { body: { conditions: { users: { includeUsers: ["All"] } } } });
    tenant.pass(SETTLED_MS);
    const replaced = await tenant.asApp("GET", `${PATH}/${policyId}`);
    expect(replaced.body).toMatchObject({
      conditions: { users: { excludeUsers: [] }, applications: { includeApplications: ["All"] } },
    });
  });

  it("take one request a second for the whole tenant and do not say how long to wait", async () => {
    const tenant = openTenant(graph, GRAPH);
    expect((await tenant.asApp("GET", PATH)).status).toBe(200);
    const second = await tenant.asApp("GET", PATH);
    expect(second).toMatchObject({ status: 429, headers: {}, body: { error: { code: "TooManyRequests" } } });
    expect(second.headers).not.toHaveProperty("Retry-After");
    tenant.pass(1_000);
    expect((await tenant.asApp("GET", PATH)).status).toBe(200);
  });

  it.each([
    ["no client app types", policy({ conditions: { clientAppTypes: [] } }), /^1064: /],
    ["no applications", policy({ applications: { includeApplications: [] } }), /^1011: /],
    ["null for an object", policy({ conditions: { users: null } }), /^1007: /],
    ["a property that does not exist", policy({ conditions: { people: {} } }), /^1007: /],
    ["a read-only property", policy({ top: { createdDateTime: "2026-01-01T00:00:00Z" } }), /^1007: .*createdDateTime/],
    ["a password change without risk", policy({ grant: { builtInControls: ["passwordChange"] } }), /^1032: /],
    ["no control at all", policy({ grant: { builtInControls: [] } }), /^1032: /],
    [
      "mfa together with a strength",
      policy({ grant: { authenticationStrength: { id: "00000000-0000-0000-0000-000000000002" } } }),
      /authentication strength/,
    ],
    ["a group that is not there", policy({ users: { excludeGroups: [UNKNOWN] } }), /Groups/],
    [
      "a template's placeholder",
      policy({ users: { excludeUsers: ["Current administrator will be excluded"] } }),
      /Users/,
    ],
    [
      "report-only with a user action",
      policy({ applications: { includeApplications: [], includeUserActions: ["urn:user:registersecurityinfo"] } }),
      /user actions/,
    ],
  ])("refuse %s with the reason in the inner error alone", async (_what, body, reason) => {
    const { status, body: answer } = await openTenant(graph, GRAPH).asApp("POST", PATH, { body });
    expect(status).toBe(400);
    expect(text(answer, "error/code")).toBe("BadRequest");
    expect(text(answer, "error/message")).not.toMatch(reason);
    expect(text(answer, "error/innerError/message")).toMatch(reason);
  });

  it("refuse what a read returned", async () => {
    const tenant = openTenant(graph, GRAPH);
    const excludeGuestsOrExternalUsers = {
      guestOrExternalUserTypes: "serviceProvider",
      externalTenants: {
        "@odata.type": "#microsoft.graph.conditionalAccessEnumeratedExternalTenants",
        membershipKind: "enumerated",
        members: [UNKNOWN],
      },
    };
    const id = await create(tenant, policy({ users: { excludeGuestsOrExternalUsers } }));
    const { body } = await tenant.asApp("GET", `${PATH}/${id}`);
    const readOnly = ["id", "templateId", "createdDateTime", "modifiedDateTime", "deletedDateTime"];
    const stripped = Object.fromEntries(Object.entries(Object(body)).filter(([name]) => !readOnly.includes(name)));
    for (const [sent, reason] of [
      [body, /read-only/],
      [stripped, /externalTenants/],
      [{ ...stripped, conditions: policy().conditions }, /grantControls/],
    ] as const) {
      tenant.pass(SETTLED_MS);
      const answer = await tenant.asApp("POST", PATH, { body: sent });
      expect(answer.status).toBe(400);
      expect(text(answer.body, "error/innerError/message")).toMatch(reason);
    }
  });

  it("cannot be enabled under security defaults, but can be report-only", async () => {
    const permissions = [...LEAST_PRIVILEGE, "Policy.ReadWrite.SecurityDefaults"];
    const tenant = openTenant(graphWith({ securityDefaults: true, permissions }), GRAPH);
    const id = await create(tenant);
    const enabled = await tenant.asApp("PATCH", `${PATH}/${id}`, { body: { state: "enabled" } });
    expect(text(enabled.body, "error/innerError/message")).toMatch(/^Security Defaults is enabled/);
    const defaults = "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy";
    expect((await tenant.asApp("PATCH", defaults, { body: { isEnabled: false } })).status).toBe(204);
    tenant.pass(SETTLED_MS);
    expect((await tenant.asApp("PATCH", `${PATH}/${id}`, { body: { state: "enabled" } })).status).toBe(204);
    expect((await tenant.asApp("PATCH", defaults, { body: { isEnabled: true } })).status).toBe(400);
  });

  it("end at 195, whatever their state", async () => {
    const tenant = openTenant(graph, GRAPH);
    for (let made = 2; made < 195; made += 1) await create(tenant, policy({ top: { state: "disabled" } }));
    const { status, body } = await tenant.asApp("POST", PATH, { body: policy() });
    expect(status).toBe(400);
    expect(text(body, "error/innerError/message")).toMatch(/195/);
  });

  it.each(["Policy.Read.All", "Policy.ReadWrite.ConditionalAccess", "Application.Read.All"])(
    "are not created without %s",
    async (missing) => {
      const permissions = LEAST_PRIVILEGE.filter((permission) => permission !== missing);
      const answer = await openTenant(graphWith({ permissions }), GRAPH).asApp("POST", PATH, { body: policy() });
      expect(answer).toMatchObject({ status: 403, body: { error: { code: "AccessDenied" } } });
    },
  );

  it("are not created without a premium licence", async () => {
    const answer = await openTenant(graphWith({ premium: false }), GRAPH).asApp("POST", PATH, { body: policy() });
    expect(answer).toMatchObject({
      status: 403,
      body: { error: { message: expect.stringContaining("not licensed") } },
    });
  });

  it("leave every write in the history, a deletion included", async () => {
    const tenant = openTenant(graph, GRAPH);
    const id = await create(tenant);
    expect((await tenant.asApp("DELETE", `${PATH}/${id}`)).status).toBe(204);
    const dump = tenant.vendor.dump();
    expect(at(dump, "entra/policyHistory")).toMatchObject([
      { method: "POST", id, body: { displayName: "MFA for all" } },
      { method: "DELETE", id, body: null },
    ]);
    expect(list(dump, "entra/policies")).toHaveLength(2);
  });

  it("keep Microsoft's own from deletion and renaming", async () => {
    const tenant = openTenant(graph, GRAPH);
    const id = text((await tenant.asApp("GET", PATH)).body, "value/0/id");
    tenant.pass(1_000);
    expect((await tenant.asApp("DELETE", `${PATH}/${id}`)).status).toBe(400);
    tenant.pass(1_000);
    expect((await tenant.asApp("PATCH", `${PATH}/${id}`, { body: { displayName: "Mine" } })).status).toBe(400);
    tenant.pass(1_000);
    expect((await tenant.asApp("PATCH", `${PATH}/${id}`, { body: { state: "disabled" } })).status).toBe(204);
  });

  it("are evaluated by What-If, report-only ones too", async () => {
    const tenant = openTenant(graph, GRAPH);
    const { id: userId } = tenant.account(({ department }) => department === "Sales");
    const id = await create(tenant);
    const excluding = await create(tenant, policy({ users: { excludeUsers: [userId] } }));
    const body = {
      signInIdentity: { "@odata.type": "#microsoft.graph.userSignIn", userId },
      signInContext: { "@odata.type": "#microsoft.graph.applicationContext", includeApplications: [UNKNOWN] },
      signInConditions: { clientAppType: "browser" },
    };
    const answer = await tenant.asApp("POST", "/v1.0/identity/conditionalAccess/evaluate", { body });
    const results = list(answer.body, "value");
    expect(results.find((one) => at(one, "id") === id)).toMatchObject({
      policyApplies: true,
      analysisReasons: "notSet",
    });
    expect(results.find((one) => at(one, "id") === excluding)).toMatchObject({
      policyApplies: false,
      analysisReasons: "users",
    });
    tenant.pass(1_000);
    const applied = { ...body, appliedPoliciesOnly: true };
    const only = await tenant.asApp("POST", "/v1.0/identity/conditionalAccess/evaluate", { body: applied });
    expect(list(only.body, "value").map((one) => at(one, "id"))).toEqual([id]);
  });
});
