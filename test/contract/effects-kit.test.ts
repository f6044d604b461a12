import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { GmailMailer } from "../../src/connectors/gmail/gmail-mailer.ts";
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
import { withOldReads } from "../support/old-reads.ts";

const signal = new AbortController().signal;
const call = { signal };

const replica = withOldReads("/v1.0/groups/:id/members", "/v1.0/identity/conditionalAccess/policies");
let room: EffectsRoom;
beforeAll(async () => {
  room = await effectsRoom(replica);
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

  it("are looked for by the mailbox that drafted them alone, however its address is written", async () => {
    const { clientEmail, privateKeyPem, sender } = room.office.box.secrets.gmail;
    const from = (address: string) =>
      room.mailTo("moved", [], new GmailMailer({ clientEmail, privateKeyPem, sender: address, senderName: "IT" }));
    await room.dieAfter(from(sender));
    const { noted } = (await room.rollout.state()).effects.get(from(sender).key) ?? {};
    const look = (address: string) => from(address).find({ noted: noted ?? {}, signal });
    expect(await look("other@larkfieldfoods.com")).toMatchObject({ state: "unknown" });
    expect(await look(sender.toUpperCase())).toMatchObject({ state: "done" });
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
  /** A group that holds a stranger and the first of three members, as every replica has heard. */
  async function halfFilled(name: string) {
    const { directory } = room.vendors;
    const accounts = (await Array.fromAsync(directory.listAccounts(call))).slice(0, 4).map(({ objectId }) => objectId);
    const [stranger, ...members] = accounts;
    if (stranger === undefined) throw new Error("the company has accounts");
    const group = { ...groupOf(name), members };
    const made = await room.run(groupEffect(ROLLOUT, group, directory));
    const id = entraObjectId(String(made.groupId));
    const filled = async () => new Set(await Array.fromAsync(directory.listGroupMembers(id, call)));
    expect(await filled()).toEqual(new Set());
    replica.hold();
    await directory.addGroupMembers(id, [stranger, ...members.slice(0, 1)], call);
    room.office.advance(1);
    const fill = (round: number): Effect =>
      groupMembersEffect({ rollout: ROLLOUT, group, round }, directory, async () => id);
    return { members, fill, filled };
  }

  it("become exactly those of the plan: missing ones come, strangers go", async () => {
    const { members, fill, filled } = await halfFilled("filled");
    expect(await room.run(fill(0))).toEqual({ members: 3, added: 2, removed: 1 });
    room.office.advance(1);
    expect(await filled()).toEqual(new Set(members));
    expect((await room.rollout.state()).groupMembers.get("mfa_filled")).toBe(fingerprint(members));
    expect((await fill(1).find({ noted: {}, signal })).state).toBe("done");
  });

  it("become so although the first look was shown the group as it was before", async () => {
    const { members, fill, filled } = await halfFilled("overlooked");
    replica.serveOld(1);
    expect(await room.run(fill(0))).toEqual({ members: 3, added: 3, removed: 1 });
    room.office.advance(1);
    expect(await filled()).toEqual(new Set(members));
  });
});

describe("a new policy", () => {
  const hidden = { vendor: "graph", method: "GET", path: "/policies/[^/]+$", kind: "status", status: 404 } as const;
  const withTag = async (name: string) =>
    (await room.office.dump()).entra.policies.filter(({ description }) =>
      String(description).includes(`:${phaseId(name)}]`),
    );

  it("counts once the tenant shows it, and not before", async () => {
    const effect = await room.policyFor(phaseId("lagging"));
    await room.office.box.fail({ ...hidden, times: 2 });
    const { policyId } = await room.run(effect);
    expect(await withTag("lagging")).toMatchObject([{ id: policyId }]);
    const Exchange = z.object({ url: z.string(), status: z.number().nullable() });
    const exchanges = (await room.office.box.exchanges()).map((exchange) => Exchange.parse(exchange));
    const looks = exchanges.filter(({ url }) => url.endsWith(`/policies/${policyId}`)).map(({ status }) => status);
    expect(looks.slice(0, 2)).toEqual([404, 404]);
    expect(looks.at(-1)).toBe(200);
  });

  it("that the tenant does not show is never made again, and the next call looks on", async () => {
    const effect = await room.policyFor(phaseId("unseen"));
    await room.vendors.conditionalAccess.listPolicies(call);
    replica.hold();
    replica.serveOld(100);
    await room.office.box.fail({ ...hidden, times: 100 });
    await expect(room.run(effect)).rejects.toThrow("Entra has made the policy but does not show it yet.");
    const made = await withTag("unseen");
    expect(made).toHaveLength(1);
    replica.serveOld(0);
    await room.office.mend();
    expect(await room.run(effect)).toMatchObject({ policyId: made[0]?.id });
    expect(await withTag("unseen")).toEqual(made);
  }, 60_000);
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
