import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LedgerEntry } from "../../src/domain/rollout/events.ts";
import { foldEntries } from "../../src/domain/rollout/fold.ts";
import { NotFoundError, StateError } from "../../src/errors.ts";
import { GENESIS, readEntryLine } from "../../src/ledger/entry-line.ts";
import { verifyLedger } from "../../src/ledger/verify-ledger.ts";
import { dataDirectory, minute, ROLLOUT, started, step } from "../support/data-directory.ts";

describe("the ledger file", () => {
  it("holds one canonical, chained line an event, for its owner's eyes only", async () => {
    await using place = await dataDirectory();
    await (await place.store().create(ROLLOUT, started())).append(step("one"));
    const [first = "", second = "", end] = (await readFile(place.ledgerPath, "utf8")).split("\n");
    expect(end).toBe("");
    expect(second).toBe(
      `{"actor":"server","at":"2026-10-05T07:00:00.000Z","data":{"argsKey":"{}","summary":"one","tool":"reconcile_users"},` +
        `"prev":"${JSON.parse(first).hash}","seq":2,"type":"step_done","hash":"${JSON.parse(second).hash}"}`,
    );
    expect(JSON.parse(first).prev).toBe(GENESIS);
    expect((await stat(place.ledgerPath)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(place.ledgerPath))).mode & 0o777).toBe(0o700);
  });

  it("is one unbroken chain with one state, whichever two stores append in turn", async () => {
    const event = fc.record({
      byFirst: fc.boolean(),
      together: fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 12 }), async (turns) => {
        await using place = await dataDirectory();
        const first = await place.store().create(ROLLOUT, started());
        const second = await place.store("person:Robin").open(ROLLOUT);
        for (const { byFirst, together } of turns) await (byFirst ? first : second).append(...together.map(step));
        const entries: LedgerEntry[] = [];
        expect(await verifyLedger(place.ledgerPath, (entry) => void entries.push(entry))).toEqual({
          ok: true,
          entries: 1 + turns.flatMap((turn) => turn.together).length,
        });
        expect(await first.state()).toEqual(foldEntries(entries));
        expect(await second.state()).toEqual(await first.state());
      }),
      { numRuns: 25, verbose: 1 },
    );
  });

  it("keeps appends apart that overlap in one call", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    await rollout.exclusively(() => Promise.all(Array.from({ length: 20 }, (_, n) => rollout.append(step(`${n}`)))));
    expect(await verifyLedger(place.ledgerPath)).toEqual({ ok: true, entries: 21 });
  });

  it("finds a good line of another ledger in its place", async () => {
    await using place = await dataDirectory();
    await using other = await dataDirectory();
    await (await place.store().create(ROLLOUT, started())).append(step("two"));
    await (await other.store("person:Robin").create(ROLLOUT, started())).append(step("two"));
    const [one = ""] = (await readFile(place.ledgerPath, "utf8")).split("\n");
    const [, foreign = ""] = (await readFile(other.ledgerPath, "utf8")).split("\n");
    await writeFile(place.ledgerPath, `${one}\n${foreign}\n`);
    expect(await verifyLedger(place.ledgerPath)).toMatchObject({ ok: false, firstBadLine: 2 });
  });

  it("refuses an event type it does not know, which a newer version may have written", async () => {
    await using place = await dataDirectory();
    await (await place.store().create(ROLLOUT, started())).append(step("two"));
    const [, line = ""] = (await readFile(place.ledgerPath, "utf8")).split("\n");
    const prev = { seq: 1, hash: JSON.parse(line).prev };
    expect(readEntryLine(Buffer.from(line), prev)).toHaveProperty("entry");
    expect(readEntryLine(Buffer.from(line.replace("step_done", "step_lost")), prev)).toHaveProperty("flaw");
  });
});

describe("the store", () => {
  it("knows its rollouts and refuses an id that is taken", async () => {
    await using place = await dataDirectory();
    expect(await place.store().list()).toEqual([]);
    await place.store().create(ROLLOUT, started());
    await mkdir(join(place.dir, "rollouts", "rol_begun")); // a crash before the first entry
    expect(await place.store().list()).toEqual([ROLLOUT]);
    await expect(place.store().create(ROLLOUT, started())).rejects.toThrow(StateError);
    expect((await (await place.store().create("rol_begun", started("rol_begun"))).state()).seq).toBe(1);
  });

  it.each(["rol_none", "../rollouts/x", "", "a/b"])("names the rollouts there are when asked for %j", async (id) => {
    await using place = await dataDirectory();
    await place.store().create(ROLLOUT, started());
    const error = await place
      .store()
      .open(id)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ details: { known: [ROLLOUT] } });
  });

  it("records who and when", async () => {
    await using place = await dataDirectory();
    await place.store().create(ROLLOUT, started());
    place.time.now = minute(5);
    await (await place.store("person:Robin").open(ROLLOUT)).append(step("two"));
    expect(JSON.parse((await readFile(place.ledgerPath, "utf8")).split("\n")[1] ?? "")).toMatchObject({
      actor: "person:Robin",
      at: minute(5),
    });
  });
});

describe("rollout.json", () => {
  const pathIn = (dir: string): string => join(dir, "rollouts", ROLLOUT, "rollout.json");
  const read = async (dir: string): Promise<unknown> => JSON.parse(await readFile(pathIn(dir), "utf8"));

  it("sums up the last entry for its owner", async () => {
    await using place = await dataDirectory();
    await (await place.store().create(ROLLOUT, started())).append(step("two"));
    expect(await read(place.dir)).toMatchObject({ version: 2, id: ROLLOUT, seq: 2, deadline: "2026-10-30" });
    expect((await stat(pathIn(place.dir))).mode & 0o777).toBe(0o600);
    expect(await readdir(dirname(place.ledgerPath))).toEqual(["ledger.jsonl", "rollout.json", "rollout.lock"]);
  });
});
