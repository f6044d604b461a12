import { toGraphPolicy } from "../../src/connectors/entra/policy-json.ts";
import type { AccessPolicy } from "../../src/domain/foresight/access-policy.ts";
import { draftAsPolicy } from "../../src/domain/foresight/draft-as-policy.ts";
import { CLOSING_PHASE, entraObjectId, phaseId } from "../../src/domain/model/ids.ts";
import { draftPolicy } from "../../src/domain/policy/draft.ts";
import { resolveDraft } from "../../src/domain/policy/resolve.ts";
import type { Luck } from "../../src/sandbox/world/luck.ts";
import { CUSTOMER } from "../support/rollout-facts.ts";
import { type Named, randomPolicy } from "./random-policies.ts";
import { makeGroup, postPolicy, setState } from "./random-tenant.ts";
import type { StillTenant } from "./still-tenant.ts";

export interface RandomDraft {
  readonly id: string;
  /** Report-only while people sign in; otherwise nothing in the log speaks of it. */
  readonly isWatched: boolean;
  /** As we drafted it; `null`: an administrator's own, known from the tenant alone. */
  readonly asDrafted: AccessPolicy | null;
}

/** The policy that will be enforced: half of the time one of ours, else any that an administrator could make. */
export async function randomDraft(luck: Luck, ask: StillTenant["ask"], named: Named): Promise<RandomDraft> {
  const isWatched = luck.chance("draft watched") < 0.6;
  const draft =
    luck.chance("draft ours") < 0.5 ? await ours(luck, ask, named) : await anybodys(luck, ask, { named, isWatched });
  if (!isWatched) await setState(ask, draft.id, "disabled");
  return { ...draft, isWatched };
}

async function ours(luck: Luck, ask: StillTenant["ask"], { accounts }: Named): Promise<Omit<RandomDraft, "isWatched">> {
  const closing = luck.chance("draft closing") < 0.5;
  const emergency = accounts.slice(0, 2).map(entraObjectId);
  const draft = draftPolicy({
    rollout: "rol_random",
    phase: { id: closing ? CLOSING_PHASE : phaseId("Sales"), department: closing ? null : "Sales", order: 0 },
    customer: CUSTOMER,
    emergencyObjectIds: emergency,
  });
  const ids = new Map<string, ReturnType<typeof entraObjectId>>();
  for (const name of [...draft.includeGroups, ...draft.excludeGroups]) {
    const share = name.includes("phase") ? 0.6 : 0.15;
    const members = accounts.filter((id) => luck.chance(`${name} ${id}`) < share);
    ids.set(name, entraObjectId(await makeGroup(ask, name, members)));
  }
  const policy = resolveDraft(draft, ids);
  if ("missing" in policy) throw new Error("a group of the draft was not made");
  const id = await postPolicy(ask, toGraphPolicy(policy));
  return { id, asDrafted: draftAsPolicy(policy, id) };
}

async function anybodys(
  luck: Luck,
  ask: StillTenant["ask"],
  { named, isWatched }: { named: Named; isWatched: boolean },
): Promise<Omit<RandomDraft, "isWatched">> {
  const policy = randomPolicy(luck, "draft", { named, tells: !isWatched });
  const id = await postPolicy(ask, { ...policy, state: "enabledForReportingButNotEnforced" });
  return { id, asDrafted: null };
}
