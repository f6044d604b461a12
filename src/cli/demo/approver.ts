import { setTimeout as pause } from "node:timers/promises";
import { openApproverKey } from "../../approvals/keys.ts";
import { readSettings } from "../../config/environment.ts";
import { RolloutError } from "../../errors.ts";
import type { HumanParts } from "../human.ts";
import { humanParts } from "../human-parts.ts";
import { SANDBOX_APPROVER } from "../sandbox/sandbox-home.ts";
import { recordSignoff, signPlans } from "./people.ts";

/**
 * The people of the demo, as a process of their own: the approver, who holds the key and reads and signs each plan,
 * and the customer's contact, whose consent the approver records once the mail with the table has arrived. It shares
 * nothing with the server but the data directory.
 */
const LOOK_MS = 40;

const asked = humanParts(readSettings(process.env), () => {});
const key = await openApproverKey(asked.keys, SANDBOX_APPROVER, await asked.askPassphrase(""));
const parts: HumanParts = { ...asked, openKey: async () => key };
const [controlUrl = "", contact = ""] = process.argv.slice(2);

for (;;) {
  for (const work of [signPlans, recordSignoff]) {
    try {
      await work(parts, { controlUrl, contact });
    } catch (error) {
      // Another process may hold the rollout just now; the next look tries again.
      if (!(error instanceof RolloutError)) throw error;
    }
  }
  await pause(LOOK_MS);
}
