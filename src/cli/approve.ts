import { termsDigest } from "../approvals/sign-approval.ts";
import { STANDING_TOOLS, type StandingTerms } from "../domain/model/plan.ts";
import { type CalendarDate, calendarDate, dateIn } from "../domain/model/time.ts";
import { InputError } from "../errors.ts";
import type { PendingPlan } from "./approvals.ts";
import { findPlan, showPlan } from "./find-plan.ts";
import type { HumanParts } from "./human.ts";
import { recordDecision } from "./record-decision.ts";
import { signed } from "./signed.ts";

interface Limits {
  readonly max: number;
  /** YYYY-MM-DD */
  readonly until: string;
}

/** `mfa-rollout approve ID`: shows the whole plan, asks for the passphrase, signs. */
export async function approve(
  parts: HumanParts,
  signing: { readonly id: string; readonly as: string; readonly standing?: Limits },
): Promise<number> {
  const pending = await findPlan(parts, signing.id, "approve");
  const { state, record } = pending;
  await showPlan(parts, pending);
  const terms = signing.standing === undefined ? null : await termsFor(parts, pending, signing.standing);
  if (terms !== null) {
    const { tool, largestCount, until } = terms;
    parts.print(`Standing approval: ${tool} with these texts, at most ${largestCount} changes, until ${until}.`);
  }
  const kind = terms === null ? "plan" : "standing";
  const digest = terms === null ? record.digest : termsDigest(terms);
  const decision = { kind, rollout: state.id, digest, approver: signing.as, terms, note: "" } as const;
  const approval = await signed(parts, decision, { slug: state.customer, tier: record.signer });
  await recordDecision(parts, record, { type: "approval_signed", data: { approval } });
  parts.print(`Signed by ${signing.as}: ${record.id}`);
  return 0;
}

async function termsFor(
  { clock }: HumanParts,
  { state, record }: PendingPlan,
  { max, until }: Limits,
): Promise<StandingTerms> {
  const tool = STANDING_TOOLS.find((name) => name === record.tool);
  if (tool === undefined || record.standing === null) {
    throw new InputError("This tool is always signed one plan at a time.", { nextStep: "Approve without --standing." });
  }
  if (!Number.isSafeInteger(max) || max < Math.max(1, record.standing.count)) {
    throw new InputError(`--max must be a whole number, and this plan alone makes ${record.standing.count} changes.`, {
      nextStep: "Say how many changes the approval may cover at most.",
    });
  }
  const lastDay = dayFrom(until);
  if (lastDay < dateIn(state.timeZone, await clock.now())) {
    throw new InputError("--until is in the past.", { nextStep: "Name today or a later day." });
  }
  return { tool, textsHash: record.standing.textsHash, largestCount: max, until: lastDay };
}

function dayFrom(text: string): CalendarDate {
  try {
    return calendarDate(text);
  } catch (cause) {
    throw new InputError("--until is not a calendar date.", { nextStep: "Write it as YYYY-MM-DD.", cause });
  }
}
