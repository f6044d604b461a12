import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { openApproverKey } from "../../approvals/keys.ts";
import { readSettings } from "../../config/environment.ts";
import { STANDING_TOOLS } from "../../domain/model/plan.ts";
import { RolloutError } from "../../errors.ts";
import { pendingPlans } from "../approvals.ts";
import { approve } from "../approve.ts";
import type { HumanParts } from "../human.ts";
import { humanParts } from "../human-parts.ts";
import { SANDBOX_APPROVER } from "../sandbox/sandbox-home.ts";
import { signoff } from "../signoff.ts";

/**
 * The people of the demo, as a process of their own: the approver, who holds the key and reads and signs each plan,
 * and the customer's contact, whose consent the approver records once the mail with the table has arrived. It shares
 * nothing with the server but the data directory.
 */
const LOOK_MS = 40;

/** What the contact sees: the mails that reached the company. */
const Mailbox = z.object({
  gmail: z.object({ sent: z.array(z.object({ headers: z.record(z.string(), z.string()), text: z.string() })) }),
});

const asked = humanParts(readSettings(process.env), () => {});
const key = await openApproverKey(asked.keys, SANDBOX_APPROVER, await asked.askPassphrase(""));
const parts: HumanParts = { ...asked, openKey: async () => key };
const controlUrl = process.argv[2] ?? "";

for (;;) {
  for (const work of [signPlans, recordSignoff]) {
    try {
      await work();
    } catch (error) {
      // Another process may hold the rollout just now; the next look tries again.
      if (!(error instanceof RolloutError)) throw error;
    }
  }
  await pause(LOOK_MS);
}

async function signPlans(): Promise<void> {
  for (const { record } of (await pendingPlans(parts)).plans) {
    const standing = STANDING_TOOLS.some((tool) => tool === record.tool);
    const terms = { max: 500, until: "2026-12-31" };
    await approve(parts, { id: record.id, as: SANDBOX_APPROVER, ...(standing && { standing: terms }) });
  }
}

async function recordSignoff(): Promise<void> {
  for (const id of await parts.store.list()) {
    const state = await (await parts.store.open(id)).state();
    const table = state.exceptions?.table;
    if (table === undefined || state.signoff?.table === table) continue;
    const received = await mailWithTable(table);
    if (!received) continue;
    const consent = {
      contact: "Morgan Ellery",
      how: "replied to the mail with the table: agreed",
      hash: table.slice(0, 16),
    };
    await signoff(parts, { rollout: id, as: SANDBOX_APPROVER, ...consent });
  }
}

/** Whether a mail with exactly this table's hash has arrived. */
async function mailWithTable(table: string): Promise<boolean> {
  const response = await fetch(new URL("/vendors.json", controlUrl));
  const { gmail } = Mailbox.parse(await response.json());
  return gmail.sent.some(({ text }) => text.includes(table));
}
