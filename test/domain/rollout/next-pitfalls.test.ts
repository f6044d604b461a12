import { describe, expect, it } from "vitest";
import type { Pitfall } from "../../../src/domain/pitfalls/pitfall.ts";
import type { Next } from "../../../src/domain/rollout/next/answer.ts";
import { IT, SALES } from "../../support/rollout-facts.ts";
import { asksFor, checkTenant, follow, observe, perform } from "../../support/rollout-play.ts";
import { story } from "../../support/rollout-story.ts";

const enforcesIt = asksFor("apply_ca_policy", { phase: IT, state: "enforced" });

describe("a look at the tenant", () => {
  const pitfall: Pitfall = {
    ...{ id: "pit_000000000001", name: "guests_without_trust", severity: "breaks_work", mender: "customer_admin" },
    ...{
      acceptable: true,
      heldBy: null,
      seen: true,
      message: "3 guests.",
      remedy: "Trust them.",
      evidence: [],
      count: 0,
    },
    holds: [IT],
  };
  const withPitfall = (over: Partial<Pitfall> = {}) => {
    const told = story();
    follow(told, enforcesIt);
    checkTenant(told, [{ ...pitfall, ...over }]);
    return told;
  };

  /** What comes once the work on other phases is done: the phase's enforcement, or the wait for somebody. */
  const afterOthers = (told: ReturnType<typeof story>) => {
    const isReached = (todo: Next): boolean =>
      enforcesIt(todo) || asksFor("check_tenant")(todo) || (todo.do === "wait" && todo.for === "person");
    follow(told, isReached);
    return told.next();
  };

  it("waits for the person who can mend what it found, and says how", () => {
    expect(afterOthers(withPitfall())).toMatchObject({ do: "wait", for: "person", why: "3 guests. Trust them." });
  });

  it("is taken anew on the next day, in case it has been mended", () => {
    const told = withPitfall();
    told.pass(24);
    observe(told, {});
    perform(told, { do: "call", tool: "reconcile_users", args: {}, why: "" });
    expect(asksFor("check_tenant")(afterOthers(told))).toBe(true);
  });

  it.each<[string, Partial<Pitfall>]>([
    ["it is in another phase's way", { holds: [SALES] }],
    ["it could not be seen", { seen: false }],
    ["another gate holds it", { heldBy: "finding_open" }],
  ])("does not hold up enforcement when %s", (_, over) => {
    expect(enforcesIt(afterOthers(withPitfall(over)))).toBe(true);
  });

  it("does not hold up enforcement once a person has accepted exactly this pitfall", () => {
    const told = withPitfall();
    const decided = { findingId: pitfall.id, resolution: "accepted", by: "Dana", why: "They know." } as const;
    told.record({ type: "finding_resolved", data: decided });
    expect(enforcesIt(afterOthers(told))).toBe(true);
    checkTenant(told, [{ ...pitfall, id: "pit_000000000002" }]);
    expect(afterOthers(told)).toMatchObject({ do: "wait", for: "person" });
  });

  it("holds up enforcement whatever somebody accepts, where people would be locked out for certain", () => {
    const told = withPitfall({ acceptable: false });
    const decided = { findingId: pitfall.id, resolution: "accepted", by: "Dana", why: "No matter." } as const;
    told.record({ type: "finding_resolved", data: decided });
    expect(afterOthers(told)).toMatchObject({ do: "wait", for: "person" });
  });
});
