import { describe, expect, it } from "vitest";
import { graph, graphWith } from "../../../src/sandbox/vendors/graph/graph.ts";
import { LEAST_PRIVILEGE } from "../../../src/sandbox/vendors/graph/permissions.ts";
import { at, GRAPH, list, openTenant, text } from "./microsoft-tenant.ts";

const SETTLED_MS = 3_000;
const GROUP = {
  displayName: "MFA phase IT",
  description: "x",
  mailEnabled: false,
  mailNickname: "mfa-it",
  securityEnabled: true,
};
const bind = (ids: readonly string[]): readonly string[] =>
  ids.map((id) => `https://graph.microsoft.com/v1.0/directoryObjects/${id}`);

async function openWithGroup() {
  const tenant = openTenant(graph, GRAPH);
  const made = await tenant.asApp("POST", "/v1.0/groups", { body: GROUP });
  expect(made.status).toBe(201);
  tenant.pass(SETTLED_MS);
  const path = `/v1.0/groups/${text(made.body, "id")}`;
  const ids = [...tenant.world.accounts.keys()];
  const add = (some: readonly string[]) => tenant.asApp("PATCH", path, { body: { "members@odata.bind": bind(some) } });
  const members = async () =>
    list((await tenant.asApp("GET", `${path}/members?$select=id&$top=999`)).body, "value").map((one) =>
      text(one, "id"),
    );
  return { tenant, path, ids, add, members };
}

describe("groups of the simulated Graph", () => {
  it("are not found in the first moment, neither by id nor by nickname", async () => {
    const tenant = openTenant(graph, GRAPH);
    const made = await tenant.asApp("POST", "/v1.0/groups", { body: GROUP });
    const path = `/v1.0/groups/${text(made.body, "id")}`;
    const search = "/v1.0/groups?$filter=mailNickname eq 'MFA-IT'";
    expect((await tenant.asApp("GET", path)).status).toBe(404);
    expect((await tenant.asApp("PATCH", path, { body: { "members@odata.bind": [] } })).status).toBe(404);
    expect(list((await tenant.asApp("GET", search)).body, "value")).toEqual([]);
    tenant.pass(SETTLED_MS);
    expect((await tenant.asApp("GET", path)).body).toEqual(made.body);
    expect(list((await tenant.asApp("GET", search)).body, "value")).toEqual([made.body]);
  });

  it("may share a mailNickname", async () => {
    const { tenant } = await openWithGroup();
    expect((await tenant.asApp("POST", "/v1.0/groups", { body: GROUP })).status).toBe(201);
    tenant.pass(SETTLED_MS);
    const found = await tenant.asApp("GET", "/v1.0/groups?$filter=mailNickname eq 'mfa-it'");
    expect(list(found.body, "value")).toHaveLength(2);
  });

  it("show new members only after a moment", async () => {
    const { tenant, ids, add, members } = await openWithGroup();
    expect((await add(ids.slice(0, 3))).status).toBe(204);
    expect(await members()).toEqual([]);
    tenant.pass(SETTLED_MS);
    expect(new Set(await members())).toEqual(new Set(ids.slice(0, 3)));
  });

  it("take at most 20 members at once, all or none", async () => {
    const { tenant, ids, add, members } = await openWithGroup();
    expect((await add(ids.slice(0, 21))).status).toBe(400);
    expect((await add(ids.slice(0, 1))).status).toBe(204);
    const again = await add(ids.slice(0, 3));
    expect(again.status).toBe(400);
    expect(text(again.body, "error/message")).toMatch(/added object references already exist/);
    tenant.pass(SETTLED_MS);
    expect(await members()).toEqual(ids.slice(0, 1));
  });

  it("take and give back single members by reference", async () => {
    const { tenant, path, ids, members } = await openWithGroup();
    const [id = ""] = ids;
    const body = { "@odata.id": bind([id])[0] };
    expect((await tenant.asApp("POST", `${path}/members/$ref`, { body })).status).toBe(204);
    expect((await tenant.asApp("POST", `${path}/members/$ref`, { body })).status).toBe(400);
    expect((await tenant.asApp("DELETE", `${path}/members/${id}/$ref`)).status).toBe(204);
    expect((await tenant.asApp("DELETE", `${path}/members/${id}/$ref`)).status).toBe(404);
    tenant.pass(SETTLED_MS);
    expect(await members()).toEqual([]);
  });

  it("delete the user when /$ref is missing and the app may, else refuse", async () => {
    const { tenant, path, ids, add } = await openWithGroup();
    const [id = ""] = ids;
    await add([id]);
    expect((await tenant.asApp("DELETE", `${path}/members/${id}`)).status).toBe(403);
    expect(tenant.world.accounts.has(id)).toBe(true);

    const strong = openTenant(graphWith({ permissions: [...LEAST_PRIVILEGE, "User.ReadWrite.All"] }), GRAPH);
    const made = await strong.asApp("POST", "/v1.0/groups", { body: { ...GROUP, "members@odata.bind": bind([id]) } });
    strong.pass(SETTLED_MS);
    const reply = await strong.asApp("DELETE", `/v1.0/groups/${text(made.body, "id")}/members/${id}`);
    expect(reply.status).toBe(204);
    expect(strong.world.accounts.has(id)).toBe(false);
    expect(at(strong.vendor.dump(), "entra/deletedUsers")).toEqual([id]);
  });

  it("cannot be filled by an app that holds Group.Create alone", async () => {
    const permissions = LEAST_PRIVILEGE.filter((permission) => permission !== "GroupMember.ReadWrite.All");
    const tenant = openTenant(graphWith({ permissions }), GRAPH);
    const made = await tenant.asApp("POST", "/v1.0/groups", { body: GROUP });
    tenant.pass(SETTLED_MS);
    const body = { "members@odata.bind": bind([...tenant.world.accounts.keys()].slice(0, 1)) };
    expect((await tenant.asApp("PATCH", `/v1.0/groups/${text(made.body, "id")}`, { body })).status).toBe(403);
  });

  it("show accounts of nested groups among the transitive members, for advanced queries alone", async () => {
    const { tenant, path, ids, add } = await openWithGroup();
    const [id = ""] = ids;
    const inner = await tenant.asApp("POST", "/v1.0/groups", { body: { ...GROUP, "members@odata.bind": bind([id]) } });
    await add([text(inner.body, "id")]);
    tenant.pass(SETTLED_MS);
    const cast = `${path}/transitiveMembers/microsoft.graph.user?$select=id&$count=true`;
    expect((await tenant.asApp("GET", cast)).status).toBe(400);
    const found = await tenant.asApp("GET", cast, { headers: { consistencylevel: "eventual" } });
    expect(list(found.body, "value").map((one) => text(one, "id"))).toEqual([id]);
  });

  it.each([
    ["a nickname with a space", { ...GROUP, mailNickname: "mfa it" }],
    ["no display name", { ...GROUP, displayName: "" }],
    ["mail", { ...GROUP, mailEnabled: true }],
  ])("are not created with %s", async (_what, body) => {
    expect((await openTenant(graph, GRAPH).asApp("POST", "/v1.0/groups", { body })).status).toBe(400);
  });
});
