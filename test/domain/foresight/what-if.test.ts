import { describe, expect, it } from "vitest";
import { NOBODY } from "../../../src/domain/foresight/access-policy.ts";
import { whatIfDisputes } from "../../../src/domain/foresight/what-if.ts";
import { accessPolicy } from "../../support/access-policy.ts";
import { objectId } from "../../support/rollout-facts.ts";

describe("whatIfDisputes", () => {
  const users = { include: { ...NOBODY, everyone: true }, exclude: { ...NOBODY, groups: ["out"] } };
  const rules = {
    policies: [accessPolicy({ id: "all", users }), accessPolicy({ id: "watched", state: "report_only" })],
    locations: [],
    membership: { groups: new Map([["out", new Set([objectId(1)])]]), roles: new Map() },
  };
  const disputes = (n: number, applied: readonly string[], among = rules) =>
    whatIfDisputes(among, { objectId: objectId(n), guest: null }, applied);

  it("names nothing where Entra says the same, report-only policies included", () => {
    expect(disputes(2, ["all", "watched"])).toEqual([]);
    expect(disputes(1, ["watched"])).toEqual([]);
  });

  it("names a policy of which Entra says that it applies to somebody left out, or does not to somebody meant", () => {
    expect(disputes(1, ["all", "watched"])).toEqual(["all"]);
    expect(disputes(2, ["all"])).toEqual(["watched"]);
  });

  it("passes over a policy whose conditions the question leaves open", () => {
    const platforms = { include: ["android"], exclude: [] };
    expect(disputes(2, [], { ...rules, policies: [accessPolicy({ platforms })] })).toEqual([]);
  });
});
