import { describe, expect, it } from "vitest";
import { PublicKeyApprovalDesk } from "../../src/approvals/file-approval-desk.ts";
import { verify } from "../../src/cli/verify.ts";
import type { StandingTerms } from "../../src/domain/model/plan.ts";
import { calendarDate } from "../../src/domain/model/time.ts";
import { objectionsIn } from "../../src/server/objections.ts";
import { approverKey, carryOutRoom, TOOL } from "../support/carry-out-room.ts";

const TEXTS = { standingTexts: ["Hello {{ given_name }}"] };

type Room = Awaited<ReturnType<typeof carryOutRoom>>;

/** Terms for so many changes of the tool, made from the proposed plan as a person does. */
async function termsFor(room: Room, largestCount: number): Promise<StandingTerms> {
  const { standing } = await room.waiting();
  if (standing === null) throw new Error("the plan may be covered");
  return { tool: TOOL, textsHash: standing.textsHash, largestCount, until: calendarDate("2026-10-20") };
}

/** A room with a standing approval for so many changes of the tool. */
async function withStanding(largestCount: number, over: Partial<StandingTerms> = {}) {
  const room = await carryOutRoom();
  await room.call(room.act(["first"], TEXTS));
  await room.standing({ ...(await termsFor(room, largestCount)), ...over });
  return room;
}

/** The customer's file lost the room's approver, and another one signed the same terms anew. */
async function renewed(room: Room, terms: StandingTerms) {
  const { publicKey, privateKey } = approverKey();
  await room.standing(terms, { approver: "Kim", key: privateKey });
  return { desk: new PublicKeyApprovalDesk([{ name: "Kim", publicKey }]) };
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
    await room.standing(await termsFor(room, 9), { key: other.robin.privateKey });
    expect((await room.call(room.act(["ada"], TEXTS))).status).toBe("approval_required");
    expect(room.done).toEqual([]);
    expect((await objectionsIn(await room.rollout.state(), room.desk)).size).toBe(1);
  });

  it("allows no more than was signed where an approver who went had signed the same terms", async () => {
    await using room = await carryOutRoom();
    await room.call(room.act(["ada", "bo", "cy"], TEXTS));
    const terms = await termsFor(room, 5);
    await room.standing(terms);
    expect((await room.call(room.act(["ada", "bo", "cy"], TEXTS))).status).toBe("done");
    const { desk } = await renewed(room, terms);
    expect((await room.call(room.act(["dee", "eve"], TEXTS), { desk })).status).toBe("done");
    expect((await room.call(room.act(["fay", "gus", "hal", "ida"], TEXTS), { desk })).status).toBe("approval_required");
    expect((await room.call(room.act(["fay", "gus", "hal"], TEXTS), { desk })).status).toBe("done");
    expect((await room.rollout.state()).standing.map(({ used }) => used)).toEqual([3, 5]);
    expect(room.done).toEqual(["ada", "bo", "cy", "dee", "eve", "fay", "gus", "hal"]);

    const lines: string[] = [];
    await verify(room.place.ledgerPath, (line) => void lines.push(line), desk);
    const signed = lines.flatMap((line) => /completed, (\d changes begun: .*)$/.exec(line)?.[1] ?? []);
    expect(signed).toEqual([
      "3 changes begun: standing by Robin, NOT GOOD",
      "2 changes begun: standing by Kim, good",
      "3 changes begun: standing by Kim, good",
    ]);
    expect(lines.filter((line) => line.startsWith("Not good: line"))).toHaveLength(1);
  });

  it("counts a plan once more that was begun under an approver who went, and has verify name both", async () => {
    await using room = await withStanding(3);
    const [given] = (await room.rollout.state()).standing;
    if (given === undefined || given.approval.terms === null) throw new Error("the room has one");
    room.before("bo", async () => {
      throw new Error("the process ends here");
    });
    await room.call(room.act(["ada", "bo"], TEXTS)).catch(() => {});
    const { desk } = await renewed(room, given.approval.terms);
    expect((await room.call(room.act(["ada", "bo"], TEXTS), { desk })).status).toBe("done");
    expect((await room.rollout.state()).standing.map(({ used }) => used)).toEqual([2, 2]);
    expect((await room.call(room.act(["cy", "dee"], TEXTS), { desk })).status).toBe("approval_required");

    const lines: string[] = [];
    await verify(room.place.ledgerPath, (line) => void lines.push(line), desk);
    expect(lines.join("\n")).toContain("2 changes begun: standing by Robin, NOT GOOD; standing by Kim, good");
  });

  it("does not cover a plan that a person denied", async () => {
    await using room = await withStanding(9);
    await room.deny((await room.waiting()).digest, "Not this one.");
    expect((await room.call(room.act(["first"], TEXTS))).status).toBe("denied");
  });
});
