import { openApproverKey } from "../approvals/keys.ts";
import { signApproval, termsDigest } from "../approvals/signature.ts";
import { type Approval, STANDING_TOOLS, type StandingTerms, type StandingTool } from "../domain/model/plan.ts";
import { type CalendarDate, calendarDate } from "../domain/model/time.ts";
import { InputError, NotFoundError } from "../errors.ts";
import { type PendingPlan, pendingPlans } from "./approvals.ts";
import type { HumanParts } from "./human.ts";
import { readPlan } from "./read-plan.ts";

interface Signing {
  /** Plan id, or enough of its beginning to be the only one. */
  readonly id: string;
  readonly as: string;
}

/** `mfa-rollout approve ID`: shows the whole plan, asks for the passphrase, signs. */
export async function approve(
  parts: HumanParts,
  signing: Signing & { readonly standing?: { readonly max: number; readonly until: string } },
): Promise<number> {
  const pending = await findPlan(parts, signing.id);
  await show(parts, pending);
  const terms = signing.standing === undefined ? null : termsFor(pending, signing.standing);
  if (terms !== null) {
    parts.print(`Standing approval: ${terms.tool} with these texts, at most ${terms.largestCount} changes, until ${terms.until}.`);
  }
  const digest = terms === null ? pending.record.digest : termsDigest(pending.state.id, terms);
  const approval = await signed(parts, signing.as, { kind: terms === null ? "plan" : "standing", rollout: pending.state.id, digest, terms, note: "" }, pending.state.customer);
  await (await parts.store.open(pending.state.id)).append({ type: "approval_signed", data: { approval } });
  parts.print(`Signed by ${signing.as}: ${pending.record.title}`);
  return 0;
}

/** `mfa-rollout deny ID --why …`: refuses a plan, signed as well. */
export async function deny(parts: HumanParts, { id, as, why }: Signing & { readonly why: string }): Promise<number> {
  const { state, record } = await findPlan(parts, id);
  const approval = await signed(parts, as, { kind: "denial", rollout: state.id, digest: record.digest, terms: null, note: why }, state.customer);
  await (await parts.store.open(state.id)).append({ type: "approval_denied", data: { approval } });
  parts.print(`Refused by ${as}: ${record.title}`);
  return 0;
}

async function findPlan(parts: HumanParts, id: string): Promise<PendingPlan> {
  const found = (await pendingPlans(parts)).filter(({ record }) => record.id.startsWith(id) && id.length > "plan_".length);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  throw new NotFoundError(found.length === 0 ? "No plan with this id waits for a signature." : "More than one plan begins with this id.", {
    nextStep: "See the ids with: mfa-rollout approvals.",
  });
}

async function show(parts: HumanParts, { state, record }: PendingPlan): Promise<void> {
  const plan = await readPlan(parts, record, state);
  parts.print(`${plan.title}`);
  parts.print(`Customer ${state.customerName}, rollout ${state.id}, tool ${plan.tool}, digest ${record.digest}`);
  for (const line of plan.lines) parts.print(`  ${line}`);
}

function termsFor({ record }: PendingPlan, { max, until }: { readonly max: number; readonly until: string }): StandingTerms {
  const tool = STANDING_TOOLS.find((name) => name === record.tool);
  if (tool === undefined || record.standing === null) {
    throw new InputError("This tool is always signed one plan at a time.", { nextStep: "Approve without --standing." });
  }
  if (!Number.isSafeInteger(max) || max < 1) {
    throw new InputError("--max must be a whole number from 1 on.", { nextStep: "Say how many changes at most." });
  }
  return { tool: tool satisfies StandingTool, textsHash: record.standing.textsHash, largestCount: max, until: dayFrom(until) };
}

function dayFrom(text: string): CalendarDate {
  try {
    return calendarDate(text);
  } catch (cause) {
    throw new InputError("--until is not a calendar date.", { nextStep: "Write it as YYYY-MM-DD.", cause });
  }
}

/**
 * Signs with the approver's key and has the customer's own list of approvers judge the result, so that a signature
 * the server would not accept is never recorded.
 */
export async function signed(
  { keys, clock, askPassphrase, desk }: HumanParts,
  approver: string,
  decision: Pick<Approval, "kind" | "rollout" | "digest" | "terms" | "note">,
  customer: string,
): Promise<Approval> {
  const key = await openApproverKey(keys, approver, await askPassphrase(`Passphrase of ${approver}: `));
  const approval = signApproval({ ...decision, approver, at: await clock.now() }, key);
  const objection = await (await desk(customer)).objection(approval, decision.rollout);
  if (objection === null) return approval;
  throw new InputError(objection, { nextStep: "Put this approver's public key into the customer's file, or sign as one who is there." });
}
