import { open } from "node:fs/promises";
import { join } from "node:path";
import { entraObjectId, phaseId, sha256, userIdOfAccount } from "../src/domain/model/ids.ts";
import type { LedgerEntry, RolloutEvent } from "../src/domain/rollout/events.ts";
import { foldEntries } from "../src/domain/rollout/fold.ts";
import { entriesOf, started } from "../test/support/data-directory.ts";
import { aRolloutUnderWay } from "./a-rollout.ts";
import { inMicroseconds, type Row, sideBySide } from "./measure.ts";

const PLAN = sha256("b".repeat(64));

/** Appending one event, durably, beside an append and fsync of the same line; folding beside parsing the same lines. */
export async function ledgerRows(quick: boolean): Promise<readonly Row[]> {
  const size = quick ? 10_000 : 100_000;
  const lines = entriesOf(...mailing(size)).map((entry) => JSON.stringify(entry));
  const entries = lines.map((line) => JSON.parse(line) as LedgerEntry); // written two lines above
  const folded = await sideBySide(quick ? 3 : 7, {
    ours: () => foldEntries(entries),
    floor: () => lines.map((line): unknown => JSON.parse(line)),
  });
  return [
    await appendRow(quick),
    {
      what: `fold of ${size.toLocaleString("en")} events`,
      ...folded,
      floorName: "JSON.parse of their lines",
      unit: "ms",
    },
  ];
}

async function appendRow(quick: boolean): Promise<Row> {
  await using place = await aRolloutUnderWay();
  await using file = await open(join(place.dir, "floor.jsonl"), "a");
  const event: RolloutEvent = { type: "plan_completed", data: { digest: PLAN } };
  const line = `${JSON.stringify({ ...event, seq: 1, at: "2026-10-05T07:00:00.000Z", actor: "server", prev: PLAN, hash: PLAN })}\n`;
  const appended = await sideBySide(quick ? 20 : 200, {
    ours: () => place.rollout.append(event),
    floor: async () => {
      await file.appendFile(line);
      await file.sync();
    },
  });
  return { what: "ledger append, fsynced", ...inMicroseconds(appended), floorName: "append and fsync" };
}

/** A rollout that does nothing but mail: intent, draft and outcome of one mail after another. */
function mailing(size: number): readonly RolloutEvent[] {
  const events: RolloutEvent[] = [started()];
  for (let n = 0; events.length < size; n++) {
    const key = `rol_bench/announcement/phase_it/${n}`;
    const userId = userIdOfAccount(entraObjectId(`${n}`));
    const subject = { kind: "mail", mail: "announcement", phase: phaseId("IT"), userId, managerCopied: true } as const;
    events.push(
      { type: "effect_intended", data: { key, plan: PLAN, subject } },
      { type: "effect_noted", data: { key, note: { draftId: `r${n}` } } },
      { type: "effect_done", data: { key, outcome: { messageId: `m${n}` }, found: false } },
    );
  }
  return events.slice(0, size);
}
