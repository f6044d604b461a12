import { describe, expect, it } from "vitest";
import type { EffectRecord } from "../../../src/domain/model/effect.ts";
import { instant } from "../../../src/domain/model/time.ts";
import { groupNickname, wantedMembers } from "../../../src/domain/policy/groups.ts";
import { blockers } from "../../../src/domain/rollout/blockers.ts";
import { fingerprint } from "../../../src/domain/rollout/fingerprint.ts";
import { EMERGENCY, FACTS, ids, NOW, QUESTION, ROSTER, STATE } from "../../support/gate-question.ts";
import { ROLLOUT, SALES } from "../../support/rollout-facts.ts";

const NICKNAME = groupNickname(ROLLOUT, SALES);
const MARK = fingerprint(wantedMembers(SALES, { roster: ROSTER, emergency: EMERGENCY }));

const filled = (over: Partial<EffectRecord> & { readonly mark?: string } = {}): EffectRecord => ({
  key: "k",
  subject: { kind: "group_members", nickname: NICKNAME, fingerprint: over.mark ?? MARK },
  plan: null,
  status: "done",
  noted: {},
  outcome: {},
  at: instant("2026-10-15T14:59:00Z"),
  check: null,
  ...over,
});

/** What is said of Sales' group that shows others than belong there. */
const said = (...effects: readonly EffectRecord[]) =>
  blockers({
    ...QUESTION,
    state: { ...STATE, effects: new Map(effects.map((effect) => [effect.key, effect])) },
    facts: { ...FACTS, members: { ...FACTS.members, phase: ids(99) } },
  }).map(({ code, who, until }) => ({ code, who, until }));

describe("a group that shows others than belong there", () => {
  it("is waited for while our own change of it is moments old", () => {
    expect(said(filled())).toEqual([
      { code: "phase_group_settling", who: "wait", until: instant("2026-10-15T15:01:00Z") },
    ]);
  });

  it.each([
    ["nobody of us changed it", []],
    ["our change is older than any read", [filled({ at: instant("2026-10-15T14:57:00Z") })]],
    ["our change was of other members", [filled({ mark: "3:other" })]],
    [
      "our change was of another group",
      [filled({ subject: { kind: "group_members", nickname: "other", fingerprint: MARK } })],
    ],
    ["our change has not ended", [filled({ status: "intended" })]],
  ])("is somebody else's work when %s", (_, effects) => {
    expect(said(...effects)).toMatchObject([{ code: "phase_group_differs", who: "technician" }]);
  });

  it("is counted from the newest of several changes", () => {
    const older = filled({ key: "older", at: instant("2026-10-15T14:58:30Z") });
    expect(said(filled(), older)).toMatchObject([{ until: instant("2026-10-15T15:01:00Z") }]);
    expect(NOW).toBe("2026-10-15T15:00:00.000Z");
  });
});
