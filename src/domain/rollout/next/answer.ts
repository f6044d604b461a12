import type { PlanId } from "../../model/ids.ts";
import type { Instant } from "../../model/time.ts";
import type { RolloutState } from "../state.ts";

/** What to do now. A host that only ever does this, again and again, ends with the rollout done. */
export type Next = Call | Wait | { readonly do: "finished"; readonly why: string };

export interface Call {
  readonly do: "call";
  readonly tool: string;
  readonly args: Readonly<Record<string, string>>;
  readonly why: string;
}

export interface Wait {
  readonly do: "wait";
  /** `time`: until `until`. The others wait for a person, whom `why` names. */
  readonly for: "time" | "approval" | "signoff" | "finding" | "person";
  /** `null` for `time`: until an earlier phase has come further. */
  readonly until: Instant | null;
  readonly planId: PlanId | null;
  readonly findingIds: readonly string[];
  readonly why: string;
}

/** @param call.args - Beside `rollout`, which every tool takes. */
export const callFor = ({ id }: RolloutState, { tool, args = {}, why }: WantedCall): Call => ({
  do: "call",
  tool,
  args: { rollout: id, ...args },
  why,
});

interface WantedCall {
  readonly tool: string;
  readonly args?: Call["args"];
  readonly why: string;
}

export const waitFor = (
  what: Wait["for"],
  why: string,
  more: Partial<Pick<Wait, "until" | "planId" | "findingIds">> = {},
): Wait => ({ do: "wait", for: what, until: null, planId: null, findingIds: [], why, ...more });
