import { CLOSING_PHASE, entraObjectId, type PhaseId, phaseId, userIdOfAccount } from "../../../src/domain/model/ids.ts";
import { instant } from "../../../src/domain/model/time.ts";
import { draftPolicy, policyTag } from "../../../src/domain/policy/draft.ts";
import { accessPassEffect } from "../../../src/kit/effects/access-pass-effect.ts";
import { groupEffect, groupMemberEffect, groupMembersEffect } from "../../../src/kit/effects/group-effects.ts";
import { perUserMfaOffEffect, securityDefaultsOffEffect } from "../../../src/kit/effects/legacy-mfa-effects.ts";
import { policyEffect, policyStateEffect } from "../../../src/kit/effects/policy-effects.ts";
import type { Effect } from "../../../src/ports/rollout-store.ts";
import { CUSTOMER } from "../rollout-facts.ts";
import type { WritesRoom } from "../writes-room.ts";
import { call, count, faultOn, type Write } from "./write.ts";

/** Members of a group that holds a stranger: one write adds, another removes. */
const members = (route: string, more: Pick<Write, "before"> = {}): Write => ({
  kind: "group_members",
  vendor: "graph",
  lane: "members",
  route,
  ...more,
  async make({ vendors: { directory }, box }, rollout, name) {
    const [stranger, ...wanted] = [...box.world.accounts.keys()].slice(0, 3).map(entraObjectId);
    const group = { nickname: name, displayName: name, members: wanted };
    const { id } = await directory.createGroup({ displayName: name, description: "", mailNickname: name }, call);
    await directory.addGroupMembers(id, stranger === undefined ? [] : [stranger], call);
    // The list of members lags; whoever is not in it yet cannot be removed.
    while ((await Array.fromAsync(directory.listGroupMembers(id, call))).length === 0);
    return groupMembersEffect({ rollout, group, round: 0 }, directory, async () => id);
  },
  times: ({ entra }, name) => {
    const [group] = entra.groups.filter(({ mailNickname }) => mailNickname === name);
    return group?.members.length === 2 ? 1 : 0;
  },
});

const PATCH_MEMBERS = "PATCH /v1.0/groups/:id";
const POLICIES = "/v1.0/identity/conditionalAccess/policies";
const policyPhase = (name: string): PhaseId => phaseId(`policy ${name}`);

const policyOf = async ({ place, vendors }: WritesRoom, rollout: string, name: string): Promise<Effect> => {
  const { documents } = place;
  const phase = { id: CLOSING_PHASE, department: null, order: 0 };
  const draft = draftPolicy({ rollout, phase, customer: CUSTOMER, emergencyObjectIds: [] });
  const description = policyTag(rollout, policyPhase(name));
  return policyEffect({
    rollout,
    phase: policyPhase(name),
    draft: await documents.put(JSON.stringify({ ...draft, description, excludeGroups: [] })),
    groups: [],
    policies: vendors.policies,
    documents,
    groupId: async () => entraObjectId(""),
  });
};

/** The account whose per-user MFA an effect of this name ends. */
const accountOf = (accounts: readonly string[], name: string): string => {
  const sum = [...name].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) % 50_021, 7);
  return accounts[sum % accounts.length] ?? "";
};

/** The account that a row's pass is for: one of its own for each name. */
const passFor = new Map<string, string>();
const PASSES = "/v1.0/users/:id/authentication/temporaryAccessPassMethods";

/** @param left - A pass of an earlier round is there, which this one deletes first. */
const pass = (route: string, left: boolean): Write => ({
  kind: "access_pass",
  vendor: "graph",
  route,
  async make({ vendors: { passes }, box }, rollout, name) {
    const clock = { now: async () => instant(box.world.now()) };
    const taken = new Set(passFor.values());
    const account = box.world.accounts.values().find(({ id, userType }) => userType === "Member" && !taken.has(id));
    const objectId = entraObjectId(account?.id ?? "");
    passFor.set(name, objectId);
    const startsAt = instant(Math.ceil(Date.parse(await clock.now()) / 1000) * 1000);
    const earlier = left ? [(await passes.issuePass({ objectId, startsAt, minutes: 60 }, call)).id] : [];
    while (left && (await passes.listPasses(objectId, call)).length === 0);
    return accessPassEffect({
      ...{ rollout, passes, clock, objectId, minutes: 60, round: 0, replaces: earlier },
      userId: userIdOfAccount(objectId),
      tell: async () => {},
    });
  },
  times: ({ entra }, name) => count(entra.accessPasses.filter(({ userId }) => userId === passFor.get(name))),
});

export const ENTRA_WRITES: readonly Write[] = [
  pass(`POST ${PASSES}`, false),
  pass(`DELETE ${PASSES}/:passId`, true),
  {
    kind: "security_defaults",
    vendor: "graph",
    route: "PATCH /v1.0/policies/identitySecurityDefaultsEnforcementPolicy",
    async make({ vendors }, rollout, name) {
      const effect = securityDefaultsOffEffect(rollout, vendors.legacyMfa);
      return { ...effect, key: `${effect.key}/${name}` };
    },
    prepare: (room) => room.turnDefaultsOn(),
    times: ({ entra }) => (entra.securityDefaultsEnabled ? 0 : 1),
  },
  {
    kind: "per_user_mfa",
    vendor: "graph",
    route: "POST /beta/$batch",
    async make({ vendors, box }, rollout, name) {
      const account = box.world.accounts.get(accountOf([...box.world.accounts.keys()], name));
      if (account === undefined) throw new TypeError("the company has accounts");
      account.perUserMfa = "enforced";
      const plan = { rollout, phase: policyPhase(name), accounts: [entraObjectId(account.id)], round: 0 };
      return perUserMfaOffEffect(plan, vendors.legacyMfa);
    },
    times: ({ entra }, name) => {
      const id = accountOf(
        entra.users.map((user) => user.id),
        name,
      );
      return entra.perUserMfaHistory.some((change) => change.id === id && change.state === "disabled") ? 1 : 0;
    },
  },
  {
    kind: "group",
    vendor: "graph",
    route: "POST /v1.0/groups",
    make: async ({ vendors }, rollout, name) =>
      groupEffect(rollout, { nickname: name, displayName: name, members: [] }, vendors.directory),
    times: ({ entra }, name) => count(entra.groups.filter(({ mailNickname }) => mailNickname === name)),
    deliveredTwice: 2,
  },
  members(PATCH_MEMBERS),
  members("DELETE /v1.0/groups/:id/members/:member/$ref"),
  // One by one, after the many together were refused because one of them was a member already.
  members("POST /v1.0/groups/:id/members/$ref", {
    before: [{ ...faultOn({ vendor: "graph", route: PATCH_MEMBERS }), kind: "twice" }],
  }),
  {
    kind: "group_member",
    vendor: "graph",
    route: PATCH_MEMBERS,
    async make({ vendors: { directory }, box }, rollout, name) {
      const [account] = [...box.world.accounts.keys()].map(entraObjectId);
      if (account === undefined) throw new RangeError("the company has accounts");
      const { id } = await directory.createGroup({ displayName: name, description: "", mailNickname: name }, call);
      const plan = { rollout, nickname: name, userId: userIdOfAccount(account), round: 0 };
      return groupMemberEffect(plan, directory, { group: id, account });
    },
    times: ({ entra }, name) => entra.groups.find(({ mailNickname }) => mailNickname === name)?.members.length ?? 0,
  },
  {
    kind: "policy",
    vendor: "graph",
    route: `POST ${POLICIES}`,
    make: policyOf,
    times: ({ entra }, name) =>
      count(entra.policies.filter(({ description }) => String(description).endsWith(`:${policyPhase(name)}]`))),
    deliveredTwice: 2,
  },
  {
    kind: "policy_state",
    vendor: "graph",
    route: `PATCH ${POLICIES}/:id`,
    async make(room, rollout, name) {
      const made = policyOf(room, rollout, name);
      const { policyId } = await (await made).perform({ noted: {}, note: async () => {}, signal: call.signal });
      const phase = policyPhase(name);
      const change = { rollout, phase, to: "disabled", round: 0 } as const;
      return policyStateEffect(change, room.vendors.policies, async () => String(policyId));
    },
    times: ({ entra }, name) =>
      count(
        entra.policies
          .filter(
            ({ description, state }) => state === "disabled" && String(description).endsWith(`:${policyPhase(name)}]`),
          )
          .slice(0, 1),
      ),
  },
];
