import { z } from "zod";
import type { Plan } from "../domain/model/plan.ts";
import { changedSince, type MadeFrom } from "../domain/policy/made-from.ts";
import { argsKey } from "../domain/rollout/args-key.ts";
import type { DocumentStore } from "../ports/rollout-store.ts";
import type { OpenRollout, StepArgs } from "./tool-context.ts";
import { untrusted } from "./untrusted-text.ts";

/** The part of a plan that says what tenant it was made from; `null` where the plan needs no look at it, or is older. */
export const SignedFor = z
  .object({
    securityDefaults: z.boolean(),
    policies: z
      .array(
        z.object({
          id: z.string(),
          name: z.string(),
          state: z.string(),
          modifiedAt: z.string().nullable(),
          mark: z.string(),
        }),
      )
      .readonly(),
  })
  .nullable()
  .default(null);

const Content = z.object({ madeFrom: SignedFor });

/**
 * Says what others changed in the tenant since the last plan of this work, which for that reason is not carried out. The
 * plan is compared with the newest that was made from anything else, so that the same tenant always gives the same plan,
 * and so that a lagging read, which shows the tenant as it was, does not bring a signed plan of then back.
 */
export async function signedForLines(
  { state }: OpenRollout<never>,
  now: MadeFrom | null,
  { args, documents }: { readonly args: StepArgs; readonly documents: DocumentStore },
): Promise<readonly string[]> {
  if (now === null) return [];
  const key = argsKey(args);
  const plans = [...state.plans.values()].filter(
    ({ tool, argsKey: of, status }) => tool === "apply_ca_policy" && of === key && status !== "completed",
  );
  for (const { digest } of plans.reverse()) {
    const plan = JSON.parse(await documents.text(digest)) as Plan; // we wrote it, and its hash was checked on reading
    const then = Content.parse(plan.content).madeFrom;
    const lines = then === null ? [] : changedSince(then, now, untrusted);
    if (lines.length > 0)
      return ["The tenant was changed since this was last planned, so an earlier plan is not carried out:", ...lines];
  }
  return [];
}
