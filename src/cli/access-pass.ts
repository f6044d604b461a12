import type { UserId } from "../domain/model/ids.ts";
import type { Plan, PlanRecord } from "../domain/model/plan.ts";
import { NotFoundError } from "../errors.ts";
import { PASS_TOOL, PassContent, passEffects } from "../kit/access-pass-plan.ts";
import type { ToldPass } from "../kit/effects/access-pass-effect.ts";
import type { OpenRollout } from "../kit/tool-context.ts";
import { contextOf, type Workshop } from "../server/workspace.ts";
import { showPlan } from "./find-plan.ts";
import type { HumanParts } from "./human.ts";
import { visible } from "./read-plan.ts";
import { signed } from "./signed.ts";

/** What this command works with beside what every command for people has. */
export interface PassParts extends HumanParts {
  open(rollout: string): Promise<OpenRollout<"accessPasses">>;
}

/** A rollout with the customer's systems, for a command that a person waits for. */
export async function openFor(workshop: Workshop, rollout: string): Promise<OpenRollout<"accessPasses">> {
  const { signal } = new AbortController();
  return (await contextOf(workshop, { signal, progress: async () => {} })).open(rollout);
}

/**
 * `mfa-rollout access-pass ROLLOUT USER`: makes the pass that a plan was signed for and shows it here, once. Whoever
 * takes it signs for that with their own key first, so that no program takes one.
 */
export async function accessPass(
  parts: PassParts,
  taking: { readonly rollout: string; readonly user: string; readonly as: string },
): Promise<number> {
  const open = await parts.open(taking.rollout);
  const { state } = open;
  const record = [...state.plans.values()].find((plan) => isSignedFor(plan, taking.user));
  if (record === undefined) {
    throw new NotFoundError("No signed plan of a Temporary Access Pass waits for this user.", {
      nextStep: `Have ${PASS_TOOL} called for the user, and its plan signed with: mfa-rollout approve.`,
    });
  }
  await showPlan(parts, { state, record });
  const plan = JSON.parse(await parts.documents.text(record.digest)) as Plan; // showPlan checked that it is the one proposed
  const content = PassContent.parse(plan.content);
  const note = `takes the pass of ${content.userId}`;
  const approval = await signed(
    parts,
    { kind: "handover", rollout: state.id, digest: record.digest, approver: taking.as, terms: null, note },
    { slug: state.customer },
  );
  await open.record({ type: "access_pass_taken", data: { userId: content.userId as UserId, approval } }); // planned from the list
  await open.refresh(); // The person took their time; the content is the signed plan's own, whatever was read since.
  const passes = await open.vendor("accessPasses");
  const { tool, args, title, lines, signer } = plan;
  const carried = await open.carryOut({
    ...{ tool, args, title, lines, content, schema: PassContent, standingTexts: null },
    ...(signer !== undefined && { signer }),
    effects: (planned) =>
      passEffects(planned, {
        rollout: state.id,
        passes,
        clock: parts.clock,
        tell: async (told) => show(parts, planned, told),
      }),
  });
  if (carried.status === "done") return 0;
  parts.print(`Nothing was made: ${carried.status}. ${visible(carried.note)}`);
  return 1;
}

const isSignedFor = ({ tool, argsKey, status }: PlanRecord, user: string): boolean =>
  tool === PASS_TOOL && status === "approved" && argsKey === JSON.stringify({ user });

/** The only place where a passcode is told. */
function show({ print }: HumanParts, { upn, recipient }: PassContent, { code, startsAt, endsAt }: ToldPass): void {
  print("");
  print(`Pass of ${visible(upn)}: ${code.reveal()}`);
  print(`Opens once, from ${startsAt} to ${endsAt} (UTC). It is not shown again and is kept nowhere.`);
  print(`Give it to ${visible(recipient.name)} and to nobody else, by voice, once you are sure who they are.`);
  print("They open https://aka.ms/mysecurityinfo and register a method at once.");
}
