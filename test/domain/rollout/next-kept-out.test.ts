import { describe, expect, it } from "vitest";
import type { BlockKind } from "../../../src/domain/model/block.ts";
import type { Exception } from "../../../src/domain/model/exception.ts";
import { calendarDate } from "../../../src/domain/model/time.ts";
import { judgePhase } from "../../../src/domain/rollout/blockers/judgement.ts";
import { blockStanding } from "../../../src/domain/rollout/blockers/watch.ts";
import { exception, IT, ROLLOUT, SETTINGS, user } from "../../support/rollout-facts.ts";
import { asksFor, follow, foresee, observe, perform } from "../../support/rollout-play.ts";
import { type Story, story } from "../../support/rollout-story.ts";

const STAFF = [10, 11, 12].map((n) => user(n, { department: "IT" }));
const [ADA, BO, CY] = STAFF.map(({ id }) => id);

/** IT is enforced and two hours have passed. */
function enforced(setting: Parameters<typeof story>[0] = {}): Story {
  const told = story({ people: [...STAFF, user(20)], ...setting });
  follow(told, () => told.state.policies.get(IT)?.state === "enforced");
  told.pass(2);
  return told;
}
const keptOut = (told: Story, users: readonly (typeof ADA)[], kind: BlockKind = "no_answer"): void =>
  observe(told, { keptOut: users.map((userId) => ({ userId: userId ?? user(0).id, phase: IT, kind })) });
const only = (told: Story) => [...told.state.blocks.values()][0];
const standing = (told: Story) => {
  const block = only(told);
  return block && blockStanding(block, told.view());
};
const resolve = (told: Story, resolution: "remediated" | "accepted"): void =>
  told.record({
    type: "finding_resolved",
    data: { findingId: only(told)?.id ?? "", resolution, by: "Priya", why: "Talked to them." },
  });

describe("the first user whom an enforced phase keeps out", () => {
  it("comes before anything else, with every way on", () => {
    const told = enforced();
    expect(told.next()).not.toMatchObject({ for: "finding" });
    keptOut(told, [ADA]);
    expect(told.next()).toMatchObject({ do: "wait", for: "finding", findingIds: [only(told)?.id] });
    const { why } = told.next();
    for (const part of [`"rollout":"${ROLLOUT}"`, `"user_id":"${ADA}"`, '"resolution":"remediated"', "roll_back"])
      expect(why).toContain(part);
  });

  it("holds the next phase until a person has decided", () => {
    const told = enforced();
    keptOut(told, [ADA]);
    told.pass(30);
    const judged = () =>
      judgePhase(told.state, IT, { settings: SETTINGS, now: told.now, roster: told.view().roster }).state;
    expect(judged()).toBe("undecided");
    resolve(told, "remediated");
    expect(judged()).not.toBe("undecided");
    expect(told.next()).not.toMatchObject({ for: "finding" });
  });

  it("is asked about again when they are kept out again after help, and not after nothing was decided", () => {
    const told = enforced();
    keptOut(told, [ADA]);
    resolve(told, "remediated");
    told.pass(1);
    keptOut(told, [ADA]);
    expect(standing(told)).toBe("open");
    resolve(told, "accepted");
    told.pass(1);
    keptOut(told, [ADA]);
    expect(standing(told)).toBe("accepted");
  });

  it("is settled when the sign-ins show them in again, and open when they are out again", () => {
    const told = enforced();
    keptOut(told, [ADA]);
    told.pass(1);
    observe(told, { recovered: [ADA ?? user(0).id] });
    expect(standing(told)).toBe("recovered");
    told.pass(1);
    keptOut(told, [ADA]);
    expect(standing(told)).toBe("open");
  });

  it("is not settled by their getting in when it is a client that cannot ask", () => {
    const told = enforced();
    keptOut(told, [ADA], "client");
    told.pass(1);
    observe(told, { recovered: [ADA ?? user(0).id] });
    expect(standing(told)).toBe("open");
  });

  it("asks nobody when whoever signed the enforcement accepted it by name", () => {
    const helpless = user(10, { department: "IT", registration: null });
    const told = story({ people: [helpless, ...STAFF.slice(1), user(20)] });
    follow(told, asksFor("foresee_lockouts", { phase: IT }));
    foresee(told, { phase: IT }, { cannotAnswer: ADA === undefined ? [] : [ADA] });
    follow(told, () => told.state.policies.get(IT)?.state === "enforced");
    told.pass(2);
    keptOut(told, [ADA], "no_method");
    expect(standing(told)).toBe("foreseen");
    foresee(told, { phase: IT }, { cannotAnswer: BO === undefined ? [] : [BO] });
    expect(standing(told), "a second host's look comes after the enforcement").toBe("foreseen");
    keptOut(told, [BO]);
    expect(told.next()).toMatchObject({ for: "finding", why: expect.stringContaining(String(BO)) });
  });
});

function except(told: Story, register: readonly Exception[]): void {
  told.told.register = register;
  perform(told, { do: "call", tool: "classify_exceptions", args: {}, why: "" });
  told.pass(1 / 60);
}

describe("an exception for a user who is kept out", () => {
  const until = (day: string): readonly Exception[] => [
    exception(10, { expires: calendarDate(day), source: "override" }),
  ];

  it("comes into force by a signature of its own, when it is short", () => {
    const told = enforced();
    keptOut(told, [ADA]);
    except(told, until("2026-10-16"));
    expect(standing(told)).toBe("to_give_back");
    expect(told.next()).toMatchObject({
      do: "call",
      tool: "apply_ca_policy",
      args: { phase: IT, state: "roll_back", user_id: ADA },
    });
    told.did(told.propose("apply_ca_policy", {}), "given", {
      kind: "group_member",
      nickname: "mfa_exceptions",
      userId: ADA ?? user(0).id,
    });
    expect(standing(told)).toBe("excepted");
    expect(told.next()).not.toMatchObject({ args: { state: "roll_back" } });
  });

  it("waits for the customer's signature like any other, when it is long", () => {
    const told = enforced();
    keptOut(told, [ADA]);
    except(told, until("2026-12-01"));
    expect(told.next()).not.toMatchObject({ args: { state: "roll_back" } });
  });
});

describe("more users than the procedure allows", () => {
  it("propose a roll-back, after which nobody is enforced again before each of them is settled", () => {
    const told = enforced();
    keptOut(told, [ADA, BO, CY]);
    expect(told.next()).toMatchObject({ do: "call", args: { phase: IT, state: "roll_back" } });
    follow(told, () => told.state.policies.get(IT)?.state === "report_only");
    const asked: string[] = [];
    follow(told, (todo) => {
      if (todo.do === "wait" && todo.for === "finding") asked.push(...todo.findingIds);
      return told.state.policies.get(IT)?.state === "enforced";
    });
    expect(new Set(asked)).toEqual(new Set(told.state.blocks.keys()));
  });
});
