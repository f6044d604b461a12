import { describe, expect, it } from "vitest";
import { hoursBetween } from "../../../src/domain/model/time.ts";
import { IT, SALES } from "../../support/rollout-facts.ts";
import { asksFor, follow } from "../../support/rollout-play.ts";
import { PROCEDURE, procedureWith, type Story, story } from "../../support/rollout-story.ts";

const RECHECK = { id: "recheck-signins", tool: "fetch_signin_logs", args: {}, wait: { daysBeforeEnforcement: 0 } };

/** Sign-ins are read again on a phase's date, at work's first hour, when the phase enforced a day before is about to be judged. */
const rechecked = (): Story => {
  const enforce = PROCEDURE.eachPhase.findIndex(({ id }) => id === "enforce");
  return story({ procedure: procedureWith({}, { eachPhase: PROCEDURE.eachPhase.toSpliced(enforce, 0, RECHECK) }) });
};

describe("a look at the sign-ins", () => {
  it("waits some minutes for a phase that is judged then, and serves both", () => {
    const told = rechecked();
    follow(told, () => told.state.policies.get(IT)?.state === "enforced");
    const enforcedAt = told.state.policies.get(IT)?.since ?? told.now;
    follow(told, () => told.state.policies.get(SALES)?.state === "enforced");
    const looks = told.state.observations.map(({ to }) => hoursBetween(enforcedAt, to)).filter((hours) => hours > 1);
    expect(looks).toHaveLength(1);
    expect(looks[0]).toBeGreaterThanOrEqual(24);
    expect(looks[0]).toBeLessThan(24.25);
  });

  it("does not wait for a phase that is judged later in the day", () => {
    const told = rechecked();
    follow(told, asksFor("apply_ca_policy", { phase: IT, state: "enforced" }));
    told.pass(3);
    follow(told, () => told.state.policies.get(IT)?.state === "enforced");
    const enforcedAt = told.state.policies.get(IT)?.since ?? told.now;
    const looks = told.state.observations.length;
    follow(told, () => told.state.observations.length > looks);
    expect(hoursBetween(enforcedAt, told.now)).toBeLessThan(24 - 2);
  });
});
