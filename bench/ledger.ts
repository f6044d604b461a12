import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../src/domain/model/ids.ts";
import type { LedgerEntry, RolloutEvent } from "../src/domain/rollout/events.ts";
import { foldEntries } from "../src/domain/rollout/fold.ts";
import { dataDirectory, entriesOf, ROLLOUT, started } from "../test/support/data-directory.ts";
import { mailing } from "./mailing.ts";
import { inMicroseconds, inTurns, type Row, sideBySide } from "./measure.ts";

const PLAN = sha256("b".repeat(64));

/** Appending one event, durably, beside an append and fsync of the same line; folding beside parsing the same lines. */
export async function ledgerRows(quick: boolean): Promise<readonly Row[]> {
  const size = quick ? 10_000 : 100_000;
  const lines = entriesOf(started(), ...mailing(size - 1)).map((entry) => JSON.stringify(entry));
  const entries = lines.map((line) => JSON.parse(line) as LedgerEntry); // written two lines above
  const folded = await sideBySide(quick ? 3 : 7, {
    ours: () => foldEntries(entries),
    floor: () => lines.map((line): unknown => JSON.parse(line)),
  });
  return [
    ...(await appendRows(quick)),
    await loadRow(quick),
    {
      what: `fold of ${size.toLocaleString("en")} events`,
      ...folded,
      floorName: "JSON.parse of their lines",
      unit: "ms",
    },
  ];
}

/** One more event in a ledger of 100, 1,000, 10,000 and 100,000: all have to cost the same. */
async function appendRows(quick: boolean): Promise<readonly Row[]> {
  await using places = new AsyncDisposableStack();
  const place = async (size: number) => places.use(await aLedgerOf(size));
  const short = await place(100);
  const [medium, long, longest] = [await place(1_000), await place(10_000), await place(100_000)];
  const event: RolloutEvent = { type: "plan_completed", data: { digest: PLAN } };
  const line = `${JSON.stringify({ ...event, seq: 1, at: "2026-10-05T07:00:00.000Z", actor: "server", prev: PLAN, hash: PLAN })}\n`;
  await using file = await open(join(short.dir, "floor.jsonl"), "a");
  const took = await inTurns(quick ? 20 : 200, {
    floor: async () => {
      await file.appendFile(line);
      await file.sync();
    },
    short: () => short.rollout.append(event),
    medium: () => medium.rollout.append(event),
    long: () => long.rollout.append(event),
    longest: () => longest.rollout.append(event),
  });
  const row = (size: string, ours: number): Row => ({
    what: `fsynced append to ${size} events`,
    ...inMicroseconds({ ours, floor: took.floor }),
    floorName: "append and fsync",
  });
  const growth = inMicroseconds({ ours: took.longest, floor: took.short });
  return [
    row("100", took.short),
    row("1,000", took.medium),
    row("10,000", took.long),
    row("100,000", took.longest),
    { what: "  the longest beside the shortest", ...growth, floorName: "may be 1.5×" },
  ];
}

/** Opening a rollout of 100,000 events, every hash and link of the chain checked. */
async function loadRow(quick: boolean): Promise<Row> {
  await using place = await aLedgerOf(100_000);
  const loaded = await sideBySide(quick ? 2 : 5, {
    ours: () => place.store().open(ROLLOUT),
    floor: async () =>
      (await readFile(place.ledgerPath, "utf8"))
        .trimEnd()
        .split("\n")
        .map((line): unknown => JSON.parse(line)),
  });
  return { what: "load of 100,000 events", ...loaded, floorName: "read and JSON.parse", unit: "ms" };
}

async function aLedgerOf(size: number) {
  const place = await dataDirectory();
  const rollout = await place.store().create(ROLLOUT, started());
  await rollout.append(...mailing(size - 1));
  return { ...place, rollout };
}
