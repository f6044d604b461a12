import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { entraObjectId, phaseId, smtpAddress } from "../../src/domain/model/ids.ts";
import { fingerprint } from "../../src/domain/rollout/fingerprint.ts";
import { groupEffect, groupMembersEffect } from "../../src/kit/effects/group-effects.ts";
import { policyStateEffect } from "../../src/kit/effects/policy-effects.ts";
import {
  deskMarker,
  holdoutTicketEffect,
  phaseStatusEffect,
  ticketStatusEffect,
} from "../../src/kit/effects/service-desk-effects.ts";
import { mailPlanLines } from "../../src/kit/mail-plan.ts";
import type { Effect } from "../../src/ports/rollout-store.ts";
import { ROLLOUT } from "../support/data-directory.ts";
import { type EffectsRoom, effectsRoom, groupOf } from "../support/effects-room.ts";

const signal = new AbortController().signal;
const call = { signal };

let room: EffectsRoom;
beforeAll(async () => {
  room = await effectsRoom();
});
afterAll(() => room[Symbol.asyncDispose]());

describe("the mails of a plan", () => {
  it("are sent from the draft that was noted, and not written again", async () => {
    const wrote: string[] = [];
    const effect = room.mailTo("noted", wrote);
    await room.intend(effect);
    const rendered = await room.workshop.writing.mail("---\nsubject: S\n---\nT", {});
    const { draftId } = await room.vendors.mailer.createDraft(
      {
        ...rendered,
        to: smtpAddress("noted@larkfieldfoods.com"),
        toName: "noted",
        cc: [],
        replyTo: null,
        key: effect.key,
      },
      call,
    );
    await room.rollout.append({ type: "effect_noted", data: { key: effect.key, note: { draftId } } });
    expect(await room.run(effect)).toMatchObject({ draftId });
    expect(wrote).toEqual([]);
  });

  it("are read whole by the person who signs: text, values and every recipient with who is copied", () => {
    const mail = {
      key: "k",
      userId: "u",
      to: "ada@x.example",
      toName: "Ada",
      cc: ["boss@x.example"],
      managerState: "ok",
      date: null,
      values: { display_name: "Ada" },
    };
    const lines = mailPlanLines({
      template: "Hello\nYou",
      mails: [mail, { ...mail, to: "bo@x.example", toName: "Bo", cc: [], managerState: "departed" }],
    });
    expect(lines).toContain("To Ada <ada@x.example>, copy boss@x.example");
    expect(lines).toContain("To Bo <bo@x.example>, copy nobody (manager: departed)");
    expect(lines).toContain("  display_name: Ada");
    expect(lines.slice(-2)).toEqual(["  | Hello", "  | You"]);
  });
});

describe("a group's members", () => {
  it("become exactly those of the plan: missing ones come, strangers go", async () => {
    const { directory } = room.vendors;
    const accounts = (await Array.fromAsync(directory.listAccounts(call))).slice(0, 4).map(({ objectId }) => objectId);
    const [stranger, ...members] = accounts;
    if (stranger === undefined) throw new Error("the company has accounts");
    const group = { ...groupOf("filled"), members };
    const made = await room.run(groupEffect(ROLLOUT, group, directory));
    const id = entraObjectId(String(made.groupId));
    await directory.addGroupMembers(id, [stranger, ...members.slice(0, 1)], call);
    const fill = (round: number): Effect =>
      groupMembersEffect({ rollout: ROLLOUT, group, round }, directory, async () => id);
    const filled = async () => new Set(await Array.fromAsync(directory.listGroupMembers(id, call)));
    await expect.poll(filled, { timeout: 15_000 }).toEqual(new Set([stranger, ...members.slice(0, 1)]));
    // How many it added is told by a read that may lag: whoever it did not see yet is added once more, which changes nothing.
    expect(await room.run(fill(0))).toMatchObject({ members: 3, removed: 1 });
    await expect.poll(filled, { timeout: 15_000 }).toEqual(new Set(members));
    expect((await room.rollout.state()).groupMembers.get("mfa_filled")).toBe(fingerprint(members));
    expect((await fill(1).find({ noted: {}, signal })).state).toBe("done");
  });
});

describe("states", () => {
  it("of a policy are set, seen, and set again in another round", async () => {
    const policies = room.vendors.conditionalAccess;
    const phase = phaseId("states");
    const { policyId } = await room.run(await room.policyFor(phase));
    const to = (state: "report_only" | "disabled", round: number): Effect =>
      policyStateEffect({ rollout: ROLLOUT, phase, to: state, round }, policies, async () => String(policyId));
    const shown = async () => (await policies.getPolicy(String(policyId), call))?.state;
    await room.run(to("disabled", 0));
    await expect.poll(shown, { timeout: 15_000 }).toBe("disabled");
    await room.run(to("report_only", 1));
    await room.run(to("disabled", 0));
    await expect.poll(shown, { timeout: 15_000 }).toBe("report_only");
    expect((await to("report_only", 2).find({ noted: {}, signal })).state).toBe("done");
    expect((await to("disabled", 2).find({ noted: {}, signal })).state).toBe("absent");
  });

  it("of a phase and a ticket are set at the desk, each change once", async () => {
    const desk = room.vendors.serviceDesk;
    const projectId = await room.someProject();
    const ticket = room.ticketFor("status");
    const { ticketId } = await room.run(holdoutTicketEffect(room.place, ticket));
    const phase = {
      phase: phaseId("tickets"),
      status: "In Progress",
      round: 0,
      projectId: room.someProject,
      phaseId: ticket.phaseId,
    };
    await room.run(phaseStatusEffect(room.place, phase));
    await room.run(
      ticketStatusEffect(room.place, {
        userId: ticket.userId,
        status: "Closed",
        round: 0,
        ticketId: async () => String(ticketId),
      }),
    );
    expect(
      (await desk.listPhases(projectId, call)).find(({ description }) => description === "MFA: tickets")?.status,
    ).toBe("In Progress");
    expect((await desk.listProjectTickets(projectId, call)).find(({ id }) => id === ticketId)?.status).toBe("Closed");
  });
});

it("plants markers that fit the desk's fields and differ between users", () => {
  const markers = [
    "usr_00000000-0000-4000-8000-000000000001",
    "usr_00000000-0000-4000-8000-000000000002",
    "project",
  ].map((what) => deskMarker(ROLLOUT, what));
  expect(markers.every(({ length }) => length <= 50)).toBe(true);
  expect(new Set(markers).size).toBe(3);
});
