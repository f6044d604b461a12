import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EntraAccessPasses } from "../../src/connectors/entra/entra-access-passes.ts";
import { type EntraObjectId, entraObjectId } from "../../src/domain/model/ids.ts";
import { instant } from "../../src/domain/model/time.ts";
import { RolloutError } from "../../src/errors.ts";
import { graphWith } from "../../src/sandbox/vendors/graph/graph.ts";
import { LEAST_PRIVILEGE } from "../../src/sandbox/vendors/graph/permissions.ts";
import { startEntra } from "../support/entra.ts";

const call = { signal: new AbortController().signal };

describe("EntraAccessPasses against the simulated Graph", () => {
  let entra: Awaited<ReturnType<typeof startEntra>>;
  let passes: EntraAccessPasses;
  beforeAll(async () => {
    entra = await startEntra();
    passes = new EntraAccessPasses(entra.options);
  });
  afterAll(() => entra.box[Symbol.asyncDispose]());

  const members = (): readonly EntraObjectId[] =>
    [...entra.box.world.accounts.values()].flatMap(({ id, userType }) =>
      userType === "Member" ? entraObjectId(id) : [],
    );
  const soon = () => instant(Math.ceil(entra.box.world.now() / 1000) * 1000 + 5_000);
  /** Long enough for every copy to have heard of the newest pass. */
  const settle = () => entra.box.world.moveTo(entra.box.world.now() + 1_000);
  const make = (objectId: EntraObjectId, minutes = 60) =>
    passes.issuePass({ objectId, startsAt: soon(), minutes }, call);

  it("reads what the tenant allows", async () => {
    expect(await passes.readPolicy(call)).toEqual({
      enabled: true,
      minimumMinutes: 60,
      maximumMinutes: 480,
      groups: null,
      excludedGroups: [],
    });
  });

  it("makes a pass whose passcode only its holder can read, and lists it without", async () => {
    const [objectId = entraObjectId("")] = members();
    const made = await make(objectId);
    const code = made.code.reveal();
    expect(code).toHaveLength(8);
    for (const text of [JSON.stringify(made), inspect(made, { depth: 9, showHidden: true }), `${made.code}`]) {
      expect(text).not.toContain(code);
    }
    settle();
    const listed = await passes.listPasses(objectId, call);
    expect(listed).toMatchObject([{ id: made.id, over: false }]);
    expect(JSON.stringify(listed)).not.toContain(code);
  });

  it("replaces the pass there was, and forgets one that is deleted, even twice", async () => {
    const [, objectId = entraObjectId("")] = members();
    const first = await make(objectId);
    const second = await make(objectId);
    settle();
    expect(await passes.listPasses(objectId, call)).toMatchObject([{ id: second.id }]);
    expect(second.id).not.toBe(first.id);
    await passes.deletePass(objectId, second.id, call);
    await passes.deletePass(objectId, second.id, call);
    expect(await passes.listPasses(objectId, call)).toEqual([]);
  });

  it("calls a pass over that was used or has expired", async () => {
    const [, , objectId = entraObjectId("")] = members();
    await make(objectId);
    entra.box.world.moveTo(entra.box.world.now() + 12 * 60_000);
    expect(await passes.listPasses(objectId, call)).toMatchObject([{ over: true }]);
  });

  it("knows who holds a role of the directory", async () => {
    const { world } = entra.box;
    const of = (isAdmin: boolean) =>
      world.accounts.values().find(({ roles }) => roles.length > 0 === isAdmin)?.id ?? "";
    expect(await passes.holdsRole(entraObjectId(of(true)), call)).toBe(true);
    expect(await passes.holdsRole(entraObjectId(of(false)), call)).toBe(false);
  });

  it("refuses guests and lifetimes that the tenant does not allow, in our words", async () => {
    const guest = entra.box.world.accounts.values().find(({ userType }) => userType === "Guest")?.id ?? "";
    const [objectId = entraObjectId("")] = members();
    const refused = { code: "ERR_CONNECTOR_REJECTED", message: expect.not.stringMatching(/external guest|Lifetime/) };
    await expect(make(entraObjectId(guest))).rejects.toMatchObject(refused);
    await expect(make(objectId, 30)).rejects.toMatchObject(refused);
  });

  it.each(["lost_answer", "unavailable"] as const)(
    "calls its making ambiguous after %s, without the passcode",
    async (kind) => {
      const [objectId = entraObjectId("")] = members().slice(5);
      await entra.failWrite(kind);
      const error = await make(objectId).catch((caught: unknown) => caught);
      await fetch(new URL("/faults", entra.box.sandbox.controlUrl), { method: "DELETE" });
      expect(error).toBeInstanceOf(RolloutError);
      expect(error).toMatchObject({ code: "ERR_CONNECTOR_AMBIGUOUS" });
    },
  );
});

describe("EntraAccessPasses in a tenant without the right", () => {
  it("says which one is missing", async () => {
    const permissions = LEAST_PRIVILEGE.filter((permission) => !permission.startsWith("UserAuthMethod"));
    const entra = await startEntra(graphWith({ permissions }));
    await using _ = entra.box;
    const [id = ""] = entra.box.world.accounts.keys();
    await expect(new EntraAccessPasses(entra.options).listPasses(entraObjectId(id), call)).rejects.toMatchObject({
      code: "ERR_CONNECTOR_PERMISSION",
      details: { permission: "UserAuthMethod-TAP.ReadWrite.All" },
    });
  });
});
