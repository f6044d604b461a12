import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harness, startHarness } from "../support/harness.ts";

describe("update_dashboard", () => {
  let office: Harness;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness();
    rollout = await office.start();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const update = (phase = "phase_it") => office.call("update_dashboard", { rollout, phase });
  const rows = async () =>
    (await office.dump()).powerBi.datasets.flatMap(({ tables }) =>
      Object.values(tables).flatMap((table) => table.rows),
    );

  it("refuses before the list has been read", async () => {
    expect((await update()).structured).toMatchObject({ code: "ERR_STATE", nextStep: "Call reconcile_users first." });
  });

  it("waits for a signature with the numbers in the plan", async () => {
    await office.call("reconcile_users", { rollout });
    await office.call("classify_exceptions", { rollout });
    const { structured } = await update();
    expect(structured).toMatchObject({ status: "approval_required", changes_total: 1, in_scope: 212, enforced: 0 });
    expect(await rows()).toEqual([]);
  });

  it("says which right is missing when Power BI refuses, and adds nothing", async () => {
    await office.approvePending();
    await office.box.fail({ vendor: "power-bi", kind: "status", status: 403, times: 9 });
    const { structured } = await update();
    await office.mend();
    expect(structured).toMatchObject({
      code: "ERR_CONNECTOR_PERMISSION",
      message: expect.stringContaining("Power BI"),
    });
    expect(await rows()).toEqual([]);
  });

  it("adds one snapshot, a row a department and one for all", async () => {
    expect((await update()).structured).toMatchObject({ status: "done", changes_done: 1 });
    const added = await rows();
    expect(added).toHaveLength(7);
    expect(added.at(-1)).toMatchObject({ department: "All departments", inScope: 212, enforced: 0, exceptions: 14 });
  });

  it("adds no second snapshot after the same phase", async () => {
    expect((await update()).structured).toMatchObject({ status: "nothing_to_do" });
    expect(await rows()).toHaveLength(7);
  });
});

describe("update_dashboard with files in a folder", () => {
  it("adds one file after a phase, and Power BI is not asked", async () => {
    await using office = await startHarness();
    const folder = join(office.home, "snapshots");
    await office.editCustomer((file) => {
      file.dashboard = { kind: "file", folder };
    });
    const rollout = await office.start();
    await office.call("reconcile_users", { rollout });
    await office.call("classify_exceptions", { rollout });
    const { structured } = await office.withApproval("update_dashboard", { rollout, phase: "phase_it" });
    expect(structured).toMatchObject({ status: "done", changes_done: 1, snapshot: `${rollout}/phase_it` });
    const [name = "", ...others] = await readdir(folder);
    expect(others).toEqual([]);
    const lines = (await readFile(join(folder, name), "utf8")).trim().split("\r\n");
    expect(lines).toHaveLength(8);
    expect(lines.at(-1)).toContain(",All departments,all,212,");
    expect((await office.call("update_dashboard", { rollout, phase: "phase_it" })).structured).toMatchObject({
      status: "nothing_to_do",
    });
    expect((await office.dump()).powerBi.datasets).toEqual([]);
  });
});
