import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BusyError, LedgerError } from "../../src/errors.ts";
import { verifyLedger } from "../../src/ledger/verify-ledger.ts";
import { dataDirectory, ROLLOUT, started, step } from "../support/data-directory.ts";

const PROCESS = join(import.meta.dirname, "../support/ledger-process.ts");

/** A rollout whose lock another process holds. */
async function heldElsewhere(lockWaitMs: number) {
  const place = await dataDirectory();
  await place.store().create(ROLLOUT, started());
  const rollout = await place.store("server", lockWaitMs).open(ROLLOUT);
  const holder = spawn(process.execPath, [PROCESS, place.dir, ROLLOUT, "hold"]);
  await once(holder.stdout, "data");
  return { ...place, rollout, holder };
}

const ended = async (child: ChildProcess): Promise<unknown> => (await once(child, "exit"))[0];

describe("the rollout's lock", () => {
  it("makes the calls of one process wait for each other, and lets one call chain in again", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    const order: string[] = [];
    const turn = (name: string) =>
      rollout.exclusively(async () => {
        order.push(`${name} in`);
        await rollout.exclusively(() => rollout.append(step(name)));
        order.push(`${name} out`);
      });
    await Promise.all([turn("a"), turn("b")]);
    expect(order.map((entry) => entry.slice(2))).toEqual(["in", "out", "in", "out"]);
  });

  it("makes stores of one process wait for each other, and outlasts the first of them that is done", async () => {
    await using place = await dataDirectory();
    await place.store().create(ROLLOUT, started());
    const [first, second] = [await place.store().open(ROLLOUT), await place.store("server", 0).open(ROLLOUT)];
    await first.exclusively(async () => {
      await expect(second.append(step("at the same time"))).rejects.toThrow(BusyError);
      await expect(second.append(step("and again"))).rejects.toThrow(BusyError);
    });
    expect((await second.append(step("afterwards"))).seq).toBe(2);
  });

  it("loses nothing when many processes append at once", async () => {
    await using place = await dataDirectory();
    await place.store().create(ROLLOUT, started());
    const others = Array.from({ length: 5 }, () =>
      spawn(process.execPath, [PROCESS, place.dir, ROLLOUT, "append", "12"]),
    );
    expect(await Promise.all(others.map(ended))).toEqual([0, 0, 0, 0, 0]);
    const written = new Map<string, string[]>();
    const take = (entry: { type: string; data: object }): void => {
      if (!("tool" in entry.data && "summary" in entry.data)) return;
      written.set(`${entry.data.tool}`, [...(written.get(`${entry.data.tool}`) ?? []), `${entry.data.summary}`]);
    };
    expect(await verifyLedger(place.ledgerPath, take)).toEqual({ ok: true, entries: 61 });
    const inOrder = Array.from({ length: 12 }, (_, n) => `${n}`);
    expect([...written.values()]).toEqual(Array(5).fill(inOrder));
  });

  it("says that another process is at work when it has waited long enough, and robs none that is alive", async () => {
    await using held = await heldElsewhere(300);
    await expect(held.rollout.append(step("two"))).rejects.toMatchObject({
      code: "ERR_BUSY",
      remedy: "wait",
      // Who approves on the command line reads it, too, and has called no tool.
      nextStep: expect.not.stringMatching(/\btool\b/),
    });
    held.holder.stdin.end();
    expect(await ended(held.holder)).toBe(0);
    expect((await held.rollout.append(step("three"))).seq).toBe(3);
  });

  it("is not taken from a holder that stands still, which goes on when it wakes", async () => {
    await using held = await heldElsewhere(3_000);
    held.holder.kill("SIGSTOP");
    await expect(held.rollout.append(step("mine"))).rejects.toThrow(BusyError);
    held.holder.kill("SIGCONT");
    held.holder.stdin.end();
    expect(await ended(held.holder)).toBe(0);
    expect(await verifyLedger(held.ledgerPath)).toEqual({ ok: true, entries: 2 });
    expect((await held.rollout.append(step("mine"))).seq).toBe(3);
  });

  it.each([false, true])("is free as soon as its holder is killed (standing still: %s)", async (isStopped) => {
    await using held = await heldElsewhere(0);
    if (isStopped) held.holder.kill("SIGSTOP");
    held.holder.kill("SIGKILL");
    await once(held.holder, "exit");
    expect((await held.rollout.append(step("two"))).seq).toBe(2);
  });

  it("stops a holder for good when somebody wrote without the lock", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    const held = rollout.exclusively(async () => {
      await appendFile(place.ledgerPath, "stolen\n");
      await rollout.append(step("mine"));
    });
    await expect(held).rejects.toThrow(LedgerError);
    await expect(rollout.append(step("again"))).rejects.toThrow(LedgerError);
    expect(await readFile(place.ledgerPath, "utf8")).toMatch(/\nstolen\n$/);
  });
});
