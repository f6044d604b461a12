import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CLOSING_PHASE, phaseId, sha256 } from "../../src/domain/model/ids.ts";
import { calendarDate, type Instant, instant } from "../../src/domain/model/time.ts";
import type { LedgerEntry, RolloutEvent } from "../../src/domain/rollout/events.ts";
import { FileDocumentStore } from "../../src/ledger/file-document-store.ts";
import { FileRolloutStore } from "../../src/ledger/file-rollout-store.ts";

export const ROLLOUT = "rol_larkfield_202610_abcd";
export const START: Instant = instant("2026-10-05T07:00:00Z");

export const started = (rollout = ROLLOUT): RolloutEvent => ({
  type: "rollout_started",
  data: {
    rollout,
    customer: "larkfield",
    customerName: "Larkfield Foods",
    timeZone: "Europe/Amsterdam",
    procedure: { id: "insurer-mfa", version: "1.0.0", hash: sha256("a".repeat(64)) },
    deadline: calendarDate("2026-10-30"),
    phases: [
      { id: phaseId("IT"), department: "IT", order: 0 },
      { id: CLOSING_PHASE, department: null, order: 1 },
    ],
  },
});

/** An event that says something and changes little. */
export const step = (summary: string): RolloutEvent => ({
  type: "step_done",
  data: { tool: "reconcile_users", argsKey: "{}", summary },
});

/** The events as entries a minute apart from `START` on, with stand-ins for hashes: for the fold, which reads none. */
export const entriesOf = (...events: readonly RolloutEvent[]): readonly LedgerEntry[] =>
  events.map((event, index) => ({
    ...event,
    seq: index + 1,
    at: minute(index),
    actor: "server",
    prev: sha256(String(index).padStart(64, "0")),
    hash: sha256(String(index + 1).padStart(64, "0")),
  }));

export const minute = (n: number): Instant => instant(Date.parse(START) + n * 60_000);

export interface LogLine {
  readonly event: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A data directory that goes away with the test, a clock that a test moves, and what was logged. */
export async function dataDirectory() {
  const dir = await mkdtemp(join(tmpdir(), "mfa-rollout-"));
  const logged: LogLine[] = [];
  const log = (event: string, facts: Readonly<Record<string, unknown>> = {}): void =>
    void logged.push({ event, facts });
  const time = { now: START };
  const clock = { now: async () => time.now };
  return {
    dir,
    logged,
    time,
    clock,
    ledgerPath: join(dir, "rollouts", ROLLOUT, "ledger.jsonl"),
    documents: new FileDocumentStore({ dir }),
    /** A store as another process has it: nothing is shared but the directory. */
    store: (actor = "server", lockWaitMs = 10_000) =>
      new FileRolloutStore({ dir, clock, actor, logger: { info: log, warn: log, error: log }, lockWaitMs }),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}
