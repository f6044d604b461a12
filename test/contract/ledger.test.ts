import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, chmod, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LedgerEntry, RolloutEvent } from "../../src/domain/rollout/events.ts";
import { foldEntries } from "../../src/domain/rollout/fold.ts";
import { LedgerError, NotFoundError, StateError } from "../../src/errors.ts";
import { GENESIS, readEntryLine } from "../../src/ledger/entry-line.ts";
import { verifyLedger } from "../../src/ledger/verify-ledger.ts";
import { dataDirectory, minute, ROLLOUT, started } from "../support/data-directory.ts";

const step = (summary: string): RolloutEvent => ({
  type: "step_done",
  data: { tool: "reconcile_users", argsKey: "{}", summary },
});

const lineCount = async (path: string): Promise<number> => (await readFile(path, "utf8")).split("\n").length - 1;

const process2 = (dir: string, ...args: readonly string[]) =>
  spawn(process.execPath, [join(import.meta.dirname, "../support/ledger-process.ts"), dir, ROLLOUT, ...args]);

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

  it("loses nothing when processes append at the same time", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    const others = [process2(place.dir, "append", "15"), process2(place.dir, "append", "15")];
    const ends = others.map((other) => once(other, "exit"));
    for (let n = 0; n < 15; n++) await rollout.append(step(`${n}`));
    expect((await Promise.all(ends)).map(([code]) => code)).toEqual([0, 0]);
    expect(await verifyLedger(place.ledgerPath)).toEqual({ ok: true, entries: 46 });
    expect((await rollout.state()).seq).toBe(46);
  });

  it("keeps appends apart that overlap in one call", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    await rollout.exclusively(() => Promise.all(Array.from({ length: 20 }, (_, n) => rollout.append(step(`${n}`)))));
    expect(await verifyLedger(place.ledgerPath)).toEqual({ ok: true, entries: 21 });
  });

  it("finds any single byte that was changed, and names its line", async () => {
    await using place = await dataDirectory();
    await (await place.store().create(ROLLOUT, started())).append(step("naïve \uFFFD"), step("two"));
    const good = await readFile(place.ledgerPath);
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (index, change) => {
        const bad = Buffer.from(good);
        bad[index] = (bad[index] ?? 0) ^ change;
        await writeFile(place.ledgerPath, bad);
        const line = good.subarray(0, index).toString("latin1").split("\n").length;
        expect(await verifyLedger(place.ledgerPath)).toMatchObject({
          ok: false,
          firstBadLine: line,
          entries: line - 1,
        });
      }),
      { numRuns: 400, verbose: 1 },
    );
  });

  it("finds lines that were taken out, swapped or added", async () => {
    await using place = await dataDirectory();
    await (await place.store().create(ROLLOUT, started())).append(step("two"), step("three"));
    const [one = "", two = "", three = ""] = (await readFile(place.ledgerPath, "utf8")).split("\n");
    for (const [lines, firstBadLine] of [
      [[one, three], 2],
      [[one, three, two], 2],
      [[one, two, two, three], 3],
      [[two, three], 1],
      [[], 1],
    ] as const) {
      await writeFile(place.ledgerPath, lines.map((line) => `${line}\n`).join(""));
      expect(await verifyLedger(place.ledgerPath)).toMatchObject({ ok: false, firstBadLine });
    }
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

describe("a damaged ledger", () => {
  it.each([
    ["half a line", (line: string) => line.slice(0, 40)],
    ["a line of zeros", () => "\0".repeat(200)],
  ])("with %s at its end is cut there, and that is reported", async (_, tail) => {
    await using place = await dataDirectory();
    const before = await place.store().create(ROLLOUT, started());
    await before.append(step("two"));
    const text = await readFile(place.ledgerPath, "utf8");
    const line = text.split("\n")[1] ?? "";
    await writeFile(place.ledgerPath, `${text.split("\n")[0]}\n${tail(line)}`);

    const rollout = await place.store().open(ROLLOUT);
    expect((await rollout.state()).seq).toBe(1);
    expect((await rollout.append(step("again"))).seq).toBe(2);
    expect(place.logged).toEqual([
      {
        event: "ledger_torn_line_cut",
        facts: { rollout: ROLLOUT, afterLine: 1, bytes: Buffer.byteLength(tail(line)) },
      },
    ]);
    expect(await verifyLedger(place.ledgerPath)).toEqual({ ok: true, entries: 2 });
  });

  it("with a whole line at its end that says something else stops everything: it may have been an intent", async () => {
    await using place = await dataDirectory();
    const before = await place.store().create(ROLLOUT, started());
    await before.append(step("two"));
    const text = await readFile(place.ledgerPath, "utf8");
    await writeFile(place.ledgerPath, text.replace("two", "six"));

    await expect(place.store().open(ROLLOUT)).rejects.toThrow("damaged at line 2");
    expect(await readFile(place.ledgerPath, "utf8")).toBe(text.replace("two", "six"));
  });

  it("is not touched by a reader while another process may still be writing", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    await appendFile(place.ledgerPath, '{"actor":');
    expect((await rollout.state()).seq).toBe(1);
    expect(await readFile(place.ledgerPath, "utf8")).toMatch(/\{"actor":$/);
  });

  it("anywhere but at its end stops everything and names the line", async () => {
    await using place = await dataDirectory();
    await (await place.store().create(ROLLOUT, started())).append(step("two"), step("three"));
    await writeFile(place.ledgerPath, (await readFile(place.ledgerPath, "utf8")).replace("two", "six"));
    const opening = place.store().open(ROLLOUT);
    await expect(opening).rejects.toThrow(LedgerError);
    await expect(opening).rejects.toThrow(/line 2/);
    expect(await lineCount(place.ledgerPath)).toBe(3);
  });

  it("that became shorter stops everything", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    await rollout.append(step("two"));
    await writeFile(place.ledgerPath, (await readFile(place.ledgerPath, "utf8")).split("\n")[0] ?? "");
    await expect(rollout.append(step("three"))).rejects.toThrow(LedgerError);
  });

  it.skipIf(process.getuid?.() === 0)("that cannot be written says so, and nothing was appended", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    await chmod(place.ledgerPath, 0o400);
    await expect(rollout.append(step("two"))).rejects.toThrow(LedgerError);
    expect(await lineCount(place.ledgerPath)).toBe(1);
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

  it.each([
    ["missing", (path: string) => rm(path)],
    ["of another version", (path: string) => writeFile(path, '{"version":0}')],
    ["no JSON", (path: string) => writeFile(path, "")],
  ])("is made anew when it is %s", async (_, spoil) => {
    await using place = await dataDirectory();
    await place.store().create(ROLLOUT, started());
    await spoil(pathIn(place.dir));
    await place.store().open(ROLLOUT);
    expect(await read(place.dir)).toMatchObject({ version: 2, seq: 1 });
  });

  it("fails no call when it cannot be written", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    await rm(pathIn(place.dir));
    await mkdir(pathIn(place.dir));
    expect((await rollout.append(step("two"))).seq).toBe(2);
    expect(place.logged).toEqual([{ event: "projection_not_written", facts: { rollout: ROLLOUT } }]);
  });
});
