import { InputError, StateError } from "../errors.ts";
import { signed } from "./approve.ts";
import type { HumanParts } from "./human.ts";

/**
 * `mfa-rollout signoff ROLLOUT`: records that the customer's contact consented to exactly the table shown. The
 * approver vouches for it with a signature over the table's hash.
 * @param record.hash - The first characters of the table's hash, read off the document the customer consented to.
 */
export async function signoff(
  parts: HumanParts,
  record: { readonly rollout: string; readonly contact: string; readonly how: string; readonly hash: string; readonly as: string },
): Promise<number> {
  const rollout = await parts.store.open(record.rollout);
  const state = await rollout.state();
  if (state.exceptions === null) {
    throw new StateError("There is no exceptions table yet.", { nextStep: "Have classify_exceptions called first." });
  }
  const { table } = state.exceptions;
  for (const line of (await parts.documents.text(table)).split("\n")) parts.print(line);
  parts.print(`Hash of this table: ${table}`);
  if (record.hash.length < 8 || !table.startsWith(record.hash)) {
    throw new InputError("The hash given is not that of the current table: the customer consented to something else.", {
      nextStep: "Send the current table with request_signoff, then record the answer with --hash and at least 8 characters of its hash.",
    });
  }
  const note = `${record.contact}: ${record.how}`;
  const approval = await signed(parts, record.as, { kind: "signoff", rollout: state.id, digest: table, terms: null, note }, state.customer);
  await rollout.append(
    { type: "signoff_recorded", data: { approval, contact: record.contact } },
    { type: "step_done", data: { tool: "request_signoff", argsKey: "{}", summary: "signed off" } },
  );
  parts.print(`Recorded: ${record.contact} signed off ${state.exceptions.total} exceptions.`);
  return 0;
}
