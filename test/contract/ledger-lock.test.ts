import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RolloutEvent } from "../../src/domain/rollout/events.ts";
import { LedgerError, StateError } from "../../src/errors.ts";
import { dataDirectory, ROLLOUT, started } from "../support/data-directory.ts";

const step = (summary: string): RolloutEvent => ({
  type: "step_done",
  data: { tool: "reconcile_users", argsKey: "{}", summary },
});

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
    const rollout = await place.store("server", 1_000).open(ROLLOUT);
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
