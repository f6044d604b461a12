import { describe, expect, it } from "vitest";
import type { StandingTerms } from "../../src/domain/model/plan.ts";
import { calendarDate } from "../../src/domain/model/time.ts";
import { objectionsIn } from "../../src/server/objections.ts";
import { carryOutRoom, TOOL } from "../support/carry-out-room.ts";

const TEXTS = { standingTexts: ["Hello {{ given_name }}"] };

/** A room with a standing approval for so many changes of the tool, made from a first proposed plan as a person does. */
async function withStanding(largestCount: number, over: Partial<StandingTerms> = {}) {
  const room = await carryOutRoom();
  await room.call(room.act(["first"], TEXTS));
  const { standing } = await room.waiting();
  if (standing === null) throw new Error("the plan may be covered");
  await room.standing({
    tool: TOOL,
    textsHash: standing.textsHash,
    largestCount,
    until: calendarDate("2026-10-20"),
    ...over,
  });
  return room;
}

describe("a standing approval", () => {
  it("covers plan after plan to its last change, and counts each once", async () => {
    await using room = await withStanding(3);
    expect((await room.call(room.act(["ada"], TEXTS))).status).toBe("done");
    expect((await room.call(room.act(["bo", "cy"], TEXTS))).status).toBe("done");
    expect((await room.rollout.state()).standing.map(({ used }) => used)).toEqual([3]);
    expect((await room.call(room.act(["dee"], TEXTS))).status).toBe("approval_required");
    expect(room.done).toEqual(["ada", "bo", "cy"]);
  });

  it("covers no plan with more changes than are left", async () => {
    await using room = await withStanding(1);
    expect((await room.call(room.act(["ada", "bo"], TEXTS))).status).toBe("approval_required");
    expect(room.done).toEqual([]);
  });

  it("counts a plan once that was interrupted, and lets it end", async () => {
    await using room = await withStanding(2);
    room.before("bo", async () => {
      throw new Error("the process ends here");
    });
    await room.call(room.act(["ada", "bo"], TEXTS)).catch(() => {});
    expect((await room.call(room.act(["ada", "bo"], TEXTS))).status).toBe("done");
    expect((await room.rollout.state()).standing.map(({ used }) => used)).toEqual([2]);
    expect((await room.events()).filter((type) => type === "standing_used")).toHaveLength(1);
    expect(room.done).toEqual(["ada", "bo"]);
  });

  it.each<[string, Partial<StandingTerms>]>([
    ["of another tool", { tool: "update_dashboard" }],
    ["for other texts", { textsHash: "0".repeat(64) as StandingTerms["textsHash"] }],
    ["past its last day", { until: calendarDate("2026-10-04") }],
  ])("%s covers nothing", async (_, terms) => {
    await using room = await withStanding(9, terms);
    expect((await room.call(room.act(["ada"], TEXTS))).status).toBe("approval_required");
    expect(room.done).toEqual([]);
  });

  it("covers nothing when a text was changed after it", async () => {
    await using room = await withStanding(9);
    expect((await room.call(room.act(["ada"], { standingTexts: ["Pay here"] }))).status).toBe("approval_required");
  });

  it("covers no plan of a tool that is always signed one plan at a time", async () => {
    await using room = await withStanding(9);
    expect((await room.call(room.act(["ada"], { standingTexts: null }))).status).toBe("approval_required");
  });

  it("covers nothing when its signature is not an approver's", async () => {
    await using room = await carryOutRoom();
    await using other = await carryOutRoom();
    await room.call(room.act(["ada"], TEXTS));
    const { standing } = await room.waiting();
    if (standing === null) throw new Error("the plan may be covered");
    const terms = {
      tool: TOOL,
      textsHash: standing.textsHash,
      largestCount: 9,
      until: calendarDate("2026-10-20"),
    } as const;
    await room.standing(terms, other.robin.privateKey);
    expect((await room.call(room.act(["ada"], TEXTS))).status).toBe("approval_required");
    expect(room.done).toEqual([]);
    expect((await objectionsIn(await room.rollout.state(), room.desk)).size).toBe(1);
  });

  it("does not cover a plan that a person denied", async () => {
    await using room = await withStanding(9);
    await room.deny((await room.waiting()).digest, "Not this one.");
    expect((await room.call(room.act(["first"], TEXTS))).status).toBe("denied");
  });
});
