import { describe, expect, it } from "vitest";
import { planId, sha256 } from "../../../src/domain/model/ids.ts";
import { calendarDate, instant } from "../../../src/domain/model/time.ts";
import { isCovered, type StandingRecord, standingCovers } from "../../../src/domain/rollout/standing.ts";

const TEXTS = sha256("1".repeat(64));
const PLAN = { tool: "answer_mfa_tickets", textsHash: TEXTS, count: 3, digest: sha256("2".repeat(64)) };
const LAST_DAY = calendarDate("2026-10-20");

const record = (over: Partial<StandingRecord> = {}): StandingRecord => ({
  approval: {
    kind: "standing",
    rollout: "rol_a",
    digest: sha256("3".repeat(64)),
    approver: "Robin",
    at: instant("2026-10-05T07:00:00Z"),
    terms: { tool: "answer_mfa_tickets", textsHash: TEXTS, largestCount: 10, until: LAST_DAY },
    note: "",
    signature: "",
  },
  used: 0,
  plans: new Set(),
  ...over,
});

describe("standingCovers", () => {
  it("covers the tool and texts that were signed, to the last change and the last day", () => {
    expect(standingCovers(record({ used: 7 }), PLAN, LAST_DAY)).toBe(true);
  });

  it.each([
    ["one change more than is left", record({ used: 8 }), PLAN, LAST_DAY],
    ["the day after the last", record(), PLAN, calendarDate("2026-10-21")],
    ["another tool", record(), { ...PLAN, tool: "update_dashboard" }, LAST_DAY],
    ["a changed text", record(), { ...PLAN, textsHash: sha256("4".repeat(64)) }, LAST_DAY],
    ["what is no standing approval", record({ approval: { ...record().approval, kind: "plan" } }), PLAN, LAST_DAY],
  ])("does not cover %s", (_, standing, plan, today) => {
    expect(standingCovers(standing, plan, today)).toBe(false);
  });

  it("does not count a plan twice", () => {
    expect(standingCovers(record({ used: 10, plans: new Set([PLAN.digest]) }), PLAN, LAST_DAY)).toBe(true);
  });
});

describe("isCovered", () => {
  const plan = {
    id: planId(PLAN.digest),
    digest: PLAN.digest,
    tool: PLAN.tool,
    argsKey: "{}",
    title: "",
    proposedAt: instant("2026-10-05T07:00:00Z"),
    standing: { textsHash: TEXTS, count: PLAN.count },
    status: "proposed",
  } as const;

  it("takes any of the rollout's standing approvals", () => {
    expect(isCovered(plan, { standing: [record({ used: 10 }), record()] }, LAST_DAY)).toBe(true);
    expect(isCovered(plan, { standing: [record({ used: 10 })] }, LAST_DAY)).toBe(false);
    expect(isCovered(plan, { standing: [] }, LAST_DAY)).toBe(false);
  });

  it("is never true of a plan that is always signed one at a time", () => {
    expect(isCovered({ ...plan, standing: null }, { standing: [record()] }, LAST_DAY)).toBe(false);
  });
});
