import { graphTime } from "./graph-time.ts";
import { type Policy, PolicyBody } from "./policy.ts";
import type { Json } from "./request-body.ts";
import type { Tenant } from "./tenant.ts";

const DAY_MS = 86_400_000;
const SYNC_ROLE = "d29b2b05-8046-44ba-8758-1e26182fcf32";
/** Four more are allowed. */
const MANY_POLICIES = 191;

/** What each pitfall changes in the tenant's settings; what it changes about accounts, the world knows. */
const CHANGES: Readonly<Record<string, (tenant: Tenant) => void>> = {
  service_provider_blocked: (tenant) =>
    add(tenant, "MFA for everybody", { users: { excludeGuestsOrExternalUsers: null } }),
  directory_sync_blocked: (tenant) => add(tenant, "MFA without exception", { users: { excludeRoles: [] } }),
  registration_restricted: (tenant) =>
    add(tenant, "Security info at the office only", {
      applications: { includeApplications: [], includeUserActions: ["urn:user:registersecurityinfo"] },
      locations: { includeLocations: ["All"], excludeLocations: ["AllTrusted"] },
      controls: ["block"],
    }),
  trusted_location: (tenant) =>
    add(tenant, "MFA outside the office", {
      locations: { includeLocations: ["All"], excludeLocations: ["AllTrusted"] },
    }),
  device_enrolment_deadlock: (tenant) => {
    add(tenant, "Managed devices only", { controls: ["compliantDevice"] });
    tenant.applications.delete("d4ebce55-015a-49b5-a083-c84d1797ae8c");
  },
  our_group_nested: (tenant) => {
    const { world } = tenant.box;
    // Once the rollout has made its groups.
    for (let day = 1; day <= 20; day += 1) {
      world.schedule(startOf(tenant) + day * DAY_MS, () => {
        const ours = tenant.groups.all.find(({ properties }) =>
          String(properties.mailNickname).endsWith("_exceptions"),
        );
        const inner = tenant.groups.all.find(({ properties }) => properties.mailNickname === "ca-pilot");
        if (ours !== undefined && inner !== undefined) tenant.groups.setMember(ours, inner.id, true);
      });
    }
  },
  security_defaults_on: (tenant) => {
    tenant.securityDefaults.assume(true);
  },
  policy_limit: (tenant) => {
    for (let n = tenant.policies.latest.length; n < MANY_POLICIES; n += 1) {
      add(tenant, `Old test ${n}`, { state: "disabled" });
    }
  },
  report_stale: (tenant) => {
    const shown = [...tenant.box.world.accounts.values()].map(
      ({ id, reported }) => [id, reported.methodsRegistered] as const,
    );
    tenant.frozenReport = { at: startOf(tenant) - 10 * DAY_MS, methods: new Map(shown) };
  },
  guests_without_trust: (tenant) => {
    tenant.guestTrust.isMfaAccepted = false;
  },
  managed_policy_activates: (tenant) =>
    add(tenant, "Microsoft-managed: Multifactor authentication for all users", {
      state: "enabledForReportingButNotEnforced",
      createdDaysAgo: 40,
    }),
  no_phone: (tenant) => {
    for (const method of ["Fido2", "HardwareOath", "X509Certificate"]) tenant.methods.delete(method);
  },
  lost_phone: (tenant) => void tenant.methods.delete("TemporaryAccessPass"),
  policy_changed: (tenant) =>
    tenant.box.world.schedule(startOf(tenant) + DAY_MS, () => {
      const theirs = tenant.policies.latest.find(({ displayName }) => displayName.startsWith("PILOT"));
      const tool = tenant.box.world.guid("another tool");
      if (theirs !== undefined)
        tenant.policies.update({ ...theirs, description: "Tidied up" }, { description: "" }, tool);
    }),
  app_exclusions: (tenant) =>
    add(tenant, "MFA but for Azure CLI", {
      applications: { includeApplications: ["All"], excludeApplications: ["04b07795-8ddb-461a-bbee-02f9e1bf7b46"] },
    }),
  group_unsound: (tenant) =>
    add(tenant, "MFA but for a group that is gone", { users: { excludeGroups: [tenant.box.world.guid("gone")] } }),
  unsigned_exclusion: (tenant) => {
    const vip = tenant.box.world.accounts.values().find(({ jobTitle }) => /chief|head|director/i.test(jobTitle ?? ""));
    add(tenant, "MFA but for one", { users: { excludeUsers: [...emergencyOf(tenant), vip?.id ?? ""] } });
  },
  report_only_disturbs: (tenant) =>
    add(tenant, "Managed devices, being tried", {
      state: "enabledForReportingButNotEnforced",
      controls: ["compliantDevice"],
    }),
  report_only_hidden: (tenant) => {
    tenant.hidesPolicyResults = true;
  },
};

/** Changes the tenant as the world's pitfalls say. Names that concern no setting do nothing. */
export function applyPitfalls(tenant: Tenant): void {
  for (const name of tenant.box.world.settings.pitfalls ?? []) CHANGES[name]?.(tenant);
}

interface Difference {
  readonly state?: Policy["state"];
  readonly users?: Json;
  readonly applications?: Json;
  readonly locations?: Json;
  readonly controls?: readonly string[];
  readonly createdDaysAgo?: number;
}

/** A policy of the customer's that does no harm but for the difference: MFA, everybody who has to be out is out. */
function add(tenant: Tenant, displayName: string, difference: Difference): void {
  const body = PolicyBody.parse({
    displayName,
    state: difference.state ?? "enabled",
    conditions: {
      clientAppTypes: ["all"],
      applications: difference.applications ?? { includeApplications: ["All"] },
      users: {
        includeUsers: ["All"],
        excludeUsers: emergencyOf(tenant),
        excludeRoles: [SYNC_ROLE],
        excludeGuestsOrExternalUsers: { guestOrExternalUserTypes: "serviceProvider", externalTenants: null },
        ...difference.users,
      },
      locations: difference.locations ?? null,
    },
    grantControls: { operator: "OR", builtInControls: difference.controls ?? ["mfa"] },
  });
  tenant.policies.addOld({
    ...body,
    id: tenant.box.world.guid(`policy of pitfall ${displayName}`),
    templateId: null,
    createdDateTime: graphTime(startOf(tenant) - (difference.createdDaysAgo ?? 200) * DAY_MS),
    modifiedDateTime: null,
  });
}

const startOf = ({ box: { world } }: Tenant): number => Date.parse(world.settings.startsAt);

const emergencyOf = ({ box: { world } }: Tenant): readonly string[] =>
  [...world.accounts.values()]
    .filter(({ userPrincipalName }) => userPrincipalName.startsWith("emergency-access-"))
    .map(({ id }) => id);
