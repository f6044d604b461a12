import { entraObjectId, phaseId, sha256, userIdOfAccount } from "../src/domain/model/ids.ts";
import type { RolloutEvent } from "../src/domain/rollout/events.ts";

/** So many events of a rollout that does nothing but mail: intent, draft and outcome of one mail after another. */
export function mailing(size: number): readonly RolloutEvent[] {
  const plan = sha256("b".repeat(64));
  const events: RolloutEvent[] = [];
  for (let n = 0; events.length < size; n++) {
    const key = `rol_bench/announcement/phase_it/${n}`;
    const userId = userIdOfAccount(entraObjectId(`${n}`));
    const subject = { kind: "mail", mail: "announcement", phase: phaseId("IT"), userId, managerCopied: true } as const;
    events.push(
      { type: "effect_intended", data: { key, plan, subject } },
      { type: "effect_noted", data: { key, note: { draftId: `r${n}` } } },
      { type: "effect_done", data: { key, outcome: { messageId: `m${n}` }, found: false } },
    );
  }
  return events.slice(0, size);
}
