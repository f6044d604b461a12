import { describe, expect, it } from "vitest";
import { graph, graphWith } from "../../../src/sandbox/vendors/graph/graph.ts";
import { LEAST_PRIVILEGE } from "../../../src/sandbox/vendors/graph/permissions.ts";
import { type Answer, at, GRAPH, list, openTenant, text } from "./microsoft-tenant.ts";

const without = (permission: string) =>
  graphWith({ permissions: LEAST_PRIVILEGE.filter((held) => held !== permission) });

type Tenant = ReturnType<typeof openTenant>;

async function allPages(tenant: Tenant, path: string): Promise<{ pages: Answer[]; items: unknown[] }> {
  const pages: Answer[] = [];
  let next: string | null = path;
  while (next !== null) {
    const page: Answer = await tenant.asApp("GET", next);
    pages.push(page);
    const body = page.body;
    next =
      typeof body === "object" && body !== null && "@odata.nextLink" in body ? String(body["@odata.nextLink"]) : null;
    // the registration report takes 5 calls in 10 s
    tenant.pass(3_000);
  }
  return { pages, items: pages.flatMap(({ body }) => list(body, "value")) };
}

describe("users of the simulated Graph", () => {
  it("gives each account once over pages of which some are empty", async () => {
    const tenant = openTenant(graph, GRAPH);
    const { pages, items } = await allPages(tenant, "/v1.0/users?$select=id&$top=10");
    expect(new Set(items.map((item) => text(item, "id")))).toEqual(new Set(tenant.world.accounts.keys()));
    expect(items).toHaveLength(tenant.world.accounts.size);
    expect(pages.some(({ body }) => list(body, "value").length === 0)).toBe(true);
  });

  it("gives 100 with a small property set when nothing is asked for", async () => {
    const { body } = await openTenant(graph, GRAPH).asApp("GET", "/v1.0/users");
    expect(list(body, "value")).toHaveLength(100);
    expect(Object.keys(Object(at(body, "value/0"))).toSorted()).toEqual([
      "businessPhones",
      "displayName",
      "givenName",
      "id",
      "jobTitle",
      "mail",
      "mobilePhone",
      "officeLocation",
      "preferredLanguage",
      "surname",
      "userPrincipalName",
    ]);
  });

  it.each([
    ["a page of 1000", "/v1.0/users?$top=1000", 400],
    ["mailbox settings on the collection", "/v1.0/users?$select=id,mailboxSettings", 501],
    ["a nested selection without $levels", "/v1.0/users?$expand=manager($select=id)", 400],
    ["a filter it does not support", "/v1.0/users?$filter=officeLocation eq 'x'", 400],
    ["an advanced filter without the header", "/v1.0/users?$filter=accountEnabled ne true", 400],
    ["$skip", "/v1.0/users?$skip=10", 400],
    ["a page token it never made", "/v1.0/users?$skiptoken=abc", 400],
  ])("refuses %s", async (_what, path, status) => {
    expect((await openTenant(graph, GRAPH).asApp("GET", path)).status).toBe(status);
  });

  it("expands managers with a nested selection under $levels", async () => {
    const tenant = openTenant(graph, GRAPH);
    const { id, managerId } = tenant.account((account) => account.managerId !== null);
    const { body } = await tenant.asApp("GET", `/v1.0/users/${id}?$select=id&$expand=manager($levels=1;$select=id)`);
    expect(body).toEqual({ id, manager: { "@odata.type": "#microsoft.graph.user", id: managerId } });
  });

  it("filters by address without regard to case", async () => {
    const tenant = openTenant(graph, GRAPH);
    const { id, userPrincipalName } = tenant.account(({ department }) => department === "IT");
    const name = userPrincipalName.toUpperCase().replaceAll("'", "''");
    const { body } = await tenant.asApp("GET", `/v1.0/users?$select=id&$filter=userPrincipalName eq '${name}'`);
    expect(at(body, "value")).toEqual([{ id }]);
  });

  it("counts only on the first page, and only for who sends the header", async () => {
    const tenant = openTenant(graph, GRAPH);
    const path = "/v1.0/users?$select=id&$top=150&$count=true";
    const eventual = { headers: { consistencylevel: "eventual" } };
    const first = await tenant.asApp("GET", path, eventual);
    const second = await tenant.asApp("GET", text(first.body, "@odata.nextLink"), eventual);
    expect(at(first.body, "@odata.count")).toBe(tenant.world.accounts.size);
    expect(second.body).not.toHaveProperty("@odata.count");
    expect((await tenant.asApp("GET", path)).body).not.toHaveProperty("@odata.count");
  });

  it("refuses an app without User.Read.All and any call without a token", async () => {
    const refused = await openTenant(without("User.Read.All"), GRAPH).asApp("GET", "/v1.0/users");
    expect(refused).toMatchObject({ status: 403, body: { error: { code: "Authorization_RequestDenied" } } });
    const unknown = await openTenant(graph, GRAPH).asApp("GET", "/v1.0/users", { headers: { authorization: "" } });
    expect(unknown).toMatchObject({ status: 401, body: { error: { code: "InvalidAuthenticationToken" } } });
  });
});

describe("the registration report of the simulated Graph", () => {
  const PATH = "/v1.0/reports/authenticationMethods/userRegistrationDetails";

  it("leaves disabled accounts out", async () => {
    const tenant = openTenant(graph, GRAPH);
    const { items } = await allPages(tenant, PATH);
    const enabled = [...tenant.world.accounts.values()].filter(({ accountEnabled }) => accountEnabled);
    expect(new Set(items.map((item) => text(item, "id")))).toEqual(new Set(enabled.map(({ id }) => id)));
    expect(enabled.length).toBeLessThan(tenant.world.accounts.size);
  });

  it("does not take an e-mail address for MFA and shows what was reported, not what is", async () => {
    const tenant = openTenant(graph, GRAPH);
    const account = tenant.account(({ accountEnabled }) => accountEnabled);
    account.methodsRegistered = ["fido2"];
    account.reported = { methodsRegistered: ["email"], at: tenant.world.settings.startsAt };
    const { body } = await tenant.asApp("GET", `${PATH}?$filter=id eq '${account.id}'`);
    expect(at(body, "value/0")).toMatchObject({
      isMfaRegistered: false,
      isMfaCapable: false,
      methodsRegistered: ["email"],
    });
  });

  it("takes 5 requests in 10 seconds and says how long to wait", async () => {
    const tenant = openTenant(graph, GRAPH);
    for (let call = 0; call < 5; call += 1) expect((await tenant.asApp("GET", PATH)).status).toBe(200);
    const sixth = await tenant.asApp("GET", PATH);
    expect(sixth).toMatchObject({ status: 429, headers: { "Retry-After": "10" } });
    tenant.pass(10_000);
    expect((await tenant.asApp("GET", PATH)).status).toBe(200);
  });

  it("needs a premium licence", async () => {
    const { status, body } = await openTenant(graphWith({ premium: false }), GRAPH).asApp("GET", PATH);
    expect(status).toBe(403);
    expect(text(body, "error/code")).toBe("Authentication_RequestFromNonPremiumTenantOrB2CTenant");
  });
});

describe("mailboxes and batches of the simulated Graph", () => {
  it("says what a mailbox is for, and 404 where there is none", async () => {
    const tenant = openTenant(graph, GRAPH);
    const shared = tenant.account(({ userPurpose }) => userPurpose === "shared");
    const none = tenant.account(({ userPurpose }) => userPurpose === null);
    const path = (id: string): string => `/v1.0/users/${id}/mailboxSettings/userPurpose`;
    expect((await tenant.asApp("GET", path(shared.id))).body).toMatchObject({ value: "shared" });
    const missing = await tenant.asApp("GET", path(none.id));
    expect(missing).toMatchObject({ status: 404, body: { error: { code: "MailboxNotEnabledForRESTAPI" } } });
  });

  it("answers 200 for a batch whose items come in another order, now and then one of them throttled", async () => {
    const tenant = openTenant(graph, GRAPH);
    const ids = [...tenant.world.accounts.keys()].slice(0, 20);
    const requests = ids.map((id, index) => ({
      id: String(index),
      method: "GET",
      url: `/users/${id}/mailboxSettings?$select=userPurpose`,
    }));
    const statuses = new Set<unknown>();
    const orders = new Set<string>();
    for (let batch = 0; batch < 10; batch += 1) {
      const { status, body } = await tenant.asApp("POST", "/v1.0/$batch", { body: { requests } });
      expect(status).toBe(200);
      const responses = list(body, "responses");
      expect(responses).toHaveLength(20);
      orders.add(responses.map((response) => text(response, "id")).join());
      for (const response of responses) {
        statuses.add(at(response, "status"));
        if (at(response, "status") === 429) expect(text(response, "headers/Retry-After")).toBe("1");
      }
    }
    expect(orders.size).toBe(10);
    expect(statuses).toContain(429);
    expect(statuses).toContain(200);
  });

  it.each([
    ["21 items", Array.from({ length: 21 }, (_, id) => ({ id: String(id), method: "GET", url: "/organization" }))],
    ["one id twice", ["a", "A"].map((id) => ({ id, method: "GET", url: "/organization" }))],
    ["an absolute address", [{ id: "1", method: "GET", url: "https://graph.microsoft.com/v1.0/users" }]],
    ["a body without its content type", [{ id: "1", method: "POST", url: "/groups", body: {} }]],
  ])("refuses a batch with %s", async (_what, requests) => {
    expect((await openTenant(graph, GRAPH).asApp("POST", "/v1.0/$batch", { body: { requests } })).status).toBe(400);
  });
});

describe("facts of the simulated tenant", () => {
  it("shows a premium plan among its subscriptions, or none", async () => {
    const premium = await openTenant(graph, GRAPH).asApp("GET", "/v1.0/subscribedSkus");
    const plain = await openTenant(graphWith({ premium: false }), GRAPH).asApp("GET", "/v1.0/subscribedSkus");
    expect(JSON.stringify(premium.body)).toContain("AAD_PREMIUM");
    expect(JSON.stringify(plain.body)).not.toContain("AAD_PREMIUM");
  });

  it("names who holds the synchronization role, by role and by assignment", async () => {
    const tenant = openTenant(graph, GRAPH);
    const role = "d29b2b05-8046-44ba-8758-1e26182fcf32";
    const { id } = tenant.account(({ roles }) => roles.includes(role));
    const members = await tenant.asApp("GET", `/v1.0/directoryRoles(roleTemplateId='${role}')/members?$select=id`);
    const filter = `$filter=roleDefinitionId eq '${role}'`;
    const assignments = await tenant.asApp("GET", `/v1.0/roleManagement/directory/roleAssignments?${filter}`);
    expect(list(members.body, "value").map((member) => text(member, "id"))).toEqual([id]);
    expect(list(assignments.body, "value").map((one) => text(one, "principalId"))).toEqual([id]);
  });
});
