import { createHash } from "node:crypto";
import { sha256 } from "../domain/model/ids.ts";
import { StateError } from "../errors.ts";
import type { HumanParts } from "./human.ts";
import { visible } from "./read-plan.ts";
import { signed } from "./signed.ts";

/**
 * `mfa-rollout settle ROLLOUT KEY`: records what a person saw at the vendor of a change whose end could not be told.
 * `happened` ends it as done; else it is done anew when its tool is called again.
 * @throws {StateError} that change is not unknown, or no longer.
 */
export async function settle(
  parts: HumanParts,
  seen: {
    readonly rollout: string;
    readonly key: string;
    readonly happened: boolean;
    readonly how: string;
    readonly as: string;
  },
): Promise<number> {
  const rollout = await parts.store.open(seen.rollout);
  const { effects, id, customer } = await rollout.state();
  const check = effects.get(seen.key)?.check;
  if (effects.get(seen.key)?.status !== "unknown") throw notUnknown([...effects.values()]);
  parts.print(`${visible(seen.key)}: ${visible(check ?? "")}`);

  const answer = seen.happened ? "happened" : "did not happen";
  const digest = sha256(createHash("sha256").update(`${seen.key}\n${answer}`).digest("hex"));
  const decision = { kind: "settlement", rollout: id, digest, approver: seen.as, terms: null, note: seen.how } as const;
  const approval = await signed(parts, decision, { slug: customer });
  await rollout.exclusively(async () => {
    const now = (await rollout.state()).effects;
    if (now.get(seen.key)?.status !== "unknown") throw notUnknown([...now.values()]);
    await rollout.append({ type: "effect_settled", data: { key: seen.key, happened: seen.happened, approval } });
  });
  parts.print(`Recorded by ${seen.as}: it ${answer}.`);
  return 0;
}

function notUnknown(effects: readonly { readonly key: string; readonly status: string }[]): StateError {
  const unknown = effects.filter(({ status }) => status === "unknown").map(({ key }) => key);
  return new StateError("There is no change with this key whose end is unknown.", {
    nextStep: unknown.length > 0 ? `Use one of: ${unknown.join(", ")}.` : "Nothing has to be settled.",
  });
}
