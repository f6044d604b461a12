import type { KeyObject } from "node:crypto";
import { allPlans, pendingPlans } from "../../src/cli/approvals.ts";
import { approve } from "../../src/cli/approve.ts";
import { deny } from "../../src/cli/deny.ts";
import type { HumanParts } from "../../src/cli/human.ts";
import { signoff } from "../../src/cli/signoff.ts";
import type { Workshop } from "../../src/server/workspace.ts";

/** Limits of a standing approval: changes at most, and the last day. */
interface Standing {
  readonly max: number;
  readonly until: string;
}

/** The people of a rollout and their commands: the approver, and the customer's contact whose consent is recorded. */
export function officeOf(
  { store, documents, clock, customer }: Workshop,
  { keys, key, approver }: { readonly keys: string; readonly key: KeyObject; readonly approver: string },
) {
  const parts: HumanParts = {
    store,
    documents,
    clock,
    keys,
    print: () => {},
    askPassphrase: () => Promise.reject(new TypeError("the key is open already")),
    openKey: async () => key,
    desk: async (slug) => (await customer(slug)).desk,
  };
  const pending = async () => (await pendingPlans(parts)).plans.map(({ record }) => record);
  return {
    parts,
    /** The approver's private key, as only the approver's process has it. */
    key,
    approver,
    pending,
    /** Signs what waits, each plan by itself, or with a standing approval where limits are given. */
    async approvePending(standing?: Standing): Promise<number> {
      const plans = await pending();
      for (const { id } of plans) await approve(parts, { id, as: approver, ...(standing && { standing }) });
      return plans.length;
    },
    async denyPending(why: string): Promise<void> {
      for (const { id } of await pending()) await deny(parts, { id, as: approver, why });
    },
    /** Signs a tool's denied plan after all. */
    async approveAgain(tool: string): Promise<void> {
      for (const { record } of (await allPlans(parts)).plans) {
        if (record.tool === tool && record.status === "denied") await approve(parts, { id: record.id, as: approver });
      }
    },
    /** Records that the contact consented to exactly the exceptions table that stands now. */
    async signOff(rollout: string): Promise<void> {
      const state = await (await store.open(rollout)).state();
      const consent = { contact: "Morgan Ellery", how: "signed PDF by mail", hash: state.exceptions?.table ?? "" };
      await signoff(parts, { rollout, as: approver, ...consent });
    },
  };
}
