import { z } from "zod";
import { type EntraObjectId, entraObjectId } from "../../domain/model/ids.ts";
import type { Account, MailboxPurpose, Registration } from "../../domain/model/people.ts";
import { DIRECTORY_SYNC_ROLE, ON_PREMISES_SYNC_ROLE } from "../../domain/model/policy.ts";
import { instant } from "../../domain/model/time.ts";
import type { DirectoryGroup, DirectoryPort, TenantFacts } from "../../ports/directory.ts";
import type { GraphClient } from "../graph/graph-client.ts";
import { ACCOUNT_SELECT, GraphUser } from "./account-schema.ts";
import * as groups from "./groups.ts";
import { mailboxPurposes } from "./mailbox-purposes.ts";

interface Call {
  readonly signal: AbortSignal;
}

export interface EntraOptions {
  readonly graph: GraphClient;
  /** Shown to people as part of `source`: the tenant id or its domain. */
  readonly tenant: string;
}

const GraphRegistration = z
  .object({
    id: z.string().min(1),
    isMfaRegistered: z.boolean(),
    isMfaCapable: z.boolean(),
    isAdmin: z.boolean(),
    methodsRegistered: z.array(z.string()),
    lastUpdatedDateTime: z.iso.datetime({ offset: true }),
  })
  .transform(
    (row): Registration => ({
      objectId: entraObjectId(row.id),
      registered: row.isMfaRegistered,
      capable: row.isMfaCapable,
      methods: row.methodsRegistered,
      isAdmin: row.isAdmin,
      reportedAt: instant(row.lastUpdatedDateTime),
    }),
  );

const RoleAssignment = z.object({ principalId: z.string().min(1) });
const SecurityDefaults = z.object({ isEnabled: z.boolean() });
const Sku = z.object({
  capabilityStatus: z.string(),
  servicePlans: z.array(z.object({ servicePlanName: z.string(), provisioningStatus: z.string() })),
});
/** Service plans of Entra ID P1 and P2, whatever the product is called that brings them. */
const PREMIUM_PLANS: ReadonlySet<string> = new Set(["AAD_PREMIUM", "AAD_PREMIUM_P2"]);
/** `Warning` is the grace period after expiry, in which everything still works. */
const LIVE_SKUS: ReadonlySet<string> = new Set(["Enabled", "Warning"]);

/** Entra ID through Microsoft Graph v1.0, app-only. */
export class EntraDirectory implements DirectoryPort {
  readonly source: string;
  readonly #graph: GraphClient;

  constructor({ graph, tenant }: EntraOptions) {
    this.#graph = graph;
    this.source = `Microsoft Entra ID (${tenant})`;
  }

  async *listAccounts({ signal }: Call): AsyncGenerator<Account> {
    // A user that is changed while we page may be served twice.
    const seen = new Set<EntraObjectId>();
    // Selecting within an expanded manager is refused without `$levels`.
    const path = `/v1.0/users?$select=${ACCOUNT_SELECT}&$expand=manager($levels=1;$select=id)&$top=999`;
    for await (const account of this.#graph.pages(path, { schema: GraphUser, permission: "User.Read.All", signal })) {
      if (!seen.has(account.objectId)) yield account;
      seen.add(account.objectId);
    }
  }

  async *listRegistrations({ signal }: Call): AsyncGenerator<Registration> {
    const seen = new Set<EntraObjectId>();
    const path = "/v1.0/reports/authenticationMethods/userRegistrationDetails?$top=999";
    const call = { schema: GraphRegistration, permission: "AuditLog.Read.All", signal };
    for await (const row of this.#graph.pages(path, call)) {
      if (!seen.has(row.objectId)) yield row;
      seen.add(row.objectId);
    }
  }

  mailboxPurposes(
    ids: readonly EntraObjectId[],
    { signal }: Call,
  ): Promise<ReadonlyMap<EntraObjectId, MailboxPurpose>> {
    return mailboxPurposes(this.#graph, ids, signal);
  }

  async listDirectorySyncAccounts(call: Call): Promise<ReadonlySet<EntraObjectId>> {
    const accounts = await this.listRoleHolders(DIRECTORY_SYNC_ROLE, call);
    return accounts.union(await this.listRoleHolders(ON_PREMISES_SYNC_ROLE, call));
  }

  async listRoleHolders(role: string, { signal }: Call): Promise<ReadonlySet<EntraObjectId>> {
    // Built-in roles have their template's id as role definition id, so a role that was never used needs no lookup.
    const path = `/v1.0/roleManagement/directory/roleAssignments?$filter=roleDefinitionId eq '${role}'`;
    const call = { schema: RoleAssignment, permission: "RoleManagement.Read.Directory", signal };
    const assignments = await Array.fromAsync(this.#graph.pages(path, call));
    return new Set(assignments.map(({ principalId }) => entraObjectId(principalId)));
  }

  listTransitiveMembers(groupId: string, { signal }: Call): Promise<ReadonlySet<EntraObjectId>> {
    return groups.readTransitiveMembers(this.#graph, groupId, signal);
  }

  async readTenantFacts({ signal }: Call): Promise<TenantFacts> {
    const defaults = await this.#graph.get("/v1.0/policies/identitySecurityDefaultsEnforcementPolicy", {
      schema: SecurityDefaults,
      permission: "Policy.Read.All",
      signal,
    });
    const skus = await Array.fromAsync(
      this.#graph.pages("/v1.0/subscribedSkus", { schema: Sku, permission: "LicenseAssignment.Read.All", signal }),
    );
    const plans = skus.filter((sku) => LIVE_SKUS.has(sku.capabilityStatus)).flatMap((sku) => sku.servicePlans);
    return {
      securityDefaultsEnabled: defaults.isEnabled,
      hasEntraPremium: plans.some(
        ({ servicePlanName, provisioningStatus }) =>
          PREMIUM_PLANS.has(servicePlanName) && provisioningStatus !== "Disabled",
      ),
    };
  }

  findGroup(mailNickname: string, { signal }: Call): Promise<DirectoryGroup | null> {
    return groups.findGroup(this.#graph, mailNickname, signal);
  }

  createGroup(
    group: { readonly displayName: string; readonly description: string; readonly mailNickname: string },
    { signal }: Call,
  ): Promise<DirectoryGroup> {
    return groups.createGroup(this.#graph, group, signal);
  }

  async *listGroupMembers(groupId: EntraObjectId, { signal }: Call): AsyncGenerator<EntraObjectId> {
    yield* await groups.readMembers(this.#graph, groupId, signal);
  }

  settledGroupMembers(
    groupId: EntraObjectId,
    isSettled: (members: ReadonlySet<EntraObjectId>) => boolean,
    { signal }: Call,
  ): Promise<ReadonlySet<EntraObjectId>> {
    return groups.settledMembers(this.#graph, { groupId, isSettled, signal });
  }

  addGroupMembers(groupId: EntraObjectId, members: readonly EntraObjectId[], { signal }: Call): Promise<void> {
    return groups.addMembers(this.#graph, { groupId, members, signal });
  }

  removeGroupMember(groupId: EntraObjectId, member: EntraObjectId, { signal }: Call): Promise<void> {
    return groups.removeMember(this.#graph, { groupId, member, signal });
  }
}
