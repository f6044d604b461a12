import { z } from "zod";
import { type EntraObjectId, entraObjectId } from "../../domain/model/ids.ts";
import { type Instant, instant } from "../../domain/model/time.ts";
import type { SurveyedGroup, TenantChange, TenantSurvey } from "../../domain/pitfalls/facts.ts";
import { WINDOWS_STORE } from "../../domain/pitfalls/windows-activation.ts";
import type { TenantSurveyPort } from "../../ports/tenant-survey.ts";
import { batchGet, MAX_BATCH_ITEMS } from "../graph/batch.ts";
import type { GraphClient } from "../graph/graph-client.ts";
import type { EntraOptions } from "./entra-directory.ts";
import { readLicences, surveyAccounts } from "./survey-accounts.ts";
import { SurveyPolicy } from "./survey-policy.ts";

/** Role template ids and first-party application ids are the same in every tenant. */
const GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10";
const INTUNE_ENROLMENT = "d4ebce55-015a-49b5-a083-c84d1797ae8c";

/** Accounts in one question to the sign-in log, so that its address stays short. */
const ACCOUNTS_ASKED = 10;

const SignedIn = z.object({ userId: z.string() });
const SecurityDefaults = z.object({ isEnabled: z.boolean() });
const MethodsPolicy = z.object({
  authenticationMethodConfigurations: z.array(z.object({ id: z.string(), state: z.string() })),
});
const CrossTenantDefault = z.object({ inboundTrust: z.object({ isMfaAccepted: z.boolean().nullish() }).nullish() });
const Identified = z.object({ id: z.string() });
const RoleAssignment = z.object({ principalId: z.string().min(1), directoryScopeId: z.string().nullish() });
const Group = z.object({ groupTypes: z.array(z.string()) });
const Members = z.object({ value: z.array(Identified) });
const Audit = z.object({
  activityDateTime: z.iso.datetime({ offset: true }),
  activityDisplayName: z.string().nullish(),
  initiatedBy: z.object({
    app: z.object({ appId: z.string().nullish(), servicePrincipalId: z.string().nullish() }).nullish(),
    user: z.object({ id: z.string().nullish() }).nullish(),
  }),
  targetResources: z.array(z.object({ id: z.string().nullish() })),
});

/** How the audit log names what somebody may have changed behind our back. */
const AUDITED = {
  policies: { category: "Policy", activity: /conditional access policy/i },
  groups: { category: "GroupManagement", activity: /member (?:to|from) group/i },
} as const;

/** The survey through Microsoft Graph v1.0, app-only, with rights that the other connectors need anyway. */
export class EntraTenantSurvey implements TenantSurveyPort {
  readonly source: string;
  readonly #graph: GraphClient;
  readonly #clientId: string;

  /** @param options.clientId - Our own app's, whose changes are not somebody else's. */
  constructor({ graph, tenant, clientId }: EntraOptions & { readonly clientId: string }) {
    this.#graph = graph;
    this.#clientId = clientId.toLowerCase();
    this.source = `Microsoft Entra ID, policies and settings (${tenant})`;
  }

  async survey({ groups, accounts, since, signal }: Parameters<TenantSurveyPort["survey"]>[0]): Promise<TenantSurvey> {
    const read = { permission: "Policy.Read.All", signal };
    const policiesAndGroups = async () => {
      const path = "/v1.0/identity/conditionalAccess/policies";
      const policies = await Array.fromAsync(this.#graph.pages(path, { ...read, schema: SurveyPolicy, bulk: false }));
      const named = policies.flatMap(({ users }) => [...users.includeGroups, ...users.excludeGroups]);
      return { policies, groups: await this.#groups([...new Set([...named, ...groups])], signal) };
    };
    const licencesAndAccounts = async () => {
      const licences = await readLicences(this.#graph, signal);
      const accountsFound = await surveyAccounts(this.#graph, licences, signal);
      return { rolesMayBeTemporary: licences.hasPrivilegedIdentityManagement, accounts: accountsFound };
    };
    const setting = <T>(name: string, schema: z.ZodType<T>) =>
      this.#graph.get(`/v1.0/policies/${name}`, { ...read, schema });
    // Each is another service's, so they are asked at the same time.
    const [policies, people, methods, defaults, crossTenant, administrators, intune, logs] = await Promise.all([
      policiesAndGroups(),
      licencesAndAccounts(),
      setting("authenticationMethodsPolicy", MethodsPolicy),
      setting("identitySecurityDefaultsEnforcementPolicy", SecurityDefaults),
      setting("crossTenantAccessPolicy/default", CrossTenantDefault),
      this.#globalAdministrators(signal),
      this.#hasApplication(INTUNE_ENROLMENT, signal),
      this.#logs(accounts, since, signal),
    ]);
    return {
      ...policies,
      ...people,
      ...logs,
      methodsAllowed: new Set(
        methods.authenticationMethodConfigurations.flatMap(({ id, state }) => (state === "enabled" ? id : [])),
      ),
      securityDefaultsEnabled: defaults.isEnabled,
      globalAdministrators: administrators,
      guestMfaTrusted: crossTenant.inboundTrust?.isMfaAccepted === true,
      intuneEnrolmentAppExists: intune,
    };
  }

  /** One after another: the logs allow five requests in ten seconds. */
  async #logs(accounts: readonly EntraObjectId[] | null, since: Instant, signal: AbortSignal) {
    return {
      windowsActivated: accounts !== null && (await this.#windowsActivated(since, signal)),
      mailboxesSignedIn: await this.#signedIn(accounts ?? [], { since, signal }),
    };
  }

  /** Two questions a group, 20 in a batch: what it is, and whether a group is among its direct members. */
  async #groups(
    ids: readonly EntraObjectId[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<EntraObjectId, SurveyedGroup | null>> {
    const found = new Map<EntraObjectId, SurveyedGroup | null>();
    const call = { permission: "GroupMember.Read.All", signal, bulk: true };
    for (let start = 0; start < ids.length; start += MAX_BATCH_ITEMS) {
      const batch = ids.slice(start, start + MAX_BATCH_ITEMS);
      const paths = batch.map((id) => `/groups/${encodeURIComponent(id)}`);
      const kinds = await batchGet(
        this.#graph,
        paths.map((path) => `${path}?$select=id,groupTypes`),
        {
          ...call,
          schema: Group,
        },
      );
      const inner = await batchGet(
        this.#graph,
        paths.map((path) => `${path}/members/microsoft.graph.group?$select=id&$top=1`),
        { ...call, schema: Members },
      );
      for (const [index, id] of batch.entries()) {
        const kind = kinds[index] ?? null;
        const nested = (inner[index]?.value.length ?? 0) > 0;
        found.set(id, kind && { dynamic: kind.groupTypes.includes("DynamicMembership"), nested });
      }
    }
    return found;
  }

  /** Roles that hold for the whole tenant; one for an administrative unit saves nobody. */
  async #globalAdministrators(signal: AbortSignal): Promise<ReadonlySet<EntraObjectId>> {
    const path = `/v1.0/roleManagement/directory/roleAssignments?$filter=roleDefinitionId eq '${GLOBAL_ADMINISTRATOR}'`;
    const call = { schema: RoleAssignment, permission: "RoleManagement.Read.Directory", signal };
    const assignments = await Array.fromAsync(this.#graph.pages(path, call));
    return new Set(
      assignments.flatMap(({ principalId, directoryScopeId }) =>
        directoryScopeId === "/" ? entraObjectId(principalId) : [],
      ),
    );
  }

  async #hasApplication(appId: string, signal: AbortSignal): Promise<boolean> {
    const path = `/v1.0/servicePrincipals(appId='${appId}')?$select=id`;
    return (await this.#graph.find(path, { schema: Identified, permission: "Application.Read.All", signal })) !== null;
  }

  async #windowsActivated(since: Instant, signal: AbortSignal): Promise<boolean> {
    const filter = encodeURIComponent(`createdDateTime ge ${since} and resourceId eq '${WINDOWS_STORE}'`);
    const call = { schema: Identified, permission: "AuditLog.Read.All", signal };
    for await (const _ of this.#graph.pages(`/v1.0/auditLogs/signIns?$filter=${filter}&$top=1`, call)) return true;
    return false;
  }

  /** The interactive log of a few accounts at a time. */
  async #signedIn(
    accounts: readonly EntraObjectId[],
    { since, signal }: { readonly since: Instant; readonly signal: AbortSignal },
  ): Promise<ReadonlySet<EntraObjectId>> {
    const seen = new Set<EntraObjectId>();
    const call = { schema: SignedIn, permission: "AuditLog.Read.All", signal };
    for (let start = 0; start < accounts.length; start += ACCOUNTS_ASKED) {
      const who = accounts.slice(start, start + ACCOUNTS_ASKED).map((id) => `userId eq '${id}'`);
      const filter = encodeURIComponent(`createdDateTime ge ${since} and (${who.join(" or ")})`);
      for await (const { userId } of this.#graph.pages(`/v1.0/auditLogs/signIns?$filter=${filter}`, call)) {
        seen.add(entraObjectId(userId));
      }
    }
    return seen;
  }

  /** Who is named by an id and not by name: ids are enough for an administrator to ask. */
  async changes({ of, since, signal }: Parameters<TenantSurveyPort["changes"]>[0]): Promise<readonly TenantChange[]> {
    const { category, activity } = AUDITED[of];
    const filter = encodeURIComponent(`activityDateTime ge ${since} and category eq '${category}'`);
    const path = `/v1.0/auditLogs/directoryAudits?$filter=${filter}`;
    const changes: TenantChange[] = [];
    for await (const entry of this.#graph.pages(path, { schema: Audit, permission: "AuditLog.Read.All", signal })) {
      const { app, user } = entry.initiatedBy;
      if (!activity.test(entry.activityDisplayName ?? "")) continue;
      if (app?.appId?.toLowerCase() === this.#clientId) continue;
      const id = app?.appId ?? app?.servicePrincipalId ?? user?.id ?? "";
      const kind = app ? "app" : user ? "user" : "unknown";
      const at = instant(entry.activityDateTime);
      for (const target of entry.targetResources) changes.push({ targetId: target.id ?? "", at, by: { kind, id } });
    }
    return changes.sort((a, b) => (a.at < b.at ? -1 : 1));
  }
}
