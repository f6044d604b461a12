import { type EntraObjectId, entraObjectId, type PhaseId } from "../domain/model/ids.ts";
import { groupKey } from "./effects/group-effects.ts";
import { policyKey } from "./effects/policy-effects.ts";
import type { OpenRollout } from "./tool-context.ts";

type Outcomes = Pick<OpenRollout<never>, "id" | "outcomeOf">;

/** Id of a group of ours, asked when it is needed, since the same plan may make it just before. */
export const madeGroupId = async (open: Outcomes, nickname: string): Promise<EntraObjectId> =>
  entraObjectId(String((await open.outcomeOf(groupKey(open.id, nickname))).groupId));

/** Id of a policy of ours, asked when it is needed, since the same plan may make it just before. */
export const madePolicyId = async (open: Outcomes, phase: PhaseId): Promise<string> =>
  String((await open.outcomeOf(policyKey(open.id, phase))).policyId);
