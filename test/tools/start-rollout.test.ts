import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sha256 } from "../../src/domain/model/ids.ts";
import { type Harness, startHarness } from "../support/harness.ts";

describe("start_rollout", () => {
  let office: Harness;
  beforeAll(async () => {
    office = await startHarness();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const start = (more: Readonly<Record<string, unknown>> = {}) =>
    office.call("start_rollout", { customer: "larkfield", deadline: "2026-10-31", ...more });

  it("starts nothing when HR cannot be read", async () => {
    await office.box.fail({ vendor: "bamboohr", kind: "status", status: 403, times: 9 });
    const answer = await start();
    await office.mend();
    expect(answer.structured).toMatchObject({ code: "ERR_CONNECTOR_PERMISSION" });
    expect(await office.office.parts.store.list()).toEqual([]);
  });

  it("refuses an order that names a department twice", async () => {
    const { structured } = await start({ phase_order: ["IT", "Sales", "IT"] });
    expect(structured).toMatchObject({
      code: "ERR_INPUT",
      message: expect.stringContaining("‹IT› stands there twice"),
    });
  });

  it("makes a phase of each department in the order wanted, the smaller ones after it, the closing policy last", async () => {
    const { structured } = await start({ phase_order: ["IT", "Sales"] });
    expect(structured).toMatchObject({
      deadline: "2026-10-31",
      days_left: 26,
      phases: [
        { phase: "phase_it", department: "‹IT›", people: 12 },
        { phase: "phase_sales", department: "‹Sales›", people: 58 },
        { phase: "phase_finance", department: "‹Finance›", people: 24 },
        { phase: "phase_operations", department: "‹Operations›", people: 49 },
        { phase: "phase_engineering", department: "‹Engineering›", people: 71 },
        { phase: "phase_closing", department: "everyone (closing policy)", people: 0 },
      ],
    });
  });

  it("refuses a second rollout for the same customer and names the first", async () => {
    const [first = ""] = await office.office.parts.store.list();
    const { structured } = await start();
    expect(structured).toMatchObject({ code: "ERR_STATE", details: { rollout: first } });
    expect(await office.office.parts.store.list()).toEqual([first]);
  });

  it("names the finished rollout to a host that was away when it ended, even after its deadline, and starts another for another one", async () => {
    const { store } = office.office.parts;
    const [first = ""] = await store.list();
    const saved = { id: "insurer-mfa", version: "1.0.0", hash: sha256("0".repeat(64)) };
    await (await store.open(first)).append({ type: "procedure_saved", data: saved });
    const finished = { code: "ERR_STATE", message: expect.stringContaining("finished"), details: { rollout: first } };
    expect((await start()).structured).toMatchObject(finished);
    office.moveTo("2026-11-02T09:00:00Z");
    expect((await start()).structured).toMatchObject(finished);
    expect(await store.list()).toEqual([first]);

    expect((await start({ deadline: "2027-10-31" })).isError).toBe(false);
    expect(await store.list()).toHaveLength(2);
  });
});

it("starts one rollout when two hosts ask for one at once", async () => {
  await using office = await startHarness();
  const start = () => office.call("start_rollout", { customer: "larkfield", deadline: "2026-10-31" });
  const answers = await Promise.all([start(), start()]);
  expect(answers.filter(({ structured }) => "code" in structured)).toHaveLength(1);
  expect(await office.office.parts.store.list()).toHaveLength(1);
});
