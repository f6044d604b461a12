import { describe, expect, it } from "vitest";
import type { EntraObjectId } from "../../src/domain/model/ids.ts";
import { type CaPolicy, DIRECTORY_SYNC_ROLE } from "../../src/domain/model/policy.ts";
import type { ConditionalAccessPort } from "../../src/ports/conditional-access.ts";

/** Conditional Access beside its simulated vendor. */
export interface ConditionalAccessSubject extends AsyncDisposable {
  readonly conditionalAccess: ConditionalAccessPort;
  /** An enabled account that policies may name. */
  readonly somebody: EntraObjectId;
  /** A tenant whose service-provider users are left out. */
  readonly mspTenantId: string;
  failRead(kind: "truncated" | "html" | "unavailable" | "throttled" | "forbidden"): Promise<void>;
  failWrite(kind: "lost_answer" | "unavailable" | "throttled"): Promise<void>;
  revokeTokens(): Promise<void>;
  /** Every write that the vendor took, oldest first, with the body as it came. */
  writes(): Promise<readonly { readonly method: string; readonly body: unknown }[]>;
  /** How many policies of that name the vendor holds. */
  policiesNamed(displayName: string): Promise<number>;
}

const signal = new AbortController().signal;
const UNKNOWN = "00000000-1111-4222-8333-444444444444";

function draft(subject: ConditionalAccessSubject, change: Partial<CaPolicy> = {}): CaPolicy {
  return {
    displayName: "MFA rollout: all users",
    description: "Requires MFA. [mfa-rollout:rol_larkfield_202610_ab12:phase_closing]",
    state: "report_only",
    includeUsers: "all",
    includeGroups: [],
    excludeUsers: [subject.somebody],
    excludeGroups: [],
    excludeRoles: [DIRECTORY_SYNC_ROLE],
    excludeServiceProviderTenants: [subject.mspTenantId],
    clientAppTypes: ["all"],
    includeApplications: "all",
    excludeApplications: [],
    grant: ["mfa"],
    ...change,
  };
}

/** What every Conditional Access promises. */
export function describeConditionalAccessPort(start: () => Promise<ConditionalAccessSubject>): void {
  describe("ConditionalAccessPort", () => {
    it("gives back a policy as it was drafted, with nothing unknown", async () => {
      await using subject = await start();
      const policy = draft(subject);
      const made = await subject.conditionalAccess.createPolicy(policy, { signal });
      expect(made).toMatchObject({ ...policy, microsoftManaged: false, unknownParts: [] });
      const read = () => subject.conditionalAccess.getPolicy(made.id, { signal });
      // A read lags a write by seconds.
      await expect.poll(read, { timeout: 15_000 }).toMatchObject({ ...policy, id: made.id });
      const all = await subject.conditionalAccess.listPolicies({ signal });
      expect(all.map(({ id }) => id)).toContain(made.id);
    });

    it("sends exactly the JSON that people review", async () => {
      await using subject = await start();
      const policy = draft(subject);
      await subject.conditionalAccess.createPolicy(policy, { signal });
      const shown = JSON.parse(JSON.stringify(subject.conditionalAccess.asVendorJson(policy)));
      expect(await subject.writes()).toEqual([expect.objectContaining({ method: "POST", body: shown })]);
    });

    it("answers null for a policy that is not there", async () => {
      await using subject = await start();
      expect(await subject.conditionalAccess.getPolicy(UNKNOWN, { signal })).toBeNull();
    });

    it("changes the state and nothing else, and never deletes", async () => {
      await using subject = await start();
      const { id } = await subject.conditionalAccess.createPolicy(draft(subject), { signal });
      await subject.conditionalAccess.setState(id, "enforced", { signal });
      await subject.conditionalAccess.setState(id, "disabled", { signal });
      const writes = await subject.writes();
      expect(writes.map(({ method }) => method)).toEqual(["POST", "PATCH", "PATCH"]);
      expect(writes.slice(1).map(({ body }) => body)).toEqual([{ state: "enabled" }, { state: "disabled" }]);
    });

    it("asks which policies would apply to one account", async () => {
      await using subject = await start();
      const out = await subject.conditionalAccess.createPolicy(draft(subject), { signal });
      const name = "MFA rollout: nobody left out";
      const all = await subject.conditionalAccess.createPolicy(
        draft(subject, { displayName: name, excludeUsers: [] }),
        {
          signal,
        },
      );
      const ask = () => subject.conditionalAccess.whatIf(subject.somebody, { signal });
      await expect.poll(ask, { timeout: 15_000 }).toEqual({ appliedPolicyIds: expect.arrayContaining([all.id]) });
      expect((await ask()).appliedPolicyIds).not.toContain(out.id);
    });

    it.each(["lost_answer", "unavailable"] as const)(
      "calls a create ambiguous when its answer is %s, and does not repeat it",
      async (kind) => {
        await using subject = await start();
        await subject.failWrite(kind);
        await expect(subject.conditionalAccess.createPolicy(draft(subject), { signal })).rejects.toMatchObject({
          code: "ERR_CONNECTOR_AMBIGUOUS",
        });
        expect(await subject.policiesNamed(draft(subject).displayName)).toBe(1);
      },
    );

    it("creates once when it was throttled without being told how long", async () => {
      await using subject = await start();
      await subject.failWrite("throttled");
      await subject.conditionalAccess.createPolicy(draft(subject), { signal });
      expect(await subject.policiesNamed(draft(subject).displayName)).toBe(1);
    });

    it("sets the state although the answer is lost", async () => {
      await using subject = await start();
      const { id } = await subject.conditionalAccess.createPolicy(draft(subject), { signal });
      await subject.failWrite("lost_answer");
      await subject.conditionalAccess.setState(id, "disabled", { signal });
      expect((await subject.writes()).at(-1)?.body).toEqual({ state: "disabled" });
    });

    it.each(["truncated", "html", "unavailable", "throttled"] as const)("survives a list that is %s", async (kind) => {
      await using subject = await start();
      await subject.failRead(kind);
      expect(await subject.conditionalAccess.listPolicies({ signal })).not.toHaveLength(0);
    });

    it("names the missing permission", async () => {
      await using subject = await start();
      await subject.failRead("forbidden");
      await expect(subject.conditionalAccess.listPolicies({ signal })).rejects.toMatchObject({
        code: "ERR_CONNECTOR_PERMISSION",
        details: { permission: expect.any(String) },
      });
    });

    it("gets a new token when the old one was revoked, for a write as well", async () => {
      await using subject = await start();
      await subject.conditionalAccess.listPolicies({ signal });
      await subject.revokeTokens();
      await subject.conditionalAccess.createPolicy(draft(subject), { signal });
      expect(await subject.policiesNamed(draft(subject).displayName)).toBe(1);
    });

    it("stops when the caller has given up", async () => {
      await using subject = await start();
      const given = { signal: AbortSignal.abort() };
      await expect(subject.conditionalAccess.createPolicy(draft(subject), given)).rejects.toMatchObject({
        code: "ERR_CANCELLED",
      });
      expect(await subject.writes()).toEqual([]);
    });
  });
}
