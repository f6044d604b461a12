import { expect, it } from "vitest";
import type { EffectRecord } from "../../../src/domain/model/effect.ts";
import { sha256 } from "../../../src/domain/model/ids.ts";
import { instant } from "../../../src/domain/model/time.ts";
import { showsOthersWork } from "../../../src/domain/pitfalls/others-work.ts";
import { policyRecord } from "../../support/gate-question.ts";
import { policy } from "../../support/pitfall-facts.ts";
import { IT, SALES } from "../../support/rollout-facts.ts";

const SINCE = instant("2026-10-02T08:00:00Z");
const at = (time: string) => instant(`2026-10-08T${time}Z`);

const done = (subject: EffectRecord["subject"], time: string): [string, EffectRecord] => [
  time,
  { key: time, subject, plan: null, status: "done", noted: {}, outcome: {}, at: at(time), check: null },
];
const MADE = done({ kind: "policy", phase: IT, draft: sha256("3".repeat(64)) }, "09:00:00");
const ENFORCED = done({ kind: "policy_state", phase: IT, state: "enforced" }, "15:00:00");

const shows = (
  policies: readonly ReturnType<typeof policy>[],
  over: { readonly before?: readonly string[]; readonly effects?: readonly [string, EffectRecord][] } = {},
) =>
  showsOthersWork(policies, {
    state: {
      bridges: new Map(),
      policies: new Map([[IT, { ...policyRecord, policyId: "p-it", state: "enforced" }]]),
      effects: new Map(over.effects ?? [MADE, ENFORCED]),
    },
    before: over.before ?? [],
    since: SINCE,
  });
const ours = (changedAt: ReturnType<typeof at> | null) => policy({ id: "p-it", changedAt });

it.each([
  ["our policy as we made it", [ours(at("08:59:57"))]],
  ["our policy as we last changed its state", [ours(at("14:59:50"))]],
  ["an old policy of the customer's", [ours(at("09:00:00")), policy()]],
])("%s asks nobody", (_, policies) => {
  expect(shows(policies)).toBe(false);
});

it.each([
  ["our policy, changed when we did nothing", [ours(at("12:00:00"))]],
  ["our policy, at a time that is not told", [ours(null)]],
  [
    "a policy of the customer's, changed since the rollout began",
    [ours(at("09:00:00")), policy({ changedAt: at("09:00:00") })],
  ],
  ["our policy, gone", [policy()]],
])("%s is somebody's work", (_, policies) => {
  expect(shows(policies)).toBe(true);
});

it("a policy that the last look found and this one does not is somebody's work", () => {
  expect(shows([ours(at("09:00:00"))], { before: ["p-it", "p-other"] })).toBe(true);
});

it("a change of ours explains its own policy alone, and only once it has ended", () => {
  const [key, record] = MADE;
  expect(shows([ours(at("09:00:00"))], { effects: [[key, { ...record, status: "intended" }]] })).toBe(true);
  const elsewhere = done({ kind: "policy_state", phase: SALES, state: "enforced" }, "09:00:00");
  expect(shows([ours(at("09:00:00"))], { effects: [elsewhere] })).toBe(true);
});
