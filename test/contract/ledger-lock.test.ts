import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RolloutEvent } from "../../src/domain/rollout/events.ts";
import { StateError } from "../../src/errors.ts";
import { verifyLedger } from "../../src/ledger/verify-ledger.ts";
import { dataDirectory, ROLLOUT, started } from "../support/data-directory.ts";

const step = (summary: string): RolloutEvent => ({
  type: "step_done",
  data: { tool: "reconcile_users", argsKey: "{}", summary },
});

const _lineCount = async (path: string): Promise<number> => (await readFile(path, "utf8")).split("\n").length - 1;

const process2 = (dir: string, ...args: readonly string[]) =>
  spawn(process.execPath, [join(import.meta.dirname, "../support/ledger-process.ts"), dir, ROLLOUT, ...args]);

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

  it("says that another process is at work when it has waited long enough, and robs none that is alive", async () => {
    await using place = await dataDirectory();
    await place.store().create(ROLLOUT, started());
    const rollout = await place.store("server", { staleMs: 2_000, waitMs: 3_000 }).open(ROLLOUT);
    const holder = process2(place.dir, "hold");
    await once(holder.stdout, "data");
    await expect(rollout.append(step("two"))).rejects.toThrow(StateError);
    holder.stdin.end();
    expect(await once(holder, "exit")).toEqual([0, null]);
    expect((await rollout.append(step("two"))).seq).toBe(2);
  });

  it("is free again after its holder was killed", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    const holder = process2(place.dir, "hold");
    await once(holder.stdout, "data");
    holder.kill("SIGKILL");
    await once(holder, "exit");
    expect((await rollout.append(step("two"))).seq).toBe(2);
  });

  it("lets a holder that was robbed append no more", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    const thief = await place.store("person:Robin").open(ROLLOUT);
    const robbed = rollout.exclusively(async () => {
      const lock = join(dirname(place.ledgerPath), "lock");
      await utimes(lock, 0, 0); // as if this process had hung
      await thief.append(step("stolen"));
      await rollout.append(step("mine"));
    });
    await expect(robbed).rejects.toThrow(StateError);
    expect(await verifyLedger(place.ledgerPath)).toEqual({ ok: true, entries: 2 });
  });
});
