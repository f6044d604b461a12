import { hostsOf } from "../../core/microsoft-clouds.ts";
import type { Route, Vendor, VendorFactory } from "../../core/vendor.ts";
import { accessPassRoutes } from "./access-passes.ts";
import { appRegistrationRoutes } from "./app-registrations.ts";
import { batchRoutes } from "./batch.ts";
import { channelMessageRoutes } from "./channel-messages.ts";
import { directoryAuditRoutes } from "./directory-audits.ts";
import { badRequest, graphError, tooManyRequests } from "./graph-error.ts";
import { groupMemberRoutes } from "./group-members.ts";
import { groupRoutes } from "./groups.ts";
import { mailRoutes } from "./mail-messages.ts";
import { mailboxSettingsRoutes } from "./mailbox-settings.ts";
import { namedLocationRoutes } from "./named-location-routes.ts";
import { organizationRoutes } from "./organization.ts";
import { perUserMfaRoutes } from "./per-user-mfa.ts";
import { EXCHANGE_ROLES, LEAST_PRIVILEGE, LEGACY_MFA } from "./permissions.ts";
import { applyPitfalls } from "./pitfalls.ts";
import { asGraph, policyRoutes } from "./policies.ts";
import { policyTemplateRoutes } from "./policy-templates.ts";
import { registrationReportRoutes } from "./registration-report.ts";
import { roleRoutes } from "./roles.ts";
import { securityDefaultsRoutes } from "./security-defaults.ts";
import { serviceProviderRoutes } from "./service-providers.ts";
import { signInJudge } from "./sign-in-judge.ts";
import { signInRoutes } from "./sign-ins.ts";
import { helpdeskTeamId } from "./team-store.ts";
import { teamRoutes } from "./teams.ts";
import { createTenant, type GraphOptions, type Tenant } from "./tenant.ts";
import { tenantSettingsRoutes } from "./tenant-settings.ts";
import { userResource } from "./user-resource.ts";
import { userRoutes } from "./users.ts";
import { whatIfRoutes } from "./what-if.ts";
import { WORKFLOW_HOST, workflowRoutes } from "./workflows.ts";

/** Microsoft Graph for a premium tenant whose administrator consented to what the job needs and no more. */
export const graph: VendorFactory = graphWith({});

/** Graph for a tenant that differs: other permissions, no premium licence, security defaults on. */
export function graphWith(options: Partial<GraphOptions>): VendorFactory {
  return (box): Vendor => {
    const tenant = createTenant(box, {
      permissions: box.world.profile.before.securityDefaults ? [...LEAST_PRIVILEGE, ...LEGACY_MFA] : LEAST_PRIVILEGE,
      premium: true,
      securityDefaults: box.world.profile.before.securityDefaults,
      hasServiceProvider: true,
      personIsMember: true,
      hasRegistration: true,
      secretEndsAt: "2028-01-31T00:00:00Z",
      exchangeRbac: { mailbox: box.world.profile.supportMailbox, roles: EXCHANGE_ROLES },
      ...options,
    });
    box.tokens.consents.set(box.cloud.graph, tenant.options.permissions);
    applyPitfalls(tenant);
    const judge = signInJudge(tenant);
    box.world.judge = judge;
    // The days before the story went by these policies too.
    for (const [index, signIn] of box.world.signIns.entries())
      box.world.signIns[index] = { ...signIn, ...judge(signIn) };
    const vendor: Vendor = {
      name: "graph",
      hosts: [...hostsOf(({ graph }) => [new URL(graph).hostname]), WORKFLOW_HOST],
      routes: routes(tenant, () => vendor),
      notFound: ({ url }) => badRequest(`Resource not found for the segment '${url.pathname.split("/")[2] ?? ""}'.`),
      htmlPage:
        "<!DOCTYPE html><html><head><title>Our services aren't available right now</title></head><body></body></html>",
      failure: (status) =>
        status === 429
          ? tooManyRequests(1)
          : graphError(status, FAILURES[status] ?? "generalException", "An error has occurred."),
      dump: () => dump(tenant),
    };
    return vendor;
  };
}

const FAILURES: Readonly<Record<number, string>> = {
  500: "InternalServerError",
  502: "BadGateway",
  503: "ServiceUnavailable",
  504: "UnknownError",
};

function routes(tenant: Tenant, vendor: () => Vendor): readonly Route[] {
  return [
    ...userRoutes(tenant),
    ...accessPassRoutes(tenant),
    ...mailboxSettingsRoutes(tenant),
    ...mailRoutes(tenant),
    ...registrationReportRoutes(tenant),
    ...groupRoutes(tenant),
    ...groupMemberRoutes(tenant),
    ...roleRoutes(tenant),
    ...organizationRoutes(tenant),
    ...appRegistrationRoutes(tenant),
    ...securityDefaultsRoutes(tenant),
    ...perUserMfaRoutes(tenant),
    ...tenantSettingsRoutes(tenant),
    ...serviceProviderRoutes(tenant),
    ...policyRoutes(tenant),
    ...policyTemplateRoutes(tenant),
    ...namedLocationRoutes(tenant),
    ...whatIfRoutes(tenant),
    ...signInRoutes(tenant),
    ...directoryAuditRoutes(tenant),
    ...teamRoutes(tenant),
    ...channelMessageRoutes(tenant),
    ...workflowRoutes(tenant),
    ...batchRoutes(tenant, { vendor }),
  ];
}

/** The tenant as it truly is, whatever reads still show. */
function dump(tenant: Tenant) {
  const { groups, policies, teams, mail, deletedUsers, securityDefaults, perUserMfa, atStart, accessPasses } = tenant;
  const { world } = tenant.box;
  return {
    outlook: {
      sent: mail.sent,
      drafts: mail.messages.flatMap(({ message: { immutableId, leavesAt, content } }) =>
        leavesAt === null ? [{ id: immutableId, subject: content.subject }] : [],
      ),
    },
    entra: {
      policies: policies.latest.map(asGraph),
      policyHistory: policies.history,
      securityDefaultsEnabled: securityDefaults.isEnabled,
      securityDefaultsHistory: securityDefaults.history,
      perUserMfaHistory: perUserMfa.history,
      groupHistory: groups.history,
      groups: groups.all.map(({ properties, members }) => ({ ...properties, members: [...members.actual] })),
      users: [...world.accounts.values()].map((account) => ({
        ...userResource(account),
        methodsRegistered: account.methodsRegistered,
        roles: account.roles,
        atStart: atStart.get(account.id) ?? null,
      })),
      deletedUsers,
      accessPasses: [...accessPasses].map(([userId, { id, used }]) => ({ userId, id, used })),
    },
    teams: {
      teamId: helpdeskTeamId(world),
      channels: teams.channels.map(({ id, displayName, description }) => ({ id, displayName, description })),
      messages: teams.channels.flatMap(({ messages }) => messages),
      tabs: teams.channels.flatMap(({ id, tabs }) => tabs.map((tab) => ({ ...tab, channelId: id }))),
    },
  };
}
