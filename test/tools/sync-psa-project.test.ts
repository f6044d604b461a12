import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harness, startHarness } from "../support/harness.ts";

describe("sync_psa_project", () => {
  let office: Harness;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness({ employees: 60 });
    rollout = await office.start();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const sync = () => office.call("sync_psa_project", { rollout });
  const made = async () => {
    const { projects, phases } = (await office.dump()).connectwise;
    return { projects: projects.length, phases: phases.map(({ description }) => description).sort() };
  };

  it("waits for a signature", async () => {
    expect((await sync()).structured).toMatchObject({ status: "approval_required", changes_total: 7 });
    expect(await made()).toEqual({ projects: 0, phases: [] });
  });

  it("says which right is missing when ConnectWise refuses", async () => {
    await office.approvePending();
    await office.box.fail({ vendor: "connectwise", kind: "status", status: 403, times: 9 });
    const { structured } = await sync();
    await office.mend();
    expect(structured).toMatchObject({
      code: "ERR_CONNECTOR_PERMISSION",
      message: expect.stringContaining("ConnectWise"),
    });
  });

  it("makes one project with a phase a department, though answers are lost on the way", async () => {
    await office.box.fail(
      { vendor: "connectwise", method: "POST", path: "/projects$", kind: "lost_answer" },
      { vendor: "connectwise", method: "POST", path: "/phases$", kind: "status_after", status: 503 },
    );
    expect((await sync()).structured).toMatchObject({ status: "done", changes_done: 7 });
    expect(await made()).toEqual({
      projects: 1,
      phases: [
        "MFA: Engineering",
        "MFA: Finance",
        "MFA: IT",
        "MFA: Operations",
        "MFA: Sales",
        "MFA: everyone (closing policy)",
      ],
    });
  });

  it("writes only what differs", async () => {
    const before = await office.held();
    expect((await sync()).structured).toMatchObject({ status: "nothing_to_do" });
    expect(await office.held()).toBe(before);
  });
});
