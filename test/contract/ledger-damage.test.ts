import { hash } from "node:crypto";
import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { verify } from "../../src/cli/verify.ts";
import { LedgerError, NotFoundError } from "../../src/errors.ts";
import { readEntryLine } from "../../src/ledger/entry-line.ts";
import { verifyLedger } from "../../src/ledger/verify-ledger.ts";
import { dataDirectory, ROLLOUT, started, step } from "../support/data-directory.ts";
import { randomly, SEEDED, timeFor } from "../support/random-runs.ts";

/** A ledger of four lines as it lies on the disk, and ways to spoil it. */
async function fourLines() {
  const place = await dataDirectory();
  await (await place.store().create(ROLLOUT, started())).append(step("naïve \uFFFD"), step("three"), step("four"));
  const good = await readFile(place.ledgerPath);
  const summaryPath = join(dirname(place.ledgerPath), "rollout.json");
  const summary = await readFile(summaryPath);
  const printed: string[] = [];
  return {
    ...place,
    good,
    lines: good.toString("utf8").split("\n").slice(0, -1),
    printed,
    verifyByHand: () => verify(place.ledgerPath, (line) => void printed.push(line)),
    /** Puts the ledger there as a process left it that died while it wrote, with the summary as it was before. */
    async leave(ledger: Buffer | string): Promise<void> {
      await writeFile(summaryPath, summary);
      await writeFile(place.ledgerPath, ledger);
    },
    /** Opens the rollout as a new process does. */
    opened: () => place.store().open(ROLLOUT),
  };
}

type Ledger = Awaited<ReturnType<typeof fourLines>>;

/** Nothing goes on, both ways of looking name the line, and the evidence is left as it is. */
async function expectRefused(place: Ledger, bad: Buffer | string, line: number): Promise<void> {
  await writeFile(place.ledgerPath, bad);
  const opening = place.opened();
  await expect(opening).rejects.toThrow(LedgerError);
  await expect(opening).rejects.toMatchObject({ details: { line } });
  await expect(place.opened().then((rollout) => rollout.append(step("more")))).rejects.toThrow(LedgerError);
  expect(await place.verifyByHand()).toBe(1);
  expect(place.printed.at(-1)).toMatch(new RegExp(`^Not intact: line ${line}: `));
  expect(await readFile(place.ledgerPath)).toEqual(Buffer.from(bad));
}

describe("a ledger whose last line was not finished", () => {
  it("is cut there, wherever that was, and reports it", { timeout: 120_000 }, async () => {
    await using place = await fourLines();
    const last = Buffer.byteLength(place.lines[3] ?? "");
    const kept = place.good.length - last - 1;
    for (let bytes = 1; bytes <= last; bytes++) {
      place.logged.length = 0;
      await place.leave(place.good.subarray(0, kept + bytes));
      const rollout = await place.opened();
      expect((await rollout.state()).seq).toBe(3);
      expect(await rollout.append(step("again"))).toMatchObject({ seq: 5, tornLines: 1 });
      expect(place.logged).toEqual([
        { event: "ledger_torn_line_cut", facts: { rollout: ROLLOUT, afterLine: 3, bytes } },
      ]);
      expect(await verifyLedger(place.ledgerPath)).toEqual({ ok: true, entries: 5 });
    }
    await place.verifyByHand();
    expect(place.printed).toContain("Interrupted writes were cut off before: line 4.");
  });

  it("is told by verify while nobody has cut it, wherever that was, and left as it is", async () => {
    await using place = await fourLines();
    const last = Buffer.byteLength(place.lines[3] ?? "");
    for (let bytes = 1; bytes <= last; bytes++) {
      const torn = place.good.subarray(0, place.good.length - last - 1 + bytes);
      await place.leave(torn);
      expect(await place.verifyByHand()).toBe(1);
      expect(place.printed.splice(0)).toEqual([
        "Not intact: line 4: it has no end: writing it was interrupted, or the file was cut. 3 entries before it are good.",
      ]);
      expect(await readFile(place.ledgerPath)).toEqual(torn);
    }
  });

  it("is cut where a power failure left zeros", async () => {
    await using place = await fourLines();
    for (const tail of [Buffer.alloc(200), Buffer.concat([Buffer.from(place.lines[3] ?? ""), Buffer.alloc(1)])]) {
      await place.leave(`${place.lines.slice(0, 3).join("\n")}\n`);
      await appendFile(place.ledgerPath, tail);
      expect((await (await place.opened()).append(step("again"))).seq).toBe(5);
      expect(await verifyLedger(place.ledgerPath)).toEqual({ ok: true, entries: 5 });
    }
  });

  it("is no rollout yet when that was its first line, and can be started", async () => {
    await using place = await fourLines();
    const first = Buffer.from(place.lines[0] ?? "");
    for (const bytes of [0, 1, first.length >> 1, first.length]) {
      await rm(join(dirname(place.ledgerPath), "rollout.json"), { force: true });
      await writeFile(place.ledgerPath, first.subarray(0, bytes));
      expect(await place.store().list()).toEqual([]);
      await expect(place.opened()).rejects.toThrow(NotFoundError);
      expect((await (await place.store().create(ROLLOUT, started())).state()).seq).toBe(1);
    }
  });

  it("is not touched by a reader, because another process may still be writing", async () => {
    await using place = await fourLines();
    await appendFile(place.ledgerPath, '{"actor":');
    expect((await (await place.opened()).state()).seq).toBe(4);
    expect(await readFile(place.ledgerPath, "utf8")).toMatch(/\{"actor":$/);
  });
});

const NEWLINE = 0x0a;

/** The same bytes with one bit changed. */
function flipped(good: Buffer, bit: number): Buffer {
  const bad = Buffer.from(good);
  bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return bad;
}
const flips = (good: Buffer) => Array.from({ length: good.length * 8 }, (_, bit) => ({ bit, bad: flipped(good, bit) }));

/** The number of the line that a byte is in; its end belongs to it. */
const lineAt = (ledger: Buffer, index: number): number =>
  ledger.subarray(0, index).toString("latin1").split("\n").length;

describe("a ledger that was changed", () => {
  it("shows any single bit of any line", async () => {
    await using place = await fourLines();
    for (const [index, text] of place.lines.entries()) {
      const line = Buffer.from(text);
      const after = { seq: index, hash: JSON.parse(text).prev };
      expect(readEntryLine(line, after)).toHaveProperty("entry");
      const unseen = flips(line).filter(({ bad }) => !("flaw" in readEntryLine(bad, after)));
      expect(unseen.map(({ bit }) => `line ${index + 1}, bit ${bit}`)).toEqual([]);
    }
  });

  it("stops at the line of any single bit of the end of a line", { timeout: 120_000 }, async () => {
    await using place = await fourLines();
    for (const { bad, bit } of flips(place.good)) {
      if (place.good[bit >> 3] === NEWLINE) await expectRefused(place, bad, lineAt(place.good, bit >> 3));
    }
  });

  it(`stops at the line of any single bit, anywhere (${SEEDED})`, { timeout: timeFor(120_000) }, async () => {
    await using place = await fourLines();
    await fc.assert(
      fc.asyncProperty(fc.nat(place.good.length * 8 - 1), async (bit) => {
        await expectRefused(place, flipped(place.good, bit), lineAt(place.good, bit >> 3));
      }),
      randomly(100),
    );
  });

  const cases: readonly (readonly [string, (lines: readonly string[], other: string) => readonly string[], number])[] =
    [
      ["without its first line", ([, ...rest]) => rest, 1],
      ["without its second line", (lines) => lines.toSpliced(1, 1), 2],
      ["without its third line", (lines) => lines.toSpliced(2, 1), 3],
      ["without its last line", (lines) => lines.slice(0, 3), 4],
      ["without its last two lines", (lines) => lines.slice(0, 2), 3],
      ["with its first lines swapped", ([a = "", b = "", ...rest]) => [b, a, ...rest], 1],
      ["with its middle lines swapped", ([a = "", b = "", c = "", d = ""]) => [a, c, b, d], 2],
      ["with its last lines swapped", ([a = "", b = "", c = "", d = ""]) => [a, b, d, c], 3],
      ["with its first line twice", ([a = "", ...rest]) => [a, a, ...rest], 2],
      ["with its last line twice", (lines) => [...lines, ...lines.slice(3)], 5],
      ["with another ledger's line put in", (lines, other) => lines.toSpliced(2, 0, other), 3],
      ["with another ledger's line in place of its own", (lines, other) => lines.toSpliced(1, 1, other), 2],
      ["with another ledger's line after its last", (lines, other) => [...lines, other], 5],
      ["with an empty line", (lines) => lines.toSpliced(2, 0, ""), 3],
      ["with Windows' ends of lines", (lines) => lines.map((line) => `${line}\r`), 1],
      ["with a mark of byte order", (lines) => [`\uFEFF${lines[0]}`, ...lines.slice(1)], 1],
      ["with another spelling of the same JSON", (lines) => lines.with(1, lines[1]?.replace('":"', '": "') ?? ""), 2],
      ["emptied", () => [], 1],
    ];

  it.each(cases)("%s stops everything", async (_, spoil, line) => {
    await using place = await fourLines();
    await using other = await dataDirectory();
    await (await other.store("person:Robin").create(ROLLOUT, started())).append(step("two"));
    const foreign = (await readFile(other.ledgerPath, "utf8")).split("\n")[1] ?? "";
    await expectRefused(
      place,
      spoil(place.lines, foreign)
        .map((text) => `${text}\n`)
        .join(""),
      line,
    );
  });

  it("that was respelled and sealed again is read, for nothing of it is untrue, but is not verified", async () => {
    await using place = await fourLines();
    const body = (place.lines[3] ?? "").replace('"at":', '"at": ').replace(/,"hash":"\w{64}"\}$/, "");
    const respelled = `${body},"hash":"${hash("sha256", `${body}}`, "hex")}"}`;
    await writeFile(place.ledgerPath, [...place.lines.slice(0, 3), respelled, ""].join("\n"));
    expect(readEntryLine(Buffer.from(respelled), { seq: 3, hash: JSON.parse(respelled).prev })).toHaveProperty("entry");
    expect(await verifyLedger(place.ledgerPath)).toEqual({
      ok: false,
      entries: 3,
      firstBadLine: 4,
      reason: "it is not in canonical form",
    });
  });

  it("made anew from its first line on is not taken for the one that the summary knows", async () => {
    await using place = await fourLines();
    await using other = await dataDirectory();
    await (await other.store("person:Robin").create(ROLLOUT, started())).append(step("2"), step("3"), step("4"));
    await expectRefused(place, await readFile(other.ledgerPath), 4);
  });

  it("under a process that has read it stops that process", async () => {
    await using place = await fourLines();
    const rollout = await place.opened();
    await writeFile(place.ledgerPath, `${place.lines.slice(0, 3).join("\n")}\n`);
    for (let calls = 0; calls < 2; calls++) await expect(rollout.append(step("five"))).rejects.toThrow(LedgerError);
  });

  it("and is gone is not begun anew while its summary is there", async () => {
    await using place = await fourLines();
    await rm(place.ledgerPath);
    expect(await place.store().list()).toEqual([ROLLOUT]);
    await expect(place.opened()).rejects.toThrow(LedgerError);
    await expect(place.store().create(ROLLOUT, started())).rejects.toThrow(LedgerError);
  });
});

describe("a summary that is", () => {
  const spoiled: readonly (readonly [string, (path: string) => Promise<unknown>])[] = [
    ["missing", (path) => rm(path)],
    ["empty", (path) => writeFile(path, "")],
    ["garbage", (path) => writeFile(path, Buffer.from([0xff, 0xfe, 0x00, 0x7b]))],
    ["of an older version", (path) => writeFile(path, '{"version":0}')],
    ["of a newer version", (path) => writeFile(path, '{"version":99,"seq":500,"head":"later"}')],
  ];

  it.each(spoiled)("%s is made anew", async (_, spoil) => {
    await using place = await fourLines();
    const path = join(dirname(place.ledgerPath), "rollout.json");
    const before = await readFile(path, "utf8");
    await spoil(path);
    expect((await (await place.opened()).state()).seq).toBe(4);
    expect(await readFile(path, "utf8")).toBe(before);
  });

  it("a directory changes nothing but the log", async () => {
    await using place = await fourLines();
    const path = join(dirname(place.ledgerPath), "rollout.json");
    await rm(path);
    await mkdir(path);
    expect((await (await place.opened()).append(step("five"))).seq).toBe(5);
    expect(new Set(place.logged.map(({ event }) => event))).toEqual(new Set(["projection_not_written"]));
  });
});
