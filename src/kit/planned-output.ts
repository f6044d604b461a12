import { z } from "zod";
import type { CarriedOut } from "./tool-context.ts";
import { untrusted } from "./untrusted-text.ts";

/** Longest line of a plan that an answer shows; the whole is what the person reads who signs. */
const LONGEST_LINE = 200;

/** How every tool answers that needs a signature: the same fields, whatever it does. */
export const plannedOutput = {
  status: z
    .enum(["done", "approval_required", "denied", "paused", "nothing_to_do", "person_required"])
    .describe(
      "approval_required: a person must sign plan_id. paused: call again at resume_at. person_required: signed, a person runs the command in note",
    ),
  plan_id: z.string().optional(),
  title: z.string(),
  changes_done: z.number().int(),
  changes_total: z.number().int(),
  plan_lines: z.array(z.string()).describe("First lines of the plan a person signs"),
  plan_lines_total: z.number().int(),
  resume_at: z.string().optional(),
  note: z.string().optional(),
};

/** The end of a call that found nothing to change, so nothing to sign. */
export const nothingToDo = (title: string): CarriedOut => ({
  status: "nothing_to_do",
  planId: null,
  title,
  lines: [],
  linesTotal: 0,
  changesDone: 0,
  changesTotal: 0,
  resumeAt: null,
  note: "",
});

export const planned = (carried: CarriedOut) => ({
  status: carried.status,
  title: untrusted(carried.title, LONGEST_LINE),
  changes_done: carried.changesDone,
  changes_total: carried.changesTotal,
  plan_lines: carried.lines.map((line) => untrusted(line, LONGEST_LINE)),
  plan_lines_total: carried.linesTotal,
  ...(carried.planId !== null && { plan_id: carried.planId }),
  ...(carried.resumeAt !== null && { resume_at: carried.resumeAt }),
  ...(carried.note !== "" && { note: carried.note }),
});

/** The same in words. */
export function plannedText(answer: {
  status: string;
  title: string;
  plan_id?: string | undefined;
  changes_done: number;
  changes_total: number;
  resume_at?: string | undefined;
  note?: string | undefined;
}): string {
  switch (answer.status) {
    case "approval_required":
      return `Not done yet: "${answer.title}" needs a person's signature. They read and sign it with: mfa-rollout approve ${answer.plan_id}. No tool can approve it. Then call this tool again with the same arguments.`;
    case "denied":
      return `A person refused "${answer.title}": ${answer.note ?? ""}. Nothing was changed.`;
    case "paused":
      return `Paused at ${answer.changes_done} of ${answer.changes_total} changes because of a vendor's limit. Call again with the same arguments at ${answer.resume_at}; what is done is not repeated.`;
    case "person_required":
      return `Signed: "${answer.title}". Not done yet: a person does it with: ${answer.note ?? ""}. No tool can.`;
    case "nothing_to_do":
      return `Nothing to do: ${answer.title}.`;
    default:
      return `Done: ${answer.title} (${answer.changes_done} changes).`;
  }
}
