import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Harness, startHarness } from "../support/harness.ts";

const GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10";

/** What somebody else's administrators have done by hand, and how each of it shows in the closing proof. */
describe("the closing proof in a tenant that was changed by hand", () => {
  let office: Harness;
  let rollout: string;
  let lines: ReadonlyMap<unknown, Record<string, unknown>>;
  let answer: Record<string, unknown>;
  let outer: string;
  let closing: string;
  let people: readonly string[];
  let byName: string;
  let byGroup: string;
  let byNestedGroup: string;

  beforeAll(async () => {
    office = await startHarness({ employees: 60 });
    rollout = await office.untilExceptionsSigned();
    const { world } = await office.box.dump().then((dump) => World.parse(dump));
    const special = new Set(Object.values(world.exceptions).flatMap((some) => some.map(({ id }) => id)));
    people = [...office.box.world.accounts.values()]
      .filter(({ id, department, accountEnabled, userType }) => {
        return department === "Sales" && accountEnabled && userType !== "Guest" && !special.has(id);
      })
      .map(({ id }) => id);
    [byName = "", byGroup = "", byNestedGroup = ""] = people;
    outer = await group("friends");
    const inner = await group("friends-of-friends");
    await joinGroup(outer, byGroup);
    await joinGroup(outer, inner);
    await joinGroup(inner, byNestedGroup);
    const emergency = (world.exceptions.emergencyAccess ?? []).map(({ id }) => id);
    closing = await policy("MFA for all", {
      includeUsers: ["All"],
      excludeUsers: [...emergency, byName],
      excludeGroups: [outer],
      excludeGuestsOrExternalUsers: { guestOrExternalUserTypes: "b2bCollaborationGuest", externalTenants: null },
    });
    await policy("MFA for administrators", { includeRoles: [GLOBAL_ADMINISTRATOR] });
    ({ lines, answer } = await prove());
  }, 60_000);
  afterAll(() => office[Symbol.asyncDispose]());

  async function prove() {
    const { structured, isError, text } = await office.call("generate_compliance_report", { rollout });
    expect(isError, text).toBe(false);
    const id = String(structured.proof);
    const file = await readFile(join(office.home, "blobs", id.slice(0, 2), id), "utf8");
    const parsed = file
      .trimEnd()
      .split("\n")
      .map((line): Record<string, unknown> => JSON.parse(line));
    return { lines: new Map(parsed.map((line) => [line.objectId, line])), answer: { ...structured } };
  }

  /** As an administrator of the tenant would do it. */
  async function change(path: string, body: unknown): Promise<string> {
    const { world, sandbox } = office.box;
    world.moveTo(world.now() + 5_000); // the tenant takes a policy a second
    const token = sandbox.box.tokens.issue({
      audience: "https://graph.microsoft.com",
      subject: "administrator",
      scopes: [".default"],
      delegated: false,
      expiresAt: world.now() + 60_000,
    });
    const response = await fetch(`https://graph.microsoft.com/v1.0${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    expect(response.ok, text).toBe(true);
    world.moveTo(world.now() + 60_000); // until reads show it
    return text === "" ? "" : z.object({ id: z.string() }).parse(JSON.parse(text)).id;
  }
  const group = (mailNickname: string) =>
    change("/groups", { displayName: mailNickname, mailNickname, mailEnabled: false, securityEnabled: true });
  const joinGroup = (to: string, member: string) =>
    change(`/groups/${to}/members/$ref`, {
      "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${member}`,
    });
  const policy = (displayName: string, users: object) =>
    change("/identity/conditionalAccess/policies", {
      displayName,
      state: "enabled",
      conditions: { clientAppTypes: ["all"], applications: { includeApplications: ["All"] }, users },
      grantControls: { operator: "OR", builtInControls: ["mfa"] },
    });
  const withState = (state: string) => [...lines.values()].filter((line) => line.state === state);

  it("has one line for every account, and What If agrees", () => {
    expect([...lines.keys()].sort()).toEqual([...office.box.world.accounts.keys()].sort());
    expect(answer).toMatchObject({ accounts: lines.size, what_if_disputes: 0 });
    expect(Number(answer.what_if_asked)).toBeGreaterThan(4);
  });

  it("shows whom somebody left out by name, by a group and by a group within it", () => {
    const out = { state: "not_covered", gap: "carved_out", policyId: closing };
    expect(lines.get(byName)).toMatchObject({ ...out, by: "user" });
    expect(lines.get(byGroup)).toMatchObject({ ...out, by: "group", through: outer, nested: false });
    expect(lines.get(byNestedGroup)).toMatchObject({ ...out, by: "group", through: outer, nested: true });
  });

  it("shows guests whom the policy leaves out, and counts all of these as left out", () => {
    const guests = [...lines.values()].filter(({ kind, gap }) => kind === "guest" && gap === "carved_out");
    expect(guests.length).toBeGreaterThan(0);
    expect(guests[0]).toMatchObject({ by: "guest", policyId: closing });
    expect(answer.carved_out).toBe(guests.length + 3);
  });

  it("says who must do what before the rollout is finished", async () => {
    expect(answer.left_to_prove).toEqual([
      expect.stringMatching(/^\d+ accounts are left out by a policy without a signed/),
    ]);
    const state = await (await office.office.parts.store.open(rollout)).state();
    expect(state.report?.unproven).toMatchObject({ accounts: { carved_out: answer.carved_out }, disputes: 0 });
    expect(state.report?.unproven?.first.length).toBe(5);
  });

  it("shows everybody else of the department as enforced, for the policy is for everyone", () => {
    for (const id of people.slice(3)) expect(lines.get(id)).toMatchObject({ state: "enforced", by: "everyone" });
  });

  it("shows an emergency access account that a policy for administrators covers as enforced by its role", () => {
    const byRole = withState("enforced").filter(({ by }) => by === "role");
    expect(byRole.length).toBeGreaterThan(0);
    for (const line of byRole) {
      expect(line).toMatchObject({ through: GLOBAL_ADMINISTRATOR, exceptionKind: "emergency_access" });
    }
  });

  it("says of every disabled account that it cannot sign in", () => {
    const disabled = [...office.box.world.accounts.values()].filter(({ accountEnabled }) => !accountEnabled);
    expect(disabled.length).toBeGreaterThan(0);
    for (const { id } of disabled) expect(["cannot_sign_in", "excepted"]).toContain(lines.get(id)?.state);
  });
});

const World = z.object({
  world: z.looseObject({ exceptions: z.record(z.string(), z.array(z.object({ id: z.string() }))) }),
});
