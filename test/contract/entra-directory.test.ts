import { afterEach, describe, expect, it, vi } from "vitest";
import { ACCOUNT_SELECT, GraphUser } from "../../src/connectors/entra/account-schema.ts";
import { EntraDirectory } from "../../src/connectors/entra/entra-directory.ts";
import { entraObjectId } from "../../src/domain/model/ids.ts";
import type { VendorFactory, VendorResponse } from "../../src/sandbox/core/vendor.ts";
import { graphWith } from "../../src/sandbox/vendors/graph/graph.ts";
import { startEntra } from "../support/entra.ts";
import { type DirectorySubject, describeDirectoryPort } from "./directory.contract.ts";

async function startEntraDirectory(vendor?: VendorFactory): Promise<DirectorySubject> {
  const { box, options, failRead, failWrite, held } = await startEntra(vendor);
  const accounts = [...box.world.accounts.values()];
  const idsOf = (keep: (account: (typeof accounts)[number]) => boolean) =>
    accounts.filter(keep).map(({ id }) => entraObjectId(id));
  const [directorySync] = idsOf(({ roles }) => roles.includes("d29b2b05-8046-44ba-8758-1e26182fcf32"));
  if (directorySync === undefined) throw new RangeError("the tenant has no directory-sync account");
  return {
    directory: new EntraDirectory(options),
    truth: {
      accounts: accounts.map(({ id, accountEnabled, userType }) => ({
        id: entraObjectId(id),
        enabled: accountEnabled,
        guest: userType === "Guest",
      })),
      sharedMailboxes: idsOf(({ userPurpose }) => userPurpose === "shared"),
      withoutMailbox: idsOf(({ userPurpose }) => userPurpose === null),
      directorySync,
    },
    failRead,
    failWrite,
    revokeTokens: box.revokeTokens,
    members: async (groupId) => (await held()).groups.find(({ id }) => id === groupId)?.members ?? [],
    groupsNamed: async (nickname) =>
      (await held()).groups.filter(({ mailNickname }) => mailNickname === nickname).length,
    deletedAccounts: async () => (await held()).deletedUsers.length,
    [Symbol.asyncDispose]: box[Symbol.asyncDispose],
  };
}

describeDirectoryPort(() => startEntraDirectory());

describe("EntraDirectory", () => {
  const signal = new AbortController().signal;
  /** What Graph never leaves null. */
  const given = {
    id: "u1",
    userPrincipalName: "Ada@x",
    accountEnabled: true,
    proxyAddresses: [],
    assignedLicenses: [],
  };

  it("reads what the small default set of Graph leaves out, and the manager", async () => {
    const { box, options } = await startEntra();
    await using _box = box;
    const accounts = await Array.fromAsync(new EntraDirectory(options).listAccounts({ signal }));
    const known = [...box.world.accounts.values()].find(
      ({ managerId, employeeId, proxyAddresses }) =>
        managerId !== null && employeeId !== null && proxyAddresses.length > 1,
    );
    expect(accounts.find(({ objectId }) => objectId === known?.id)).toMatchObject({
      employeeId: known?.employeeId,
      managerId: known?.managerId,
      department: known?.department,
      licensed: known?.assignedLicenses.length !== 0,
      proxyAddresses: expect.arrayContaining([known?.mail?.toLowerCase()]),
    });
  });

  it("names the licence that a tenant without Entra ID P1 lacks", async () => {
    await using subject = await startEntraDirectory(graphWith({ premium: false }));
    await expect(Array.fromAsync(subject.directory.listRegistrations({ signal }))).rejects.toMatchObject({
      code: "ERR_CONNECTOR_PERMISSION",
      details: { licence: "Entra ID P1" },
    });
    expect(await subject.directory.readTenantFacts({ signal })).toMatchObject({ hasEntraPremium: false });
  });

  it("names the permission that the app was not granted", async () => {
    await using subject = await startEntraDirectory(graphWith({ permissions: ["User.Read.All"] }));
    const [{ id } = { id: entraObjectId("") }] = subject.truth.accounts;
    await expect(subject.directory.mailboxPurposes([id], { signal })).rejects.toMatchObject({
      details: { permission: "MailboxSettings.Read" },
    });
    await expect(subject.directory.readTenantFacts({ signal })).rejects.toMatchObject({
      details: { permission: "Policy.Read.All" },
    });
  });

  it("takes no absent property of an account for an answer", () => {
    const user = { ...Object.fromEntries(ACCOUNT_SELECT.split(",").map((name) => [name, null])), ...given };
    expect(GraphUser.safeParse(user).success).toBe(true);
    const withoutOne = ACCOUNT_SELECT.split(",").map((name) =>
      Object.fromEntries(Object.entries(user).filter(([key]) => key !== name)),
    );
    expect(withoutOne.filter((some) => GraphUser.safeParse(some).success)).toEqual([]);
  });

  it("takes only addresses for mail, in lower case and once each", () => {
    const user = { ...Object.fromEntries(ACCOUNT_SELECT.split(",").map((name) => [name, null])), ...given };
    const proxyAddresses = ["SMTP:Ada@Example.com", "smtp:ada@example.com", "x500:/o=x", "SIP:ada@example.com"];
    expect(GraphUser.parse({ ...user, proxyAddresses }).proxyAddresses).toEqual(["ada@example.com"]);
  });

  it("refuses to choose between two groups of one nickname", async () => {
    await using subject = await startEntraDirectory();
    const group = { displayName: "Twice", description: "", mailNickname: "twice" };
    await subject.directory.createGroup(group, { signal });
    await subject.directory.createGroup(group, { signal });
    const find = () =>
      subject.directory.findGroup("twice", { signal }).then(
        () => "found",
        ({ code }) => code,
      );
    await expect.poll(find, { timeout: 10_000 }).toBe("ERR_CONNECTOR_CONTRACT");
  });

  it("gets a new token when the tenant's clock says that the old one has expired", async () => {
    const { box, options } = await startEntra();
    await using _box = box;
    const directory = new EntraDirectory(options);
    await directory.readTenantFacts({ signal });
    box.world.moveTo(box.world.now() + 5 * 3_600_000);
    await expect(directory.readTenantFacts({ signal })).resolves.toMatchObject({ hasEntraPremium: true });
  });
});

/** Graph as it is on a slow day: it shows a group's members, or nothing at all, ten seconds after it was asked. */
async function startSlowGroups(shows: { readonly members: readonly string[] } | "nothing") {
  let asked = 0;
  const now = performance.now.bind(performance);
  vi.spyOn(performance, "now").mockImplementation(() => now() + asked * 10_000);
  const later = (response: VendorResponse) => (): VendorResponse => {
    asked += 1;
    return response;
  };
  const value = shows !== "nothing" && shows.members.map((id) => ({ id, "@odata.type": "#microsoft.graph.user" }));
  const members = later(value === false ? { status: 404 } : { status: 200, body: { value } });
  const { box, options } = await startEntra(() => ({
    name: "graph",
    hosts: ["graph.microsoft.com"],
    routes: [
      { method: "GET", path: "/v1.0/groups/:id/members", handle: members },
      { method: "DELETE", path: "/v1.0/groups/:id/members/:member/$ref", handle: later({ status: 404 }) },
    ],
    notFound: () => ({ status: 404 }),
    htmlPage: "<html></html>",
    failure: (status) => ({ status }),
    dump: () => ({}),
  }));
  return {
    directory: new EntraDirectory(options),
    asked: () => asked,
    [Symbol.asyncDispose]: box[Symbol.asyncDispose],
  };
}

describe("EntraDirectory where Graph answers slowly", () => {
  const signal = new AbortController().signal;
  const GROUP = entraObjectId("11111111-2222-4333-8444-555555555555");
  const MEMBER = entraObjectId("22222222-2222-4333-8444-555555555555");
  afterEach(() => vi.restoreAllMocks());

  it("waits half a minute for a group to appear, however few questions that is", async () => {
    await using slow = await startSlowGroups("nothing");
    const members = Array.fromAsync(slow.directory.listGroupMembers(GROUP, { signal }));
    await expect(members).rejects.toMatchObject({ details: { status: 404 } });
    expect(slow.asked()).toBe(3);
  });

  it("waits twelve seconds for a change of members, however few looks that is", async () => {
    await using slow = await startSlowGroups({ members: [MEMBER] });
    expect(await slow.directory.settledGroupMembers(GROUP, () => false, { signal })).toEqual(new Set([MEMBER]));
    expect(slow.asked()).toBe(2);
  });

  it("tries for half a minute to remove a member, however few tries that is", async () => {
    await using slow = await startSlowGroups({ members: [MEMBER] });
    const removed = slow.directory.removeGroupMember(GROUP, MEMBER, { signal });
    await expect(removed).rejects.toMatchObject({ details: { status: 404 } });
    expect(slow.asked()).toBe(4);
  });
});
