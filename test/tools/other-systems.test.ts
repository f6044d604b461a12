import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { everyAnswer } from "../support/every-answer.ts";
import { type Harness, startHarness } from "../support/harness.ts";
import { needContracts } from "../support/need-contracts.ts";
import { moveToOtherSystems } from "../support/other-systems.ts";
import { checkRecord } from "../vendor-contracts/check.ts";

const Text = z.string();
const Mail = z.object({
  to: z.array(Text),
  cc: z.array(Text),
  subject: Text,
  headers: z.record(Text, Text),
  html: Text,
});
const Row = z.record(Text, z.unknown());
const Dump = z.object({
  gmail: z.object({ sent: z.array(Mail) }),
  outlook: z.object({ sent: z.array(Mail) }),
  powerBi: z.object({ datasets: z.array(z.object({ tables: z.record(Text, z.object({ rows: z.array(Row) })) })) }),
  bigquery: z.object({ tables: z.array(z.object({ rows: z.array(Row) })) }),
  looker: z.object({ triggers: z.array(z.unknown()) }),
});
type Dump = z.output<typeof Dump>;

/** The first steps of a rollout with whatever systems the customer's file names. */
async function firstSteps(office: Harness) {
  const rollout = await office.start();
  const reconciled = await office.call("reconcile_users", { rollout });
  const classified = await office.call("classify_exceptions", { rollout });
  await office.signOff(rollout);
  const announced = await office.withApproval("send_phase_email", {
    rollout,
    phase: "phase_it",
    kind: "announcement",
  });
  const counted = await office.withApproval("update_dashboard", { rollout, phase: "phase_it" });
  office.advance(24 * 5);
  const later = await office.call("reconcile_users", { rollout });
  const answers = { reconciled, classified, announced, counted, later };
  // Each rollout has an id and plans of its own.
  const structured = (answer: (typeof answers)[keyof typeof answers]) =>
    JSON.parse(JSON.stringify(answer.structured).replaceAll(rollout, "ROLLOUT"));
  return {
    answers: Object.fromEntries(Object.entries(answers).map(([name, answer]) => [name, structured(answer)])),
    dump: Dump.parse(await office.box.dump()),
    exchanges: await office.box.exchanges(),
  };
}

/** Names of what an answer holds, at every depth. */
const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shapeOf(part)]));
};
const reached = (mails: Dump["gmail"]["sent"]) => mails.map(({ to, cc, subject }) => ({ to, cc, subject }));

describe("every tool, with Workday, Outlook and Looker in place of BambooHR, Gmail and Power BI", () => {
  const ask = async (moved: boolean) => {
    await using office = await startHarness({ employees: 60 });
    if (moved) await moveToOtherSystems(office);
    const answers = await everyAnswer(office);
    return {
      shapes: [...answers].map(([key, { structured }]) => [key.split(" ")[0], shapeOf(structured)]),
      exchanges: await office.box.exchanges(),
    };
  };
  let first: Awaited<ReturnType<typeof ask>>;
  let other: Awaited<ReturnType<typeof ask>>;
  beforeAll(async () => {
    first = await ask(false);
    other = await ask(true);
  }, 180_000);

  it("answers in the same shape", () => {
    expect(other.shapes).toEqual(first.shapes);
    expect(new Set(first.shapes.map(([tool]) => tool)).size).toBe(23);
  });

  // At so few people no answer is cut in the record, so all of them are judged.
  it("asks the vendors what their contracts allow, and is answered so", { timeout: 90_000 }, (context) => {
    needContracts(context);
    const deviations = [first, other].flatMap(({ exchanges }) => checkRecord(exchanges).deviations);
    expect(deviations).toEqual([]);
  });
});

describe("with Workday, Outlook and Looker in place of BambooHR, Gmail and Power BI", () => {
  let first: Awaited<ReturnType<typeof firstSteps>>;
  let other: Awaited<ReturnType<typeof firstSteps>>;
  beforeAll(async () => {
    {
      await using office = await startHarness();
      first = await firstSteps(office);
    }
    await using office = await startHarness();
    await moveToOtherSystems(office);
    other = await firstSteps(office);
  });

  it("answers of tools have the same shape", () => {
    expect(shapeOf(other.answers)).toEqual(shapeOf(first.answers));
  });

  it("the vendors' own contracts allow what is asked of either, and how it is answered", {
    timeout: 90_000,
  }, (context) => {
    needContracts(context);
    const [one, another] = [checkRecord(first.exchanges), checkRecord(other.exchanges)];
    expect([...one.deviations, ...another.deviations]).toEqual([]);
    expect(Object.keys(one.checked).toSorted()).toEqual(["bamboohr", "graph", "power-bi"]);
    expect(Object.keys(another.checked).toSorted()).toEqual(["graph", "looker", "workday"]);
  });

  it("the same people are found, joined and excepted", () => {
    const { sources, ...reconciled } = other.answers.reconciled;
    const { sources: _, ...expected } = first.answers.reconciled;
    expect({ ...reconciled, at: null, list: null }).toEqual({ ...expected, at: null, list: null });
    expect(JSON.stringify(sources)).toContain("Workday");
    expect(other.answers.classified).toEqual(first.answers.classified);
  });

  it("the same mails reach the same people, and nothing goes through Gmail", () => {
    const order = (mails: ReturnType<typeof reached>) =>
      mails.toSorted((a, b) => String(a.to).localeCompare(String(b.to)));
    expect(other.dump.outlook.sent).toHaveLength(12);
    expect(order(reached(other.dump.outlook.sent))).toEqual(order(reached(first.dump.gmail.sent)));
    expect(other.dump.gmail.sent).toEqual([]);
    expect(first.dump.outlook.sent).toEqual([]);
  });

  it("people enrol after a mail from Outlook as after one from Gmail", () => {
    expect(other.answers.later.capable).toBe(first.answers.later.capable);
    expect(other.answers.later.capable).not.toBe(other.answers.reconciled.capable);
  });

  it("the same rows are in BigQuery, and Looker is told once", () => {
    const [powerBi = []] = first.dump.powerBi.datasets.flatMap(({ tables }) =>
      Object.values(tables).map((t) => t.rows),
    );
    const [bigquery = []] = other.dump.bigquery.tables.map(({ rows }) => rows);
    expect(
      bigquery.map(({ department, in_scope, registered, enrolled, enforced, exceptions }) => ({
        department,
        inScope: in_scope,
        registered,
        enrolled,
        enforced,
        exceptions,
      })),
    ).toEqual(
      powerBi.map(({ department, inScope, registered, enrolled, enforced, exceptions }) => ({
        department,
        inScope,
        registered,
        enrolled,
        enforced,
        exceptions,
      })),
    );
    expect(bigquery).toHaveLength(7);
    expect(other.dump.powerBi.datasets).toEqual([]);
    expect(other.dump.looker.triggers).toHaveLength(1);
  });
});
