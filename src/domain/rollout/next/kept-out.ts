import type { BlockKind } from "../../model/block.ts";
import { daysBetween } from "../../model/time.ts";
import { judgePhase } from "../blockers/judgement.ts";
import { blockStanding, openBlocks } from "../blockers/watch.ts";
import type { BlockRecord } from "../state.ts";
import type { RolloutView } from "../step-status.ts";
import { callFor, type Next, waitFor } from "./answer.ts";
import { decisionOn, openPlan, personNeeded } from "./decision.ts";
import { acceptanceAsked } from "./open-findings.ts";
import { paused } from "./paused.ts";

/** What helps a user who is kept out. */
export const HELP: Readonly<Record<BlockKind, string>> = {
  no_method: "They have no method that policy allows: make sure who it is and help them register one.",
  no_answer:
    "They were asked and gave no answer, as with a lost phone: make sure who it is and help them register a new method.",
  client: "Their client cannot ask for MFA: replace it, or give the program its own identity.",
  other_control: "Entra refused for another reason than MFA: look the sign-in up in Entra by its error code.",
};

/**
 * Users whom an enforced phase keeps out come before anything else, and at the first one. More of them than the procedure
 * allows: rolling the phase back is proposed. When a person has refused that, the phase stays enforced and the rest goes
 * on. Fewer: a person decides about each. An exception that was granted is brought into force at once.
 */
export function keptOut(view: RolloutView): Next | null {
  const { state, procedure, now, roster } = view;
  for (const [phase, policy] of state.policies) {
    if (policy.state !== "enforced") continue;
    const judgement = judgePhase(state, phase, { settings: procedure.settings, now, roster });
    if (judgement.state === "failed") {
      const why = `${judgement.blocked} users of ${phase} were blocked since enforcement; the procedure allows ${procedure.settings.blockedUsers}.`;
      const rollBack = proposed({ phase, state: "roll_back" }, why, view);
      if (rollBack !== null) return rollBack;
    }
    for (const block of openBlocks(view, phase)) {
      const next = blockStanding(block, view) === "to_give_back" ? giveBack(block, view) : decide(block, view);
      if (next !== null) return next;
    }
  }
  return null;
}

/** Back to report-only: for the phase, or for one user of it. `null` when a person has refused it. */
function proposed(args: Readonly<Record<string, string>>, why: string, view: RolloutView): Next | null {
  const work = { tool: "apply_ca_policy", args };
  const plan = openPlan(view, work);
  if (plan !== null && decisionOn(plan, view) === "refused") return null;
  return (
    paused(view, work, `The roll-back of ${args.phase ?? ""}`) ??
    personNeeded(view, work) ??
    callFor(view.state, { ...work, why })
  );
}

/** `null` for a longer exception, which waits for the customer's signature like any other. */
function giveBack({ phase, userId }: BlockRecord, view: RolloutView): Next | null {
  const until = view.roster?.exceptedUntil.get(userId);
  if (until === undefined || daysBetween(view.today, until) > LONGEST_GIVEN_BACK_DAYS) return null;
  const why = `${userId} was granted an exception after ${phase} kept them out; it comes into force with one signature, ahead of the customer's sign-off.`;
  return proposed({ phase, state: "roll_back", user_id: userId }, why, view);
}

/** Every way on with its exact call: it is a person who takes one of them. */
function decide(block: BlockRecord, view: RolloutView): Next {
  const { state, procedure } = view;
  const { id, userId, phase, kind, count, lastAt, errorCode } = block;
  const rollout = JSON.stringify(state.id);
  const resolve = (resolution: string): string =>
    `resolve_finding {"rollout":${rollout},"finding":"${id}","resolution":"${resolution}","by":"…","why":"…"}`;
  const why = [
    `${userId} is kept out by ${phase}: ${count} sign-ins refused, the last at ${lastAt} (error ${errorCode}). ${HELP[kind]}`,
    `A person decides. Helped: ${resolve("remediated")}.`,
    `An exception for a time, at most ${LONGEST_GIVEN_BACK_DAYS} days at once: classify_exceptions {"rollout":${rollout},"overrides":[{"user_id":"${userId}","action":"add","reason":"…","owner":"…","expires":"…"}]}.`,
    `Back to report-only for all of ${phase} (proposed by itself beyond ${procedure.settings.blockedUsers} users): apply_ca_policy {"rollout":${rollout},"phase":"${phase}","state":"roll_back"}.`,
    `Nothing: ${resolve("accepted")}.`,
  ].join(" ");
  return acceptanceAsked(view, [id]) ?? waitFor("finding", why, { findingIds: [id] });
}

/** An exception that nobody at the customer has signed yet is for a short time. */
export const LONGEST_GIVEN_BACK_DAYS = 7;
