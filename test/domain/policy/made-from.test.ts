import { describe, expect, it } from "vitest";
import type { LivePolicy } from "../../../src/domain/model/policy.ts";
import { changedSince, madeFrom } from "../../../src/domain/policy/made-from.ts";
import { WANTED } from "../../support/gate-question.ts";
import { livePolicy, objectId } from "../../support/rollout-facts.ts";

const policy = (id: string, over: Partial<LivePolicy> = {}): LivePolicy => ({ ...livePolicy(WANTED), id, ...over });
const tenant = (policies: readonly LivePolicy[], securityDefaults = false) =>
  madeFrom({ policies, securityDefaults }, ({ id }) => id === "ours");
const quoted = (name: string): string => `<${name}>`;
const changed = (then: readonly LivePolicy[], now: readonly LivePolicy[]): readonly string[] =>
  changedSince(tenant(then), tenant(now), quoted);

describe("changedSince", () => {
  const theirs = policy("a", { displayName: "Theirs", state: "report_only", modifiedAt: null });

  it("finds nothing where the same stands in another order", () => {
    const one = { ...theirs, excludeUsers: [objectId(1), objectId(2)] };
    const other = { ...theirs, excludeUsers: [objectId(2), objectId(1)] };
    expect(changed([one, policy("b")], [policy("b"), other])).toEqual([]);
  });

  it("leaves the rollout's own policies out", () => {
    expect(changed([theirs, policy("ours")], [theirs, policy("ours", { state: "enforced" })])).toEqual([]);
    expect(changed([theirs], [theirs, policy("ours")])).toEqual([]);
  });

  it("names a policy that came, went, or was switched, then and now", () => {
    expect(changed([theirs], [{ ...theirs, state: "enforced" }])).toEqual([
      "Policy <Theirs> a was report_only, is enforced",
    ]);
    expect(changed([], [theirs])).toEqual(["Policy <Theirs> a was not there, is report_only"]);
    expect(changed([theirs], [])).toEqual(["Policy <Theirs> a was report_only, is gone"]);
  });

  it.each<Partial<LivePolicy>>([
    { excludeGroups: [] },
    { grant: ["block"] },
    { includeApplications: ["app"] },
    { unknownParts: ["sessionControls"] },
    { modifiedAt: "2026-10-15T09:00:00Z" },
  ])("notices that a policy says something else: %j", (over) => {
    expect(changed([theirs], [{ ...theirs, ...over }])).toEqual([
      expect.stringContaining("is report_only as before, but says something else"),
    ]);
  });

  it("notices security defaults", () => {
    expect(changedSince(tenant([], true), tenant([]), quoted)).toEqual(["Security defaults were on, are off"]);
  });
});
