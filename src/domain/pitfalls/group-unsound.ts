import type { EntraObjectId } from "../model/ids.ts";
import type { PitfallFacts } from "./facts.ts";
import type { PitfallCheck } from "./pitfall.ts";
import { othersOf } from "./policies.ts";

/** Whoever is in a group within our own groups is covered or carved out without anybody having signed it. */
export const ourGroupNested: PitfallCheck = {
  name: "our_group_nested",
  severity: "locks_out",
  mender: "customer_admin",
  acceptable: false,
  heldBy: null,
  remedy:
    "Take the group out of the rollout's group and ask who put it there; the rollout's groups hold accounts alone. Then call check_tenant.",
  look({ survey, ourGroups }) {
    const nested = ourGroups.filter((id) => survey.groups.get(id)?.nested === true);
    if (nested.length === 0) return null;
    return {
      message: `Groups of the rollout that have another group as a member: ${nested.length}.`,
      evidence: nested,
      affects: "everyone",
    };
  },
};

/** Others' policies that count on a group which is gone, or on one whose members a rule or another group decides. */
export const groupUnsound: PitfallCheck = {
  name: "group_unsound",
  severity: "weakens",
  mender: "customer_admin",
  acceptable: true,
  heldBy: null,
  remedy:
    "Take deleted groups out of the policies, and count the people behind dynamic and nested ones: whom they hold changes without any change of policy.",
  look(facts) {
    const unsound = [...namedGroups(facts)].flatMap((id) => {
      const group = facts.survey.groups.get(id);
      if (group === undefined) return [];
      if (group === null) return [`${id} is deleted`];
      return group.dynamic ? [`${id} is dynamic`] : group.nested ? [`${id} holds other groups`] : [];
    });
    if (unsound.length === 0) return null;
    return {
      message: `Groups in other policies that are deleted, dynamic or nested: ${unsound.length}.`,
      evidence: unsound,
      affects: "everyone",
    };
  },
};

const namedGroups = (facts: PitfallFacts): ReadonlySet<EntraObjectId> =>
  new Set(
    othersOf(facts)
      .filter(({ state }) => state !== "disabled")
      .flatMap(({ users }) => [...users.includeGroups, ...users.excludeGroups]),
  );
