import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Tool } from "@modelcontextprotocol/client";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApprovalClass } from "../../src/domain/model/plan.ts";
import { verifyLedger } from "../../src/ledger/verify-ledger.ts";
import { catalog } from "../../src/server/catalog.ts";
import { advertisedTools } from "../support/advertised.ts";
import { textsIn } from "../support/answer-texts.ts";
import { fittingArguments, hostileArguments, type Known } from "../support/arbitrary-arguments.ts";
import { appended, escapedFrom, type Footprint, footprintOf, secretsOf } from "../support/footprint.ts";
import { type Answer, type Call, type Harness, startHarness } from "../support/harness.ts";
import { type Cell, hostileCells, type Usual } from "../support/hostile-matrix.ts";
import { CANARY, ESCAPED } from "../support/hostile-text.ts";
import { inTime, LONGEST_REFUSAL_MS } from "../support/in-time.ts";
import { randomly, SEEDED, timeFor } from "../support/random-runs.ts";

/** About four characters to a token: 2,500 tokens. */
const LARGEST = 10_000;
/** Arguments that pass have the tool do its work: read vendors, each at its own pace, and write a report. */
const LONGEST_ANSWER_MS = 20_000;
/** A vendor takes only so many requests a minute, so the clock goes on after so many calls. */
const CALLS_AT_A_TIME = 10;

const CODES = /^ERR_(INPUT|NOT_FOUND|STATE|GATE_CLOSED)$/;

/** What a call without a signature may say of itself. Nothing here is an approval, an effect or a consent. */
const RECORDED: Readonly<Record<ApprovalClass, ReadonlySet<string>>> = {
  observe: new Set(),
  record: new Set([
    "rollout_started",
    "users_reconciled",
    "exceptions_classified",
    "policy_drafted",
    "signins_observed",
    "finding_resolved",
    "tenant_checked",
    "lockouts_foreseen",
    "report_written",
    "procedure_saved",
    "step_done",
    // What a person has to sign before it counts.
    "plan_proposed",
  ]),
  contact: new Set(["plan_proposed", "phase_scheduled", "step_done"]),
  enforce: new Set(["plan_proposed", "step_done"]),
};

describe(`any input, ${SEEDED}`, () => {
  let office: Harness;
  let schemas: ReadonlyMap<string, Tool>;
  let known: Known;
  let usual: Usual;
  const readers = new Set(catalog.filter(({ connectors }) => connectors.length > 0).map(({ name }) => name));
  const classes = new Map(catalog.map(({ name, approval }) => [name, approval]));

  beforeAll(async () => {
    office = await startHarness({ employees: 60 });
    schemas = new Map((await advertisedTools()).map((tool) => [tool.name, tool]));
    const rollout = await office.withItReportOnly();
    // Past what the company asks its helpdesk on the second day: until the fourth, only a call changes a vendor.
    office.advance(30);
    const watched = await office.call("fetch_signin_logs", { rollout });
    const file = await readFile(office.customerFile, "utf8");
    for (const slug of ["second", "third"]) await writeFile(join(office.home, "customers", `${slug}.yaml`), file);
    const other = await office.call("start_rollout", { customer: "second", deadline: "2026-11-30" });
    const { users } = (await office.call("list_users", { rollout, limit: 50 })).structured;
    const { open_findings } = watched.structured;
    const idsIn = (rows: unknown, id: string): readonly string[] =>
      (rows as readonly Readonly<Record<string, unknown>>[]).map((row) => String(row[id])); // by their schemas
    known = {
      rollout: [rollout, rollout, String(other.structured.rollout)],
      customer: ["larkfield", "second", "third"],
      procedure: ["insurer-mfa"],
      deadline: ["2026-12-31", "2026-10-31"],
      expires: ["2026-12-31", "2026-11-15"],
      phase: ["phase_it", "phase_sales", "phase_closing"],
      phase_order: ["IT", "Sales", "Finance"],
      department: ["IT", "Sales", "‹IT›"],
      user_id: idsIn(users, "user_id"),
      finding: idsIn(open_findings, "finding_id"),
      artifact: ["exceptions", "policy:phase_it", "report"],
      cursor: ["0", "20", "-1", "1e9"],
    };
    const first = Object.fromEntries(Object.entries(known).map(([name, values]) => [name, values[0]]));
    const people = { by: "Ada Byron", owner: "Ada Byron", user: first.user_id };
    usual = { ...first, ...people, customer: "third", why: "It was mended.", reason: "It was agreed.", name: "tried" };
  }, 120_000);
  afterAll(() => office[Symbol.asyncDispose]());

  /** Calls wait for a vendor's pace, so a tool that reads vendors is called half a minute later, through a new server. */
  async function callFor(tool: string): Promise<Call> {
    if (!readers.has(tool)) return office.call;
    office.advance(1 / 120);
    return office.connect();
  }

  /**
   * Calls, and holds the answer and what it left behind against what every call promises.
   * @param before - What is there before the call.
   * @returns what is there after it.
   */
  async function judged(
    tool: string,
    args: Readonly<Record<string, unknown>>,
    { call, before }: { readonly call: Call; readonly before: Footprint },
  ): Promise<Footprint> {
    const answer = await inTime(() => call(tool, args), longestMs);
    expectShown(answer);
    const after = await footprintOf(office);
    expect(after.vendors).toBe(before.vendors);
    if (answer.isError) expectRefusal(answer);
    if (answer.isError || classes.get(tool) === "observe") expect(after).toEqual(before);
    else expectRecorded(tool, { before, after, named: String(args.rollout ?? answer.structured.rollout ?? "") });
    return after;
  }

  async function judgedAlone(tool: string, args: Readonly<Record<string, unknown>>): Promise<void> {
    const call = await callFor(tool);
    await judged(tool, args, { call, before: await footprintOf(office) });
  }

  function expectRecorded(
    tool: string,
    { before, after, named }: { readonly before: Footprint; readonly after: Footprint; readonly named: string },
  ): void {
    const allowed = RECORDED[classes.get(tool) ?? "observe"];
    for (const [rollout, ledger] of Object.entries(after.ledgers)) {
      const types = appended(before.ledgers[rollout] ?? "", ledger);
      if (rollout !== named) expect(types, "another rollout's ledger").toEqual([]);
      expect(types.filter((type) => !allowed.has(type))).toEqual([]);
    }
  }

  function expectShown({ text, structured }: Answer): void {
    const shown = [...textsIn(structured, "structured"), ["text", text] as const];
    for (const [path, value] of shown) {
      for (const secret of secretsOf(office)) expect(value.includes(secret), path).toBe(false);
      if (isDocument(path)) continue;
      const outside = value.replace(/‹[^‹›]*›/gu, "");
      for (const word of [CANARY, ESCAPED])
        expect(outside.includes(word), `${path}: ${value.slice(0, 300)}`).toBe(false);
    }
    expect(text.length).toBeLessThanOrEqual(LARGEST);
    expect(JSON.stringify(structured).length).toBeLessThanOrEqual(LARGEST);
  }

  it.each(catalog.map(({ name }) => name))(
    "%s answers arguments of its schema with a valid result or a refusal, and changes nothing unsigned",
    async (name) => {
      const args = fittingArguments(schemas.get(name)?.inputSchema, known);
      await fc.assert(
        fc.asyncProperty(args, (given) => judgedAlone(name, given)),
        randomly(6),
      );
    },
    timeFor(30_000),
  );

  it.each(catalog.map(({ name }) => name))(
    "%s survives hostile arguments, and a refused call changes nothing",
    async (name) => {
      const args = hostileArguments(schemas.get(name)?.inputSchema, known);
      await fc.assert(
        fc.asyncProperty(args, (given) => judgedAlone(name, given)),
        randomly(20),
      );
    },
    timeFor(30_000),
  );

  it.each(catalog)(
    "$name meets every hostile value in every field with a valid result or a refusal within two seconds",
    async ({ name, input }) => {
      const cells = hostileCells(schemas.get(name)?.inputSchema, usual);
      const [passing, refused] = [true, false].map((passes) =>
        cells.filter(({ args }) => input.safeParse(args).success === passes),
      );
      const call = await callFor(name);
      let before = await footprintOf(office);
      for (const cell of refused ?? []) {
        await at(cell, async () => {
          const answer = await inTime(() => call(name, cell.args));
          expect(answer.structured.code).toBe("ERR_INPUT");
          expectShown(answer);
          expectRefusal(answer);
        });
      }
      // One look is enough after all that the schema refused, because nothing of it was let in.
      expect(await footprintOf(office)).toEqual(before);
      for (const [index, cell] of (passing ?? []).entries()) {
        if (index % CALLS_AT_A_TIME === 0) {
          office.advance(1 / 120);
          before = await footprintOf(office);
        }
        before = await at(cell, () => judged(name, cell.args, { call, before }));
      }
    },
    120_000,
  );

  it("nothing was written outside of the data directory, and every ledger is whole", async () => {
    expect(await escapedFrom(office)).toEqual([]);
    for (const rollout of await office.office.parts.store.list()) {
      expect(await verifyLedger(join(office.home, "rollouts", rollout, "ledger.jsonl"))).toMatchObject({ ok: true });
    }
    expect(({} as Readonly<Record<string, unknown>>).approved).toBeUndefined();
    expect(office.log.filter((line) => line.includes("tool_failed"))).toEqual([]);
  });
});

/** Documents are given as they are signed or kept: escaped, not fenced. */
const isDocument = (path: string): boolean =>
  path === "structured.table" || path === "structured.text" || path === "text";

function expectRefusal({ text, structured }: Answer): void {
  expect(structured).toMatchObject({
    code: expect.stringMatching(CODES),
    remedy: expect.stringMatching(/^(model|operator|wait)$/),
    message: expect.stringMatching(/\S/),
    nextStep: expect.stringMatching(/\S/),
  });
  expect(text).toContain(String(structured.nextStep));
}

const longestMs = ({ isError }: Answer): number => (isError ? LONGEST_REFUSAL_MS : LONGEST_ANSWER_MS);

/** Where in the matrix something went wrong. */
async function at<Result>({ field, value }: Cell, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new Error(`${field} with ${JSON.stringify(value).slice(0, 100)}: ${String(error)}`, { cause: error });
  }
}
