import { openApproverKey } from "../approvals/keys.ts";
import { signApproval } from "../approvals/sign-approval.ts";
import type { Approval, ApproverTier } from "../domain/model/plan.ts";
import { InputError } from "../errors.ts";
import type { HumanParts } from "./human.ts";

/**
 * Signs with the approver's key and has the customer's own list of approvers judge the result, so that a signature
 * the server would not accept is never recorded.
 *
 * @param customer.tier - The least that the approver has to be.
 * @throws {InputError} wrong passphrase, or the approver is not on the customer's list or may not sign this.
 */
export async function signed(
  { keys, clock, askPassphrase, desk, openKey }: HumanParts,
  decision: Omit<Approval, "signature" | "at">,
  customer: { readonly slug: string; readonly tier?: ApproverTier | undefined },
): Promise<Approval> {
  const { approver } = decision;
  const ask = async () => openApproverKey(keys, approver, await askPassphrase(`Passphrase of ${approver}: `));
  const key = await (openKey?.(approver) ?? ask());
  const approval = signApproval({ ...decision, at: await clock.now() }, key);
  const objection = await (await desk(customer.slug)).objection(approval, customer.tier);
  if (objection === null) return approval;
  throw new InputError(objection, {
    nextStep: "Sign as an approver of the customer's file who may; somebody new needs a public key and a tier there.",
  });
}
