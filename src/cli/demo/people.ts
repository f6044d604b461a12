import { STANDING_TOOLS } from "../../domain/model/plan.ts";
import { pendingPlans } from "../approvals.ts";
import { approve } from "../approve.ts";
import type { HumanParts } from "../human.ts";
import { SANDBOX_APPROVER } from "../sandbox/sandbox-home.ts";
import { signoff } from "../signoff.ts";
import { SentMails, sentMails } from "./vendors-dump.ts";

/** The last day of a standing approval; the story ends before. */
const STANDING = { max: 500, until: "2026-12-31" };

/**
 * The approver reads and signs whatever waits for a signature, standing where that is allowed. One that cannot be signed
 * holds up no other.
 * @throws the first failure, when all have been looked at.
 */
export async function signPlans(parts: HumanParts): Promise<void> {
  const failures: unknown[] = [];
  for (const { record } of (await pendingPlans(parts)).plans) {
    const standing = STANDING_TOOLS.some((tool) => tool === record.tool);
    const signing = { id: record.id, as: SANDBOX_APPROVER, ...(standing && { standing: STANDING }) };
    await approve(parts, signing).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

/** The approver records the consent of the customer's contact, once the mail with exactly this table has arrived. */
export async function recordSignoff(
  parts: HumanParts,
  { controlUrl, contact }: { readonly controlUrl: string; readonly contact: string },
): Promise<void> {
  for (const id of await parts.store.list()) {
    const state = await (await parts.store.open(id)).state();
    const table = state.exceptions?.table;
    if (table === undefined || state.signoff?.table === table || !(await hasArrived(table, controlUrl))) continue;
    const consent = {
      contact,
      how: "replied to the mail with the table: agreed",
      hash: table.slice(0, 16),
    };
    await signoff(parts, { rollout: id, as: SANDBOX_APPROVER, ...consent });
  }
}

async function hasArrived(table: string, controlUrl: string): Promise<boolean> {
  const response = await fetch(new URL("/vendors.json", controlUrl));
  return sentMails(SentMails.parse(await response.json())).some(({ text }) => text.includes(table));
}
