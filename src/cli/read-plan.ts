import canonicalize from "canonicalize";
import { z } from "zod";
import type { Json, Plan, PlanRecord } from "../domain/model/plan.ts";
import type { RolloutState } from "../domain/rollout/state.ts";
import { LedgerError } from "../errors.ts";
import type { HumanParts } from "./human.ts";

const JsonValue: z.ZodType<Json> = z.json();

const StoredPlan = z.strictObject({
  rollout: z.string(),
  customer: z.string(),
  tool: z.string(),
  args: z.record(z.string(), JsonValue),
  round: z.int(),
  title: z.string(),
  lines: z.array(z.string()),
  content: JsonValue,
  standing: z.strictObject({ textsHash: z.hex().length(64), count: z.int().min(0) }).nullable(),
  signer: z.literal("senior").optional(),
});

/**
 * The plan as stored, for showing: its bytes are what the digest stands for, it is this rollout's, and nothing in it
 * hides from the terminal.
 * @throws {LedgerError} it is not the plan that was proposed: it must not be signed.
 */
export async function readPlan(
  { documents }: Pick<HumanParts, "documents">,
  record: PlanRecord,
  state: RolloutState,
): Promise<Plan> {
  const text = await documents.text(record.digest);
  const plan = parsed(text);
  const fits = plan?.rollout === state.id && plan.customer === state.customer && plan.tool === record.tool;
  if (plan === null || !fits || canonicalize(plan) !== text || !sameTerms(plan, record)) {
    throw new LedgerError("The stored plan is not the one that was proposed.", {
      nextStep: "Do not sign. Run mfa-rollout verify on the rollout and tell whoever runs the server.",
      details: { plan: record.id },
    });
  }
  return { ...plan, title: visible(plan.title), lines: plan.lines.map(visible) };
}

/** Who may sign, and what a standing approval is made from, is read off the record, so it must say what the plan says. */
const sameTerms = (plan: Plan, record: PlanRecord): boolean =>
  plan.signer === record.signer &&
  plan.standing?.textsHash === record.standing?.textsHash &&
  plan.standing?.count === record.standing?.count;

function parsed(text: string): Plan | null {
  try {
    return StoredPlan.parse(JSON.parse(text)) as Plan; // only the brand of textsHash is added to what was checked
  } catch {
    return null; // No plan; the caller says so.
  }
}

/** Control and direction characters could make a line read as another; shown as what they are. */
export const visible = (line: string): string =>
  line.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (mark) => `\\u{${mark.codePointAt(0)?.toString(16)}}`);
