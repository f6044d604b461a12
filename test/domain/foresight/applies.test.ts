import { describe, expect, it } from "vitest";
import { type Audience, NOBODY } from "../../../src/domain/foresight/access-policy.ts";
import { isInRange } from "../../../src/domain/foresight/address-range.ts";
import { isFor, meets, type Subject } from "../../../src/domain/foresight/applies.ts";
import { accessPolicy } from "../../support/access-policy.ts";
import { objectId, signIn } from "../../support/rollout-facts.ts";

const ADMINS = "62e90394-69f5-4237-9190-012177145e10";
const membership = {
  groups: new Map([["group", new Set([objectId(1)])]]),
  roles: new Map([[ADMINS, new Set([objectId(2)])]]),
};
const member = (n: number): Subject => ({ objectId: objectId(n), guest: null });
const who = (include: Partial<Audience>, exclude: Partial<Audience>, subject: Subject) =>
  isFor(
    accessPolicy({ users: { include: { ...NOBODY, ...include }, exclude: { ...NOBODY, ...exclude } } }),
    subject,
    membership,
  );

describe("a policy is for", () => {
  it("everyone, a user, a group's members, a role's holders and a kind of guest", () => {
    expect(who({ everyone: true }, {}, member(9))).toBe("yes");
    expect(who({ users: [objectId(9)] }, {}, member(9))).toBe("yes");
    expect([1, 9].map((n) => who({ groups: ["group"] }, {}, member(n)))).toEqual(["yes", "no"]);
    expect([2, 9].map((n) => who({ roles: [ADMINS] }, {}, member(n)))).toEqual(["yes", "no"]);
    const guest: Subject = { objectId: objectId(9), guest: "b2bCollaborationGuest" };
    expect(who({ guests: ["b2bCollaborationGuest"] }, {}, guest)).toBe("yes");
    expect(who({ guests: ["internalGuest"] }, {}, guest)).toBe("no");
  });

  it("nobody whom it excludes, however it includes them", () => {
    expect(who({ everyone: true, users: [objectId(1)] }, { groups: ["group"] }, member(1))).toBe("no");
    expect(who({ everyone: true }, { roles: [ADMINS] }, member(2))).toBe("no");
  });

  it("guests of certain tenants only, and nobody knows whose guest somebody is", () => {
    const guest: Subject = { objectId: objectId(9), guest: "b2bCollaborationGuest" };
    const some = { guests: ["b2bCollaborationGuest"], guestsOfTenants: true } as const;
    expect(who(some, {}, guest)).toBe("unknown");
    expect(who({ everyone: true }, some, guest)).toBe("unknown");
    expect(who(some, { users: [objectId(9)] }, guest)).toBe("no");
  });

  it("no user at all when it is for workload identities, or names a group that is gone", () => {
    expect(isFor(accessPolicy({ users: null }), member(1), membership)).toBe("no");
    expect(who({ groups: ["gone"] }, {}, member(1))).toBe("no");
  });
});

const met = (over: Parameters<typeof accessPolicy>[0], of: Parameters<typeof signIn>[1] = {}) =>
  meets(accessPolicy(over), signIn(1, of), LOCATIONS);
const LOCATIONS = [
  { id: "office", trusted: true, ranges: ["203.0.113.0/25"], countries: [], unknownCountries: false },
  { id: "germany", trusted: false, ranges: [], countries: ["DE"], unknownCountries: false },
];

describe("a sign-in meets", () => {
  it("applications by id and by Microsoft's words, unless excluded", () => {
    const exchange = { appId: "app", resource: "Office 365 Exchange Online" };
    expect(met({ applications: { include: ["app"], exclude: [] } }, exchange)).toBe("yes");
    expect(met({ applications: { include: ["Office365"], exclude: ["app"] } }, exchange)).toBe("no");
    expect(met({ applications: { include: ["Office365"], exclude: [] } }, { resource: "Payroll" })).toBe("no");
    const portal = { appId: "c44b4083-3bb0-49c1-b47d-974e53cbdf3c" };
    expect(met({ applications: { include: ["MicrosoftAdminPortals"], exclude: [] } }, portal)).toBe("yes");
    expect(met({ applications: { include: [], exclude: [] } }, exchange)).toBe("no");
  });

  it.each([
    ["Browser", "browser"],
    ["Mobile Apps and Desktop clients", "mobileAppsAndDesktopClients"],
    ["Exchange ActiveSync", "exchangeActiveSync"],
    ["Authenticated SMTP", "other"],
  ])("the client %s as %s", (clientApp, type) => {
    expect(met({ clientAppTypes: [type] }, { clientApp })).toBe("yes");
    expect(met({ clientAppTypes: ["none of them"] }, { clientApp })).toBe("no");
  });

  it("platforms, and an unknown one only by any", () => {
    const notLinux = { platforms: { include: ["all"], exclude: ["linux"] } };
    expect(met(notLinux, { platform: "linux" })).toBe("no");
    expect(met(notLinux, { platform: null })).toBe("yes");
    expect(met({ platforms: { include: ["windows"], exclude: [] } }, { platform: null })).toBe("no");
  });

  it("places by address, country and trust", () => {
    const outside = { locations: { include: ["All"], exclude: ["AllTrusted"] } };
    expect(met(outside, { ipAddress: "203.0.113.9" })).toBe("no");
    expect(met(outside, { ipAddress: "203.0.113.200" })).toBe("yes");
    expect(met(outside, { ipAddress: null })).toBe("unknown");
    const inGermany = { locations: { include: ["germany"], exclude: [] } };
    expect(met(inGermany, { ipAddress: "198.51.100.1", country: "DE" })).toBe("yes");
    expect(met(inGermany, { ipAddress: "198.51.100.1", country: null })).toBe("no");
  });

  it("what nobody can tell as unknown, unless something else rules it out", () => {
    expect(met({ signInRisk: ["high"] }, { risk: null })).toBe("unknown");
    expect(met({ signInRisk: ["high"] }, { risk: "none" })).toBe("no");
    expect(met({ transferMethods: ["deviceCodeFlow"] }, { protocol: null })).toBe("unknown");
    expect(met({ transferMethods: ["deviceCodeFlow"] }, { protocol: "deviceCode" })).toBe("yes");
    expect(met({ unread: ["devices"] })).toBe("unknown");
    expect(met({ unread: ["devices"], clientAppTypes: ["other"] })).toBe("no");
  });
});

describe("an address range", () => {
  it.each([
    ["203.0.113.127", "203.0.113.0/25", true],
    ["203.0.113.128", "203.0.113.0/25", false],
    ["::ffff:203.0.113.1", "203.0.113.0/25", true],
    ["2001:db8:1::7", "2001:db8:1::/48", true],
    ["2001:db8:2::7", "2001:db8:1::/48", false],
    ["2001:DB8:1:0:0:0:0:7", "2001:db8:1::/48", true],
    ["10.0.0.1", "0.0.0.0/0", true],
    ["2001:db8::1", "0.0.0.0/0", false],
    ["not an address", "0.0.0.0/0", false],
    ["1:2:3", "::/0", false],
  ])("holds %s in %s: %s", (address, range, expected) => {
    expect(isInRange(address, range)).toBe(expected);
  });
});
