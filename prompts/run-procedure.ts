import { z } from "zod";
import { plainLine } from "../src/domain/model/plain-line.ts";
import type { Procedure } from "../src/domain/model/procedure.ts";
import { definePrompt, type Prompt } from "../src/kit/define-prompt.ts";

/** The arguments that start a rollout, whatever its procedure. */
export const rolloutArguments = {
  customer: z.string().min(1).max(40).describe("Customer slug: the name of its file in customers/, e.g. larkfield"),
  deadline: z.iso
    .date("write it as YYYY-MM-DD")
    .describe("Last day on which every account must be enforced, YYYY-MM-DD"),
};

/** What a person says who wants a procedure run for a customer. */
export const runIt = (args: {
  readonly customer: string;
  readonly deadline: string;
  readonly procedure: string;
}): string =>
  `Take a customer to enforced MFA. Call start_rollout with ${JSON.stringify(args)}. If a rollout of this customer is already under way, go on with that one.
Then call get_rollout and do exactly what its "next" says, again and again, until it says "finished" or "wait".
After each step tell me in one or two sentences what was done, with the counts that the tool gave.
When it waits, tell me who has to do what, with which command, and until when; then stop. Approving is a person's work: do not try to get round it.`;

/** A stored procedure as a prompt: picked by its name, it runs for the customer that the person fills in. */
export const runProcedurePrompt = ({ id, version, title, description }: Procedure): Prompt =>
  definePrompt({
    name: id,
    title: plainLine(title),
    description: `${plainLine(description)} (Procedure ${id} ${version}.)`,
    input: z.strictObject(rolloutArguments),
    offers: { customer: "customers" },
    write: ({ customer, deadline }) => runIt({ customer, deadline, procedure: id }),
  });
