import { fixTicketWork } from "../../fix-kit/tickets.ts";
import type { RolloutView } from "../step-status.ts";
import { callFor, type Next } from "./answer.ts";
import { personNeeded } from "./decision.ts";
import { paused } from "./paused.ts";

/**
 * Before anybody is waited for who has to mend something, the service desk is told what that is: each with a ticket. A
 * tool that could not write now is not asked for; the wait stays what it was.
 */
export function ticketsFirst(answer: Next, view: RolloutView): Next {
  if (answer.do !== "wait" || (answer.for !== "finding" && answer.for !== "person")) return answer;
  const { state } = view;
  const work = { tool: "sync_psa_project", args: {} };
  const hasProject = state.effects.get(`${state.id}/psa/project`)?.status === "done";
  if (!hasProject || paused(view, work, "") !== null || personNeeded(view, work) !== null) return answer;
  const { opened, changed } = fixTicketWork(view);
  const count = opened.length + changed.length;
  if (count === 0) return answer;
  return callFor(state, {
    ...work,
    why: `${count} tickets about things to mend are to be opened or changed. ${answer.why}`,
  });
}
