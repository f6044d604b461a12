import { describe, expect, it } from "vitest";
import { PublicKeyApprovalDesk } from "../../src/approvals/file-approval-desk.ts";
import { planId, sha256 } from "../../src/domain/model/ids.ts";
import { calendarDate } from "../../src/domain/model/time.ts";
import type { RolloutEvent } from "../../src/domain/rollout/events.ts";
import {
  CancelledError,
  ConnectorAmbiguousError,
  ConnectorPermissionError,
  ConnectorRejectedError,
  ConnectorThrottledError,
  ConnectorUnavailableError,
  OutcomeUnknownError,
  StateError,
} from "../../src/errors.ts";
import type { Effect } from "../../src/ports/rollout-store.ts";
import { objectionsIn, objectionTo } from "../../src/server/objections.ts";
import { ARGS_KEY, carryOutRoom, TOOL } from "../support/carry-out-room.ts";
import { ROLLOUT } from "../support/data-directory.ts";

const help = { nextStep: "Wait." };
const fails = (error: Error) => async (): Promise<void> => {
  throw error;
};

/** Changes of which none builds on another. */
const beside =
  ({ effectOn }: Pick<Room, "effectOn">) =>
  (plan: { readonly to: readonly string[] }): readonly Effect[] =>
    plan.to.map((person) => ({ ...effectOn(person), after: [] }));
const hash = sha256("d4".repeat(32));
const reconciled: RolloutEvent = {
  type: "users_reconciled",
  data: {
    ...{ list: hash, findings: hash, findingCounts: {}, sources: [], joiners: [], leavers: [], movers: [] },
    counts: {
      ...{ employeesActive: 1, accounts: 1, users: 1, correlated: 1, orphanAccounts: 0, missingAccounts: 0 },
      ...{ registered: 0, capable: 0, unknownRegistration: 0 },
    },
  },
};
const classified: RolloutEvent = {
  type: "exceptions_classified",
  data: { list: hash, register: hash, table: hash, overrides: hash, total: 0, counts: {} },
};
type Room = Awaited<ReturnType<typeof carryOutRoom>>;

/** A room in which a plan for these people was proposed and signed. */
async function signed(...to: readonly string[]) {
  const room = await carryOutRoom();
  await room.call(room.act(to));
  const { digest } = await room.waiting();
  room.tick();
  await room.approve(digest);
  return { room, digest, [Symbol.asyncDispose]: room[Symbol.asyncDispose] };
}

describe("without a signature", () => {
  it("stores the whole plan, proposes it once and changes nothing", async () => {
    await using room = await carryOutRoom();
    const first = await room.call(room.act(["ada", "bo"]));
    const { digest } = await room.waiting();
    expect(first).toEqual({
      status: "approval_required",
      planId: planId(digest),
      title: "Write to 2",
      lines: ["To ada", "To bo"],
      linesTotal: 2,
      changesDone: 0,
      changesTotal: 2,
      resumeAt: null,
      note: "",
    });
    expect(await room.call(room.act(["ada", "bo"]))).toEqual(first);
    expect(room.done).toEqual([]);
    expect(await room.events()).toEqual(["plan_proposed"]);
    expect(JSON.parse(await room.place.documents.text(digest))).toEqual({
      rollout: ROLLOUT,
      customer: "larkfield",
      tool: TOOL,
      args: { phase: "phase_it" },
      round: 0,
      title: "Write to 2",
      lines: ["To ada", "To bo"],
      content: { to: ["ada", "bo"] },
      standing: null,
    });
  });

  it("proposes nothing when there is nothing to do, and says that the step is done", async () => {
    await using room = await carryOutRoom();
    expect(await room.call(room.act([]))).toMatchObject({ status: "nothing_to_do", planId: null });
    expect(await room.events()).toEqual(["step_done"]);
    expect((await room.rollout.state()).stepsDone.has(`${TOOL} ${ARGS_KEY}`)).toBe(true);
  });

  it("records what belongs to the proposal with it, once", async () => {
    await using room = await carryOutRoom();
    const date = { phase: "phase_it", enforcementDate: calendarDate("2026-10-15") };
    const onProposal = () => [{ type: "phase_scheduled", data: date } as never];
    await room.call(room.act(["ada"], { onProposal }));
    await room.call(room.act(["ada"], { onProposal }));
    expect(await room.events()).toEqual(["phase_scheduled", "plan_proposed"]);
  });

  it("shows the first lines and counts them all", async () => {
    await using room = await carryOutRoom();
    const people = Array.from({ length: 30 }, (_, n) => `p${n}`);
    const { lines, linesTotal } = await room.call(room.act(people));
    expect([lines.length, linesTotal]).toEqual([12, 30]);
  });
});

describe("a signed plan", () => {
  it("is carried out in its order, once, and recorded as done", async () => {
    await using office = await signed("ada", "bo");
    const { room } = office;
    expect(await room.call(room.act(["ada", "bo"]))).toMatchObject({ status: "done", changesDone: 2, changesTotal: 2 });
    expect(room.done).toEqual(["ada", "bo"]);
    expect(room.progress).toEqual(["1/2 Write to 2", "2/2 Write to 2"]);
    expect((await room.events()).slice(-2)).toEqual(["plan_completed", "step_done"]);
  });

  it("is used up: the same work again needs its own signature", async () => {
    await using office = await signed("ada");
    const { room, digest } = office;
    await room.call(room.act(["ada"]));
    const again = await room.call(room.act(["ada"]));
    expect(again.status).toBe("approval_required");
    expect(again.planId).not.toBe(planId(digest));
    expect(JSON.parse(await room.place.documents.text((await room.waiting()).digest))).toMatchObject({ round: 1 });
  });

  it("does not cover another content, which takes its place", async () => {
    await using office = await signed("ada");
    const { room, digest } = office;
    expect((await room.call(room.act(["ada", "eve"]))).status).toBe("approval_required");
    expect(room.done).toEqual([]);
    const state = await room.rollout.state();
    expect(state.plans.get(digest)?.status).toBe("superseded");
    expect((await room.call(room.act(["ada"]))).status).toBe("approval_required");
  });

  it("does not cover other arguments or another tool", async () => {
    await using office = await signed("ada");
    const { room } = office;
    expect((await room.call(room.act(["ada"], { args: { phase: "phase_sales" } }))).status).toBe("approval_required");
    expect((await room.call(room.act(["ada"], { tool: "send_phase_email" }))).status).toBe("approval_required");
    expect(room.done).toEqual([]);
  });

  it("is carried out once by two hosts that call at the same time", async () => {
    await using office = await signed("ada", "bo", "cy");
    const { room } = office;
    const both = await Promise.allSettled([
      room.call(room.act(["ada", "bo", "cy"])),
      room.call(room.act(["ada", "bo", "cy"])),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(room.done).toEqual(["ada", "bo", "cy"]);
    await expect(room.waiting()).rejects.toThrow("no plan waits");
  });
});

describe("a call that comes to act after another one", () => {
  it("does not take the place of the plan that was signed meanwhile", async () => {
    await using room = await carryOutRoom();
    const basis = await room.read();
    await room.call(room.act(["ada", "bo"]));
    const { digest } = await room.waiting();
    await room.approve(digest);
    const events = await room.events();
    await expect(room.call(room.act(["ada"]), { basis })).rejects.toThrow(StateError);
    expect(await room.events()).toEqual(events);
    expect((await room.rollout.state()).plans.get(digest)?.status).toBe("approved");
    expect((await room.call(room.act(["ada", "bo"]))).status).toBe("done");
  });

  it("does not take the place of a plan that it read and that was signed since", async () => {
    await using room = await carryOutRoom();
    await room.call(room.act(["ada", "bo"]));
    const { digest } = await room.waiting();
    const basis = await room.read();
    await room.approve(digest);
    await expect(room.call(room.act(["ada"]), { basis })).rejects.toThrow(StateError);
    expect((await room.call(room.act(["ada", "bo"]))).status).toBe("done");
  });

  it("proposes nothing once the work was done meanwhile", async () => {
    await using office = await signed("ada");
    const { room } = office;
    const basis = await room.read();
    await room.call(room.act(["ada"]));
    const events = await room.events();
    await expect(room.call(room.act(["ada"]), { basis })).rejects.toThrow(StateError);
    await expect(room.call(room.act([]), { basis })).rejects.toThrow(StateError);
    expect(await room.events()).toEqual(events);
  });

  it("does nothing on a list of people or exceptions that was replaced meanwhile, not even what was signed", async () => {
    for (const change of [reconciled, classified]) {
      await using office = await signed("ada");
      const { room } = office;
      const basis = await room.read();
      await room.rollout.append(change);
      for (const to of [["ada"], ["eve"], []]) {
        await expect(room.call(room.act(to), { basis })).rejects.toMatchObject({
          code: "ERR_STATE",
          nextStep: "Call the tool again.",
        });
      }
      expect(room.done).toEqual([]);
      expect((await room.call(room.act(["ada"]))).status).toBe("done");
    }
  });

  it("goes on with its own plan that was proposed and signed meanwhile", async () => {
    await using room = await carryOutRoom();
    const basis = await room.read();
    await room.call(room.act(["ada"]));
    expect((await room.call(room.act(["ada"]), { basis })).status).toBe("approval_required");
    await room.approve((await room.waiting()).digest);
    expect((await room.call(room.act(["ada"]), { basis })).status).toBe("done");
  });

  it("goes on with a plan that was begun meanwhile", async () => {
    await using office = await signed("ada", "bo");
    const { room } = office;
    const basis = await room.read();
    room.before("bo", fails(new ConnectorPermissionError("Mail.Send is missing.", help)));
    await expect(room.call(room.act(["ada", "bo"]))).rejects.toThrow(ConnectorPermissionError);
    expect((await room.call(room.act(["eve"]), { basis })).status).toBe("done");
    expect(room.done).toEqual(["ada", "bo"]);
  });

  it("is not held up by other work", async () => {
    await using room = await carryOutRoom();
    const basis = await room.read();
    await room.call(room.act(["bo"], { args: { phase: "phase_sales" } }));
    await room.call(room.act(["bo"], { tool: "send_phase_email" }));
    expect((await room.call(room.act(["ada"]), { basis })).status).toBe("approval_required");
  });
});

describe("a decision that is no approval", () => {
  it("by denial changes nothing and tells why", async () => {
    await using room = await carryOutRoom();
    await room.call(room.act(["ada"]));
    await room.deny((await room.waiting()).digest, "Wrong week.");
    expect(await room.call(room.act(["ada"]))).toMatchObject({ status: "denied", note: "Wrong week." });
    expect(room.done).toEqual([]);
  });

  it.each([
    ["by somebody who is no approver", { approver: "Mallory" }, "no approver"],
    ["with another key under an approver's name", {}, "does not match"],
  ])("%s changes nothing and says so", async (_, fields, note) => {
    await using room = await carryOutRoom();
    await using other = await carryOutRoom();
    await room.call(room.act(["ada"]));
    const { digest } = await room.waiting();
    const approval = await room.sign({ digest, ...fields }, other.robin.privateKey);
    await room.rollout.append({ type: "approval_signed", data: { approval } });
    expect(await room.call(room.act(["ada"]))).toMatchObject({
      status: "approval_required",
      note: expect.stringContaining(note),
    });
    expect(room.done).toEqual([]);
    expect([...(await objectionsIn(await room.rollout.state(), room.desk)).keys()]).toEqual([approval.signature]);
  });

  it("of a standard approver under a plan for a senior one changes nothing, and a senior one's is an approval", async () => {
    await using room = await carryOutRoom();
    const { publicKey } = room.robin;
    const senior = new PublicKeyApprovalDesk([{ name: "Robin", publicKey, tier: "senior" }]);
    const act = room.act(["ada"], { signer: "senior", tool: "send_phase_email" });
    await room.call(act);
    await room.approve((await room.waiting()).digest);
    expect(await room.call(act)).toMatchObject({
      status: "approval_required",
      note: expect.stringContaining("senior"),
    });
    expect(room.done).toEqual([]);
    expect(await room.call(act, { desk: senior })).toMatchObject({ status: "done" });
    expect(room.done).toEqual(["ada"]);
  });

  it("copied from another rollout is worth nothing", async () => {
    await using office = await signed("ada");
    const { room, digest } = office;
    const foreign = await room.sign({ digest, rollout: "rol_other" });
    expect(await room.desk.objection(foreign)).toBeNull();
    expect(await objectionTo(foreign, { id: ROLLOUT, plans: new Map() }, room.desk)).toBe(
      "The signature belongs to another rollout.",
    );
    expect(await objectionsIn(await room.rollout.state(), room.desk)).toEqual(new Map());
  });

  it("that denies falls, when its signature does not count, and approves nothing", async () => {
    await using room = await carryOutRoom();
    await using other = await carryOutRoom();
    await room.call(room.act(["ada"]));
    const { digest } = await room.waiting();
    const approval = await room.sign({ kind: "denial", digest }, other.robin.privateKey);
    await room.rollout.append({ type: "approval_denied", data: { approval } });
    expect((await room.call(room.act(["ada"]))).status).toBe("approval_required");
  });
});

describe("a plan that was interrupted", () => {
  it("goes on as it was signed although the world has changed, and repeats nothing", async () => {
    await using office = await signed("ada", "bo");
    const { room } = office;
    room.before("bo", fails(new ConnectorPermissionError("Mail.Send is missing.", help)));
    await expect(room.call(room.act(["ada", "bo"]))).rejects.toThrow(ConnectorPermissionError);
    expect(room.done).toEqual(["ada"]);
    expect(await room.call(room.act(["eve"]))).toMatchObject({ status: "done", changesDone: 2 });
    expect(room.done).toEqual(["ada", "bo"]);
  });

  it("and then denied goes no further until it is approved again", async () => {
    await using office = await signed("ada", "bo");
    const { room, digest } = office;
    const lost = fails(new ConnectorAmbiguousError("The answer was lost.", help));
    room.before("bo", lost, lost);
    await room.call(room.act(["ada", "bo"])).catch(() => {});
    room.tick();
    await room.deny(digest, "Stop.");
    expect((await room.call(room.act(["ada", "bo"]))).status).toBe("denied");
    expect((await room.call(room.act(["eve"]))).status).toBe("denied");
    expect(room.done).toEqual(["ada"]);
    room.tick();
    await room.approve(digest);
    expect((await room.call(room.act(["ada", "bo"]))).status).toBe("done");
    expect(room.done).toEqual(["ada", "bo"]);
  });

  it("by a refusal for good says how to replace it, and gives way to another plan once it is denied", async () => {
    await using office = await signed("ada", "bo");
    const { room, digest } = office;
    const act = room.act(["ada", "bo"]);
    room.before("bo", fails(new ConnectorRejectedError("The vendor refused bo.", help)));
    await expect(room.call(act)).rejects.toMatchObject({
      message: "The vendor refused bo.",
      nextStep: expect.stringMatching(`^Wait\\. .*mfa-rollout deny ${planId(digest)}, and call again`),
    });
    room.tick();
    await room.deny(digest, "Bo has another address.");
    expect((await room.call(act)).status).toBe("denied");
    const corrected = room.act(["ada", "bob"]);
    const { status, planId: other } = await room.call(corrected);
    expect([status, other]).toEqual(["approval_required", expect.not.stringMatching(planId(digest))]);
    expect((await room.rollout.state()).plans.get(digest)?.status).toBe("superseded");
    expect(room.done).toEqual(["ada"]);
    room.tick();
    await room.approve((await room.waiting()).digest);
    expect((await room.call(corrected)).status).toBe("done");
    expect(room.done).toEqual(["ada", "bob"]);
  });

  it.each([
    [90, "2026-10-05T07:02:30.000Z"],
    [undefined, "2026-10-05T07:02:00.000Z"],
  ])("by a vendor's limit of %s seconds says when it goes on", async (retryAfterSeconds, resumeAt) => {
    await using office = await signed("ada", "bo");
    const { room } = office;
    room.before("bo", fails(new ConnectorThrottledError("Slow down.", { ...help, details: { retryAfterSeconds } })));
    expect(await room.call(room.act(["ada", "bo"]))).toMatchObject({
      status: "paused",
      changesDone: 1,
      changesTotal: 2,
      resumeAt,
    });
    expect((await room.rollout.state()).paused.get(`${TOOL} ${ARGS_KEY}`)).toBe(resumeAt);
    expect((await room.call(room.act(["ada", "bo"]))).status).toBe("done");
    expect(room.done).toEqual(["ada", "bo"]);
    expect((await room.rollout.state()).paused.size).toBe(0);
  });

  it("by its caller says how far it got, and goes on", async () => {
    await using office = await signed("ada", "bo", "cy");
    const { room } = office;
    const caller = new AbortController();
    room.before("ada", async () => caller.abort());
    const call = room.call(room.act(["ada", "bo", "cy"]), { signal: caller.signal });
    await expect(call).rejects.toMatchObject({
      code: new CancelledError("", help).code,
      details: { done: 1, total: 3 },
    });
    expect(room.done).toEqual(["ada"]);
    await room.call(room.act(["ada", "bo", "cy"]));
    expect(room.done).toEqual(["ada", "bo", "cy"]);
  });

  it("by a vendor that fails for a moment is tried again in the same call, three times in all", async () => {
    await using office = await signed("ada");
    const { room } = office;
    const down = fails(new ConnectorUnavailableError("Down.", help));
    room.before("ada", down, down, down);
    await expect(room.call(room.act(["ada"]))).rejects.toThrow(ConnectorUnavailableError);
    room.before("ada", down, down);
    expect((await room.call(room.act(["ada"]))).status).toBe("done");
    expect(room.done).toEqual(["ada"]);
  });
});

describe("a sender's quota", () => {
  const quota = { perMinute: 2, perDay: 3 };
  const people = ["ada", "bo", "cy", "dee"];

  it("holds back the rest, says until when, and lets it go on with the same signature", async () => {
    await using office = await signed(...people);
    const { room } = office;
    const send = () => room.call(room.act(people, { quota, effects: beside(room) }));
    expect(await send()).toMatchObject({
      status: "paused",
      changesDone: 2,
      changesTotal: 4,
      resumeAt: "2026-10-05T07:02:00.000Z",
      note: "The sender may send 2 mails in a minute and 3 in 24 hours.",
    });
    expect(room.done).toEqual(["ada", "bo"]);

    room.tick(1);
    expect(await send()).toMatchObject({ status: "paused", changesDone: 3, resumeAt: "2026-10-06T07:01:00.000Z" });
    room.tick(24 * 60 - 1);
    expect(await send()).toMatchObject({ status: "done", changesDone: 4, resumeAt: null });
    expect(room.done).toEqual(people);
  });

  it("counts what an earlier campaign of the rollout sent", async () => {
    await using office = await signed("ada", "bo");
    const { room } = office;
    await room.call(room.act(["ada", "bo"], { quota }));
    await room.call(room.act(["cy"], { quota }));
    await room.approve((await room.waiting()).digest);
    expect(await room.call(room.act(["cy"], { quota }))).toMatchObject({ status: "paused", changesDone: 0 });
    expect(room.done).toEqual(["ada", "bo"]);
  });

  it("is waited for from now on where mails were dated by a clock that ran days ahead", async () => {
    await using base = await signed("ada", "bo", "cy", "di");
    const { room } = base;
    const send = () => room.call(room.act(["ada", "bo", "cy", "di"], { quota, effects: beside(room) }));
    const days = (n: number) => room.tick(n * 24 * 60);
    days(3);
    await send();
    room.tick();
    expect(await send()).toMatchObject({ status: "paused", changesDone: 3 });
    days(-3); // Somebody set the clock right.
    const until = room.place.time.now.replace("-05T", "-06T");
    expect(await send()).toMatchObject({ status: "paused", changesDone: 3, resumeAt: until });
    days(1);
    expect(await send()).toMatchObject({ status: "done", changesDone: 4 });
    expect(room.done).toEqual(["ada", "bo", "cy", "di"]);
  });

  it("does not hold back what is no mail", async () => {
    await using office = await signed(...people);
    const { room } = office;
    const effects = () =>
      people.map((person) => ({ ...room.effectOn(person), subject: { kind: "psa_project" } as const }));
    expect((await room.call(room.act(people, { quota, effects }))).status).toBe("done");
  });
});

describe("changes side by side", () => {
  it("are each made once, no more than eight at a time", async () => {
    const people = Array.from({ length: 20 }, (_, n) => `p${String(n).padStart(2, "0")}`);
    await using office = await signed(...people);
    const { room } = office;
    const eight = Promise.withResolvers<void>();
    let most = 0;
    let now = 0;
    for (const person of people) {
      room.before(person, async () => {
        now += 1;
        most = Math.max(most, now);
        if (now === 8) eight.resolve();
        await eight.promise;
        await room.place.documents.put(person);
        now -= 1;
      });
    }
    expect(await room.call(room.act(people, { effects: beside(room) }))).toMatchObject({
      status: "done",
      changesDone: 20,
    });
    expect([...room.done].sort()).toEqual(people);
    expect(most).toBe(8);
  });

  it("begin nothing new after one has failed", async () => {
    const people = Array.from({ length: 20 }, (_, n) => `p${String(n).padStart(2, "0")}`);
    await using office = await signed(...people);
    const { room } = office;
    room.before("p00", fails(new ConnectorPermissionError("Missing.", help)));
    await expect(room.call(room.act(people, { effects: beside(room) }))).rejects.toThrow(ConnectorPermissionError);
    expect(room.done.length).toBeLessThanOrEqual(8);
    await room.call(room.act(people, { effects: beside(room) }));
    expect([...room.done].sort()).toEqual(people);
  });

  it("go on past one whose end is unknown, which a person is then asked about", async () => {
    const people = Array.from({ length: 9 }, (_, n) => `p${n}`);
    await using office = await signed(...people);
    const { room } = office;
    room.before("p0", fails(new OutcomeUnknownError("Unknown.", help)));
    await expect(room.call(room.act(people, { effects: beside(room) }))).rejects.toThrow(OutcomeUnknownError);
    expect([...room.done].sort()).toEqual(people.slice(1));
  });

  it("begin when what they build on is done, whatever else is under way", async () => {
    await using office = await signed("group", "members", "policy", "state");
    const { room } = office;
    const key = (name: string): string => room.effectOn(name).key;
    const effects = (): readonly Effect[] => [
      { ...room.effectOn("group"), after: [] },
      { ...room.effectOn("members"), after: [key("group")] },
      { ...room.effectOn("policy"), after: [key("group")] },
      room.effectOn("state"),
    ];
    const policyIsMade = Promise.withResolvers<void>();
    room.before("members", () => policyIsMade.promise);
    room.before("policy", async () => policyIsMade.resolve());
    await room.call(room.act(["group", "members", "policy", "state"], { effects }));
    expect(room.done.at(0)).toBe("group");
    expect(room.done.at(-1)).toBe("state");
  });

  it("hold up what builds on one whose end is unknown, and nothing else", async () => {
    await using office = await signed("group", "members", "other");
    const { room } = office;
    const effects = (): readonly Effect[] => [
      { ...room.effectOn("group"), after: [] },
      { ...room.effectOn("members"), after: [room.effectOn("group").key] },
      { ...room.effectOn("other"), after: [] },
    ];
    room.before("group", fails(new OutcomeUnknownError("Unknown.", help)));
    await expect(room.call(room.act(["group", "members", "other"], { effects }))).rejects.toThrow(OutcomeUnknownError);
    expect(room.done).toEqual(["other"]);
  });
});

it("stops changes in order at one whose end is unknown, since what follows may build on it", async () => {
  await using office = await signed("ada", "bo");
  const { room } = office;
  room.before("ada", fails(new OutcomeUnknownError("Unknown.", help)));
  await expect(room.call(room.act(["ada", "bo"]))).rejects.toThrow(OutcomeUnknownError);
  expect(room.done).toEqual([]);
});
