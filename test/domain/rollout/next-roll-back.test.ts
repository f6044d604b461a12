import { describe, expect, it } from "vitest";
import { planId } from "../../../src/domain/model/ids.ts";
import { instant } from "../../../src/domain/model/time.ts";
import { IT, SALES, user } from "../../support/rollout-facts.ts";
import { asksFor, follow, observe, perform } from "../../support/rollout-play.ts";
import { type Story, story } from "../../support/rollout-story.ts";

const ROLL_BACK = { phase: IT, state: "roll_back" };
const BLOCKED = [10, 11, 12].map((n) => user(n).id);

/** IT is enforced, and more of its users are blocked than allowed. */
function blocked(): Story {
  const told = story({ people: [...[10, 11, 12].map((n) => user(n, { department: "IT" })), user(20)] });
  follow(told, () => told.state.policies.get(IT)?.state === "enforced");
  told.pass(2);
  observe(told, { blocked: { [IT]: BLOCKED } });
  return told;
}

describe("a phase with more blocked users than allowed", () => {
  it("is rolled back before anything else, by a person's signature", () => {
    const told = blocked();
    expect(told.next()).toMatchObject({
      do: "call",
      tool: "apply_ca_policy",
      args: ROLL_BACK,
      why: expect.stringContaining("3 users of phase_it"),
    });
    const todo = told.next();
    if (todo.do === "call") perform(told, todo);
    expect(told.next()).toMatchObject({ do: "wait", for: "approval" });
  });

  it("is enforced again later and judged again", () => {
    const told = blocked();
    follow(told, () => told.state.policies.get(IT)?.state === "report_only");
    follow(told, () => told.state.policies.get(IT)?.state === "enforced");
    const since = told.state.policies.get(IT)?.since ?? told.now;
    const looks = told.state.observations.length;
    const isJudge = ({ why }: { why: string }): boolean => why.includes('"judge"') && why.includes("IT");
    follow(told, (todo) => todo.do === "call" && isJudge(todo));
    expect(Date.parse(told.now)).toBeGreaterThanOrEqual(Date.parse(since) + 24 * 3_600_000);
    expect(told.state.observations.length).toBeGreaterThanOrEqual(looks);
  });

  it("waits for a vendor's limit", () => {
    const told = blocked();
    const until = instant(Date.parse(told.now) + 60_000);
    told.record({ type: "step_paused", data: { tool: "apply_ca_policy", argsKey: JSON.stringify(ROLL_BACK), until } });
    expect(told.next()).toMatchObject({ do: "wait", for: "time", until });
    told.pass(until);
    expect(asksFor("apply_ca_policy", ROLL_BACK)(told.next())).toBe(true);
  });

  it("stays enforced when a person refuses the roll-back: the rest goes on, and the next phase is held", () => {
    const told = blocked();
    const plan = told.propose("apply_ca_policy", ROLL_BACK);
    expect(told.next()).toMatchObject({ do: "wait", for: "approval", planId: planId(plan) });
    told.deny(plan);
    follow(told, ({ do: what, ...rest }) => what === "wait" && "for" in rest && rest.for === "person");
    expect(told.next()).toMatchObject({ why: expect.stringContaining("3 users blocked in phase_it") });
    expect(told.state.mails.get("enforcement_notice")?.has(user(20).id)).toBe(true);
  });

  it("is looked at anew each day after a refusal, until the blocked users are helped", () => {
    const told = blocked();
    told.deny(told.propose("apply_ca_policy", ROLL_BACK));
    follow(told, ({ do: what, ...rest }) => what === "wait" && "for" in rest && rest.for === "person");
    told.pass(24);
    expect(told.next()).toMatchObject({ do: "call", tool: "fetch_signin_logs" });
    observe(told, {});
    follow(told, asksFor("apply_ca_policy", { phase: SALES, state: "enforced" }));
    expect(told.state.policies.get(IT)?.state).toBe("enforced");
  });
});
