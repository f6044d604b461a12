import { InputError, StateError } from "../errors.ts";
import type { HumanParts } from "./human.ts";
import { visible } from "./read-plan.ts";
import { signed } from "./signed.ts";

/** So much of a hash has to be given: no other table will have it by chance. */
const SHORTEST_HASH = 8;

/**
 * `mfa-rollout signoff ROLLOUT`: records that the customer's contact consented to exactly the table shown. The
 * approver vouches for it with a signature over the table's hash.
 * @param record.hash - The first characters of the table's hash, read off the document the customer consented to.
 */
export async function signoff(
  parts: HumanParts,
  record: {
    readonly rollout: string;
    readonly contact: string;
    readonly how: string;
    readonly hash: string;
    readonly as: string;
  },
): Promise<number> {
  const rollout = await parts.store.open(record.rollout);
  const { exceptions, id, customer } = await rollout.state();
  if (exceptions === null) {
    throw new StateError("There is no exceptions table yet.", { nextStep: "Have classify_exceptions called first." });
  }
  const { table, total } = exceptions;
  for (const line of (await parts.documents.text(table)).split("\n")) parts.print(visible(line));
  parts.print(`Hash of this table: ${table}`);
  if (record.hash.length < SHORTEST_HASH || !table.startsWith(record.hash.toLowerCase())) {
    throw new InputError("The hash given is not that of the current table: the customer consented to something else.", {
      nextStep:
        "Send the current table with request_signoff, then record the answer with --hash and at least 8 characters of its hash.",
    });
  }
  const note = `${record.contact}: ${record.how}`;
  const approval = await signed(
    parts,
    { kind: "signoff", rollout: id, digest: table, approver: record.as, terms: null, note },
    { slug: customer },
  );
  await rollout.exclusively(async () => {
    if ((await rollout.state()).exceptions?.table !== table) throw changedMeanwhile();
    await rollout.append(
      { type: "signoff_recorded", data: { approval, contact: record.contact } },
      { type: "step_done", data: { tool: "request_signoff", argsKey: "{}", summary: "signed off" } },
    );
  });
  parts.print(`Recorded: ${visible(record.contact)} signed off ${total} exceptions.`);
  return 0;
}

const changedMeanwhile = (): StateError =>
  new StateError("The exceptions changed meanwhile; nothing was recorded.", {
    nextStep: "Send the new table to the customer with request_signoff.",
  });
