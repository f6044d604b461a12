import { describe, expect, it } from "vitest";
import type { Foresight } from "../../../../src/domain/model/foresight.ts";
import { sha256 } from "../../../../src/domain/model/ids.ts";
import { addHours } from "../../../../src/domain/model/time.ts";
import { FORESIGHT, finding, NOW, WATCHED_SINCE, withState } from "../../../support/gate-question.ts";
import { SALES, user } from "../../../support/rollout-facts.ts";

const foreseen = (over: Partial<Foresight>) => ({ foresights: new Map([[SALES, { ...FORESIGHT, ...over }]]) });
const helpless = (count: number) => Array.from({ length: count }, (_, n) => user(20 + n).id);
const broken = { finding: finding(20).id, userId: user(20).id, lastSeen: NOW };

describe("enforcing is refused", () => {
  it("before anybody has looked who would be locked out", () => {
    expect(withState({ foresights: new Map() })).toEqual(["foresight_missing"]);
  });

  it.each<[string, Partial<Foresight>]>([
    ["people", { list: sha256("9".repeat(64)) }],
    ["draft", { draft: sha256("9".repeat(64)) }],
    ["sign-ins", { to: addHours(NOW, -24.1) }],
  ])("when the %s have changed since", (_, over) => {
    expect(withState(foreseen(over))).toEqual(["foresight_outdated"]);
  });

  it("while evidence is missing", () => {
    expect(withState(foreseen({ missing: ["no_report_only_results"] }))).toEqual(["foresight_incomplete"]);
  });

  it("while Entra's own results say the contrary", () => {
    expect(withState(foreseen({ disputes: [`${user(20).id} what_if policy-1`] }))).toEqual(["foresight_disputed"]);
  });

  it("while it is unclear what would become of somebody", () => {
    expect(withState(foreseen({ counts: { ...FORESIGHT.counts, unclear: 1 } }))).toEqual(["foresight_unclear"]);
  });

  it("when more users cannot answer than the procedure allows, by count or by share", () => {
    expect(withState(foreseen({ cannotAnswer: helpless(1) }))).toEqual([]);
    expect(withState(foreseen({ cannotAnswer: helpless(2) }))).toEqual(["lockouts_foreseen"]);
    expect(withState(foreseen({ users: 20, cannotAnswer: helpless(2) }))).toEqual([]);
  });

  it("when a client would break that nobody has dealt with", () => {
    expect(withState(foreseen({ breaks: [broken] }))).toEqual(["lockouts_foreseen"]);
  });
});

describe("a break no longer counts", () => {
  const withFinding = (over: Parameters<typeof finding>[1], lastSeen = broken.lastSeen) =>
    withState({
      ...foreseen({ breaks: [{ ...broken, lastSeen }] }),
      findings: new Map([[broken.finding, finding(20, over)]]),
    });

  it("once a person has accepted it", () => {
    expect(withFinding({ status: "accepted" })).toEqual([]);
  });

  it("and counts again once the exception that carved it out has ended", () => {
    expect(withFinding({ status: "carved_out" })).toEqual(["finding_open"]);
  });

  it("once it is remediated, not seen since, and a day of sign-ins shows it", () => {
    expect(withFinding({ status: "remediated", resolvedAt: WATCHED_SINCE }, WATCHED_SINCE)).toEqual([]);
    expect(withFinding({ status: "remediated", resolvedAt: NOW })).toEqual(["finding_unproven"]);
    expect(withFinding({ status: "remediated", resolvedAt: addHours(NOW, -25) })).toEqual(["lockouts_foreseen"]);
  });
});

it("a user without any sign-in does not block: whoever signs the enforcement reads who it is", () => {
  expect(withState(foreseen({ silent: helpless(1) }))).toEqual([]);
});
