import { describe, expect, it } from "vitest";
import type { Pitfall } from "../../../src/domain/pitfalls/pitfall.ts";
import { IT, SALES } from "../../support/rollout-facts.ts";
import { asksFor, checkTenant, follow, observe, perform } from "../../support/rollout-play.ts";
import { story } from "../../support/rollout-story.ts";

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
    follow(told, asksFor("apply_ca_policy", { phase: IT, state: "enforced" }));
    checkTenant(told, [{ ...pitfall, ...over }]);
    return told;
  };

  it("waits for the person who can mend what it found, and says how", () => {
    expect(withPitfall().next()).toMatchObject({ do: "wait", for: "person", why: "3 guests. Trust them." });
  });

  it("is taken anew on the next day, in case it has been mended", () => {
    const told = withPitfall();
    told.pass(24);
    observe(told, {});
    perform(told, { do: "call", tool: "reconcile_users", args: {}, why: "" });
    expect(asksFor("check_tenant")(told.next())).toBe(true);
  });

  it.each<[string, Partial<Pitfall>]>([
    ["it is in another phase's way", { holds: [SALES] }],
    ["it could not be seen", { seen: false }],
    ["another gate holds it", { heldBy: "finding_open" }],
  ])("does not hold up enforcement when %s", (_, over) => {
    expect(asksFor("apply_ca_policy", { phase: IT })(withPitfall(over).next())).toBe(true);
  });

  it("does not hold up enforcement once a person has accepted exactly this pitfall", () => {
    const told = withPitfall();
    const decided = { findingId: pitfall.id, resolution: "accepted", by: "Dana", why: "They know." } as const;
    told.record({ type: "finding_resolved", data: decided });
    expect(asksFor("apply_ca_policy", { phase: IT })(told.next())).toBe(true);
    checkTenant(told, [{ ...pitfall, id: "pit_000000000002" }]);
    expect(told.next()).toMatchObject({ do: "wait", for: "person" });
  });

  it("holds up enforcement whatever somebody accepts, where people would be locked out for certain", () => {
    const told = withPitfall({ acceptable: false });
    const decided = { findingId: pitfall.id, resolution: "accepted", by: "Dana", why: "No matter." } as const;
    told.record({ type: "finding_resolved", data: decided });
    expect(told.next()).toMatchObject({ do: "wait", for: "person" });
  });
});
