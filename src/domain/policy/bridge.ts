import type { Customer } from "../model/customer.ts";
import { BRIDGES, type EntraObjectId } from "../model/ids.ts";
import { draftPolicy, type PolicyDraft } from "./draft.ts";
import { groupNickname } from "./groups.ts";

/**
 * The policies that stand in for security defaults until each phase has its own, in the order in which they take force.
 * Legacy authentication stays barred for excepted accounts too, as it was by the defaults; of MFA the bridge asks only
 * those who can answer, because it comes before anybody was told a date.
 */
export function bridgeDrafts(wanted: {
  readonly rollout: string;
  readonly customer: Customer;
  readonly emergencyObjectIds: readonly EntraObjectId[];
}): readonly { readonly id: (typeof BRIDGES)["legacy"]; readonly draft: PolicyDraft }[] {
  const { rollout, customer } = wanted;
  const like = (id: (typeof BRIDGES)["legacy"], what: string): PolicyDraft => {
    const draft = draftPolicy({ ...wanted, phase: { id, department: what, order: 0 } });
    const description = `Stands in for security defaults during the MFA rollout: ${what}. Left out: emergency access accounts, directory synchronisation roles and technicians of ${customer.mspName}.`;
    const tag = draft.description.slice(draft.description.lastIndexOf("["));
    return { ...draft, displayName: `MFA bridge: ${what}`, description: `${description} ${tag}` };
  };
  const registered = like(BRIDGES.registered, "registered users");
  const legacy: PolicyDraft = {
    ...like(BRIDGES.legacy, "no legacy authentication"),
    includeUsers: "all",
    includeGroups: [],
    excludeGroups: [groupNickname(rollout, "emergency")],
    clientAppTypes: ["exchangeActiveSync", "other"],
    grant: ["block"],
  };
  return [
    { id: BRIDGES.registered, draft: registered },
    { id: BRIDGES.legacy, draft: legacy },
  ];
}
