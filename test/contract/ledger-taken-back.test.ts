import { type FileHandle, readFile, truncate, writeFile } from "node:fs/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { LedgerError } from "../../src/errors.ts";
import { verifyLedger } from "../../src/ledger/verify-ledger.ts";
import { dataDirectory, ROLLOUT, started, step } from "../support/data-directory.ts";
import { disk, eio } from "../support/disk.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Two processes, of which one wrote a line that the disk then did not take: the other has read it, and it is gone. */
async function afterLineTakenBack() {
  const place = await dataDirectory();
  const writer = await place.store().create(ROLLOUT, started());
  const other = await place.store().open(ROLLOUT);
  vi.spyOn(await disk(), "sync").mockImplementationOnce(async () => {
    expect((await other.state()).seq).toBe(2);
    throw eio();
  });
  await expect(writer.append(step("a"))).rejects.toThrow(LedgerError);
  return { ...place, writer, other };
}

describe("a line that another process read and its writer took back", () => {
  it("is forgotten by who read it, who goes on", async () => {
    await using place = await afterLineTakenBack();
    expect((await place.other.state()).stepsDone.size).toBe(0);
    expect((await place.other.append(step("b"))).seq).toBe(2);
    expect((await place.writer.append(step("c"))).seq).toBe(3);
    expect(await verifyLedger(place.ledgerPath)).toEqual({ ok: true, entries: 3 });
  });

  it.each([
    ["of the same length", "b"],
    ["that is longer", "bbbbb"],
  ])("and wrote another %s in its place is no line to go on from", async (_, summary) => {
    await using place = await afterLineTakenBack();
    const { head } = await place.writer.append(step(summary));
    expect((await place.other.state()).head).toBe(head);
    expect((await place.other.append(step("c"))).seq).toBe(3);
    expect((await place.writer.append(step("d"))).seq).toBe(4);
    expect(await verifyLedger(place.ledgerPath)).toEqual({ ok: true, entries: 4 });
  });

  it("and wrote two others in its place is no line to go on from", async () => {
    await using place = await afterLineTakenBack();
    await place.writer.append(step("b"), step("c"));
    expect((await place.other.state()).seq).toBe(3);
    expect((await place.other.append(step("d"))).seq).toBe(4);
    expect(await verifyLedger(place.ledgerPath)).toEqual({ ok: true, entries: 4 });
  });

  it("is not what a process that was just started says is missing", async () => {
    await using place = await dataDirectory();
    const writer = await place.store().create(ROLLOUT, started());
    vi.spyOn(await disk(), "sync").mockImplementationOnce(async () => {
      expect((await (await place.store().open(ROLLOUT)).state()).seq).toBe(2);
      throw eio();
    });
    await expect(writer.append(step("a"))).rejects.toThrow(LedgerError);
    expect((await (await place.store().open(ROLLOUT)).state()).seq).toBe(1);
  });
});

describe("a line that was durable", () => {
  it("and is gone, or is another, stops who knows it, whatever the summary says", async () => {
    await using place = await dataDirectory();
    await using elsewhere = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    await rollout.append(step("a"));
    await (await elsewhere.store().create(ROLLOUT, started())).append(step("b"), step("c"));
    const good = await readFile(place.ledgerPath);
    const summaryPath = place.ledgerPath.replace("ledger.jsonl", "rollout.json");
    await writeFile(summaryPath, "");
    await truncate(place.ledgerPath, good.indexOf("\n") + 1);
    await expect(rollout.state()).rejects.toThrow(LedgerError);
    await expect(rollout.append(step("b"))).rejects.toThrow(LedgerError);
    await writeFile(place.ledgerPath, await readFile(elsewhere.ledgerPath));
    await expect(rollout.state()).rejects.toThrow(LedgerError);
    await expect(rollout.append(step("b"))).rejects.toThrow(LedgerError);
    await writeFile(place.ledgerPath, good);
    expect((await rollout.append(step("b"))).seq).toBe(3);
  });
});

describe("an end that was torn", () => {
  it.each([
    ["a process that read the rest before", 1],
    ["one that was just started, and has seen that there is a line", 2],
  ])("and is cut and gone on from while %s reads it, is no damage", async (_, reading) => {
    await using place = await dataDirectory();
    const writer = await place.store().create(ROLLOUT, started());
    const store = place.store();
    if (reading === 1) await store.open(ROLLOUT);
    const torn = Buffer.alloc(40, "x");
    await writeFile(place.ledgerPath, torn, { flag: "a" });
    const handle = await disk();
    const read = handle.read;
    let reads = 0;
    vi.spyOn(handle, "read").mockImplementation(async function (this: FileHandle, ...args: unknown[]) {
      const found = await Reflect.apply(read, this, args);
      const isTorn = found.buffer.subarray(0, found.bytesRead).toString("latin1").endsWith("xxx");
      if (isTorn) reads += 1;
      if (isTorn && reads === reading) await writer.append(step("a"));
      return found;
    });
    expect((await (await store.open(ROLLOUT)).state()).seq).toBe(3);
    expect(reads).toBeGreaterThanOrEqual(reading);
    expect(await verifyLedger(place.ledgerPath)).toEqual({ ok: true, entries: 3 });
  });
});
