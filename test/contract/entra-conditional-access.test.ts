import { describe, expect, it } from "vitest";
import { EntraConditionalAccess } from "../../src/connectors/entra/entra-conditional-access.ts";
import { GraphPolicy } from "../../src/connectors/entra/policy-json.ts";
import { entraObjectId } from "../../src/domain/model/ids.ts";
import type { CaPolicy } from "../../src/domain/model/policy.ts";
import type { VendorFactory } from "../../src/sandbox/core/vendor.ts";
import { graphWith } from "../../src/sandbox/vendors/graph/graph.ts";
import { startEntra } from "../support/entra.ts";
import { type ConditionalAccessSubject, describeConditionalAccessPort } from "./conditional-access.contract.ts";

async function startEntraConditionalAccess(vendor?: VendorFactory): Promise<ConditionalAccessSubject> {
  const { box, options, failRead, failWrite, held } = await startEntra(vendor);
  const person = [...box.world.accounts.values()].find(({ department }) => department === "Sales");
  return {
    conditionalAccess: new EntraConditionalAccess(options),
    somebody: entraObjectId(person?.id ?? ""),
    mspTenantId: box.secrets.mspTenantId,
    failRead,
    failWrite,
    revokeTokens: box.revokeTokens,
    writes: async () => (await held()).policyHistory,
    policiesNamed: async (name) => (await held()).policies.filter(({ displayName }) => displayName === name).length,
    [Symbol.asyncDispose]: box[Symbol.asyncDispose],
  };
}

describeConditionalAccessPort(() => startEntraConditionalAccess());

const signal = new AbortController().signal;
const minimal: CaPolicy = {
  displayName: "MFA rollout: IT",
  description: "",
  state: "report_only",
  includeUsers: "all",
  includeGroups: [],
  excludeUsers: [],
  excludeGroups: [],
  excludeRoles: [],
  excludeServiceProviderTenants: [],
  clientAppTypes: ["all"],
  includeApplications: "all",
  excludeApplications: [],
  grant: ["mfa"],
};

describe("EntraConditionalAccess", () => {
  it("says in words why a policy is refused, with Entra's number", async () => {
    await using subject = await startEntraConditionalAccess();
    const wrong = { ...minimal, includeApplications: [] };
    await expect(subject.conditionalAccess.createPolicy(wrong, { signal })).rejects.toMatchObject({
      code: "ERR_CONNECTOR_REJECTED",
      message: expect.stringContaining("names no application"),
      details: { number: 1011 },
    });
  });

  it("names security defaults as the reason why nothing can be enforced", async () => {
    await using subject = await startEntraConditionalAccess(graphWith({ securityDefaults: true }));
    const { id } = await subject.conditionalAccess.createPolicy(minimal, { signal });
    await expect(subject.conditionalAccess.setState(id, "enforced", { signal })).rejects.toMatchObject({
      code: "ERR_CONNECTOR_REJECTED",
      details: { reason: "security_defaults_on" },
    });
  });

  it("names all three permissions that writing needs", async () => {
    const permissions = ["Policy.Read.All", "Policy.ReadWrite.ConditionalAccess"];
    await using subject = await startEntraConditionalAccess(graphWith({ permissions }));
    await expect(subject.conditionalAccess.createPolicy(minimal, { signal })).rejects.toThrow("Application.Read.All");
  });

  it.each([
    [
      "a group alone",
      { includeUsers: "none", includeGroups: [entraObjectId("g")] } as const,
      { includeUsers: [], includeGroups: ["g"] },
    ],
    ["nobody", { includeUsers: "none" } as const, { includeUsers: ["None"], includeGroups: [] }],
    ["everybody", {}, { includeUsers: ["All"], includeGroups: [] }],
  ])("writes a policy for %s as Graph wants it", async (_name, change, users) => {
    await using subject = await startEntraConditionalAccess();
    const json = subject.conditionalAccess.asVendorJson({ ...minimal, clientAppTypes: [], ...change });
    expect(json).toMatchObject({ conditions: { clientAppTypes: ["all"], users } });
    expect(JSON.stringify(json)).not.toContain("null");
  });

  it("tells Microsoft's own policies from the customer's", async () => {
    await using subject = await startEntraConditionalAccess();
    const policies = await subject.conditionalAccess.listPolicies({ signal });
    expect(policies.map(({ microsoftManaged }) => microsoftManaged).sort()).toEqual([false, true]);
  });

  it("stays below one request a second when many ask at once", async () => {
    const { box, options } = await startEntra();
    await using _box = box;
    const port = new EntraConditionalAccess(options);
    await Promise.all(Array.from({ length: 4 }, () => port.listPolicies({ signal })));
    const { requests } = (await box.dump()) as { requests: { graph: { total: number } } };
    // Without a pace it would be seven; one refused is what a busy machine's timers can do.
    expect(requests.graph.total).toBeLessThanOrEqual(5);
  });
});

describe("GraphPolicy", () => {
  const live = {
    id: "p1",
    displayName: "Somebody's policy",
    description: null,
    state: "enabled",
    createdDateTime: "2026-01-01T00:00:00Z",
    modifiedDateTime: null,
    deletedDateTime: null,
    templateId: null,
    sessionControls: null,
    conditions: {
      clientAppTypes: ["all"],
      locations: null,
      platforms: null,
      signInRiskLevels: [],
      applications: { includeApplications: ["All"], excludeApplications: [], includeUserActions: [] },
      users: { includeUsers: ["All"], excludeUsers: [], includeGroups: [], excludeGroups: [], excludeRoles: [] },
    },
    grantControls: { operator: "OR", builtInControls: ["mfa"], authenticationStrength: null },
  };
  const { conditions, grantControls } = live;
  const guests = (tenants: unknown, types = "serviceProvider") => ({
    conditions: {
      ...conditions,
      users: {
        ...conditions.users,
        excludeGuestsOrExternalUsers: { guestOrExternalUserTypes: types, externalTenants: tenants },
      },
    },
  });
  const users = (change: object) => ({ conditions: { ...conditions, users: { ...conditions.users, ...change } } });

  it.each([
    ["a plain policy", {}, []],
    [
      "a location",
      { conditions: { ...conditions, locations: { includeLocations: ["All"] } } },
      ["conditions.locations"],
    ],
    ["a location that names nothing", { conditions: { ...conditions, locations: { includeLocations: [] } } }, []],
    [
      "a session control",
      { sessionControls: { signInFrequency: { isEnabled: true } } },
      ["sessionControls.signInFrequency"],
    ],
    [
      "a control we do not grant",
      { grantControls: { ...grantControls, builtInControls: ["compliantDevice"] } },
      ["grantControls.builtInControls"],
    ],
    [
      "two controls joined by AND",
      { grantControls: { operator: "AND", builtInControls: ["mfa", "block"] } },
      ["grantControls.operator"],
    ],
    ["one control under AND", { grantControls: { operator: "AND", builtInControls: ["mfa"] } }, []],
    [
      "a strength",
      { grantControls: { ...grantControls, authenticationStrength: { id: "s" } } },
      ["grantControls.authenticationStrength"],
    ],
    ["included roles", users({ includeRoles: ["r"] }), ["conditions.users.includeRoles"]],
    ["single users", users({ includeUsers: ["u"] }), ["conditions.users.includeUsers"]],
    [
      "excluded guests as a word",
      users({ excludeUsers: ["GuestsOrExternalUsers"] }),
      ["conditions.users.excludeUsers"],
    ],
    ["service providers of named tenants", guests({ membershipKind: "enumerated", members: ["t"] }), []],
    [
      "service providers of every tenant",
      guests({ membershipKind: "all" }),
      ["conditions.users.excludeGuestsOrExternalUsers.externalTenants.membershipKind"],
    ],
    [
      "other guests",
      guests({ membershipKind: "enumerated", members: ["t"] }, "internalGuest"),
      ["conditions.users.excludeGuestsOrExternalUsers.guestOrExternalUserTypes"],
    ],
    ["a setting of next year", { conditions: { ...conditions, moonPhase: "full" } }, ["conditions.moonPhase"]],
  ])("names what it does not model: %s", (_name, change, unknown) => {
    expect(GraphPolicy.parse({ ...live, ...change }).unknownParts).toEqual(unknown);
  });

  it("refuses a policy without its conditions", () => {
    expect(GraphPolicy.safeParse({ ...live, conditions: undefined }).success).toBe(false);
  });
});
