import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compose } from "../../src/compose.ts";
import {
  CLOSING_PHASE,
  type EntraObjectId,
  entraObjectId,
  type PhaseId,
  phaseId,
  type Sha256,
  sha256,
  smtpAddress,
  type UserId,
} from "../../src/domain/model/ids.ts";
import { draftPolicy, policyTag } from "../../src/domain/policy/draft.ts";
import { fingerprint } from "../../src/domain/rollout/fingerprint.ts";
import { groupEffect, groupMembersEffect } from "../../src/kit/effects/group-effects.ts";
import { policyEffect, policyStateEffect } from "../../src/kit/effects/policy-effects.ts";
import {
  deskMarker,
  holdoutTicketEffect,
  phaseStatusEffect,
  projectEffect,
  projectPhaseEffect,
  ticketStatusEffect,
} from "../../src/kit/effects/service-desk-effects.ts";
import { mailPlanEffects, mailPlanLines } from "../../src/kit/mail-plan.ts";
import type { Effect, JsonObject, Rollout } from "../../src/ports/rollout-store.ts";
import type { Vendors } from "../../src/ports/vendors.ts";
import { jsonLogger } from "../../src/server/json-logger.ts";
import type { FaultRule } from "../support/box.ts";
import { ROLLOUT, started } from "../support/data-directory.ts";
import { type Harness, startHarness } from "../support/harness.ts";
import { CUSTOMER } from "../support/rollout-facts.ts";
import type { VendorsDump } from "../support/vendors-dump.ts";

const PLAN = sha256("a1".repeat(32));
const signal = new AbortController().signal;
const call = { signal };

/** The vendors' real clients before the simulated vendors, and a real ledger. One for all tests: each takes names of its own. */
interface Room {
  readonly office: Harness;
  readonly workshop: ReturnType<typeof compose>;
  readonly rollout: Rollout;
  readonly vendors: Pick<Vendors, "mailer" | "directory" | "conditionalAccess" | "serviceDesk">;
}
let room: Room;
beforeAll(async () => {
  const office = await startHarness({ employees: 60 });
  const workshop = compose(office.settings, { logger: jsonLogger(() => {}), actor: "server" });
  const { vendor } = await workshop.customer("larkfield");
  const vendors = {
    mailer: await vendor("mailer"),
    directory: await vendor("directory"),
    conditionalAccess: await vendor("conditionalAccess"),
    serviceDesk: await vendor("serviceDesk"),
  };
  room = { office, workshop, vendors, rollout: await workshop.store.create(ROLLOUT, started()) };
});
afterAll(() => room.office[Symbol.asyncDispose]());

const run = (effect: Effect): Promise<JsonObject> =>
  room.rollout.exclusively(() => room.rollout.once(effect, PLAN, signal));
const intend = ({ key, subject }: Effect) =>
  room.rollout.append({ type: "effect_intended", data: { key, plan: PLAN, subject } });

/** Does the effect as a process does that dies right after it: the ledger knows the intent and the notes, no outcome. */
async function dieAfter(effect: Effect): Promise<JsonObject> {
  await intend(effect);
  const { key } = effect;
  const note = async (marker: JsonObject): Promise<void> =>
    void (await room.rollout.append({ type: "effect_noted", data: { key, note: marker } }));
  return effect.perform({ noted: {}, note, signal });
}

/** One mail of a plan, to a person named by the test. */
function mailTo(name: string, wrote: string[] = []): Effect {
  const plan = {
    template: "---\nsubject: MFA for {{ display_name }}\n---\nHello {{ display_name }}",
    mails: [
      {
        key: `${ROLLOUT}/announcement/phase_it/${name}`,
        userId: name,
        to: `${name}@larkfieldfoods.com`,
        toName: name,
        cc: ["boss@larkfieldfoods.com"],
        managerState: "ok",
        values: { display_name: name },
      },
    ],
  };
  const writing = {
    ...room.workshop.writing,
    mail: async (...given: Parameters<typeof room.workshop.writing.mail>) => {
      wrote.push(name);
      return room.workshop.writing.mail(...given);
    },
  };
  const [effect] = mailPlanEffects(plan, {
    kind: "announcement",
    phase: phaseId("IT"),
    mailer: room.vendors.mailer,
    writing,
    replyTo: smtpAddress("help@larkfieldfoods.com"),
  });
  if (effect === undefined) throw new Error("one effect a mail");
  return effect;
}

const groupOf = (name: string) => ({ nickname: `mfa_${name}`, displayName: `MFA ${name}`, members: [] });
const place = () => ({ rollout: ROLLOUT, desk: room.vendors.serviceDesk });
const someProject = async (): Promise<string> => String((await run(projectEffect(place(), PROJECT))).projectId);
const PROJECT = { name: "MFA rollout", start: "2026-10-05", end: "2026-10-31" };

async function policyFor(phase: PhaseId): Promise<Effect> {
  const { documents } = room.workshop;
  const draft = draftPolicy({
    rollout: ROLLOUT,
    phase: { id: CLOSING_PHASE, department: null, order: 0 },
    customer: CUSTOMER,
    emergencyObjectIds: [],
  });
  const groups = new Map<string, EntraObjectId>();
  for (const nickname of draft.excludeGroups) {
    groups.set(
      nickname,
      entraObjectId(
        String((await run(groupEffect(ROLLOUT, { ...groupOf("x"), nickname }, room.vendors.directory))).groupId),
      ),
    );
  }
  const described = { ...draft, description: `Ours. ${policyTag(ROLLOUT, phase)}` };
  const stored: Sha256 = await documents.put(JSON.stringify(described));
  const groupId = async (nickname: string): Promise<EntraObjectId> => groups.get(nickname) ?? entraObjectId("");
  return policyEffect({
    rollout: ROLLOUT,
    phase,
    draft: stored,
    policies: room.vendors.conditionalAccess,
    documents,
    groupId,
  });
}

interface Kind {
  readonly what: string;
  make(name: string): Effect | Promise<Effect>;
  count(held: VendorsDump, name: string): number;
  readonly write: FaultRule;
}
const of = (found: readonly unknown[]): number => found.length;
const KINDS: readonly Kind[] = [
  {
    what: "a mail",
    make: (name) => mailTo(name),
    count: ({ gmail }, name) =>
      of(gmail.sent.filter(({ headers }) => headers["X-MFA-Rollout-Key"]?.endsWith(`/${name}`))),
    write: { vendor: "gmail", method: "POST", path: "/drafts/send$", kind: "lost_answer" },
  },
  {
    what: "a group",
    make: (name) => groupEffect(ROLLOUT, groupOf(name), room.vendors.directory),
    count: ({ entra }, name) => of(entra.groups.filter(({ mailNickname }) => mailNickname === `mfa_${name}`)),
    write: { vendor: "graph", method: "POST", path: "/groups$", kind: "lost_answer" },
  },
  {
    what: "a policy",
    make: (name) => policyFor(phaseId(name)),
    count: ({ entra }, name) =>
      of(entra.policies.filter((policy) => String(policy.description).includes(policyTag(ROLLOUT, phaseId(name))))),
    write: { vendor: "graph", method: "POST", path: "/policies$", kind: "lost_answer" },
  },
  {
    what: "a project",
    make: (name) => projectEffect({ ...place(), rollout: name }, { ...PROJECT, name }),
    count: ({ connectwise }, name) => of(connectwise.projects.filter((project) => project.name === name)),
    write: { vendor: "connectwise", method: "POST", path: "/projects$", kind: "lost_answer" },
  },
  {
    what: "a phase of the project",
    make: (name) =>
      projectPhaseEffect(place(), { id: phaseId(name), description: `MFA: ${name}`, projectId: someProject }),
    count: ({ connectwise }, name) =>
      of(connectwise.phases.filter(({ description }) => description === `MFA: ${name}`)),
    write: { vendor: "connectwise", method: "POST", path: "/phases$", kind: "lost_answer" },
  },
  {
    what: "a holdout's ticket",
    make: (name) => holdoutTicketEffect(place(), ticketFor(name)),
    count: ({ connectwise }, name) =>
      of(connectwise.tickets.filter(({ summary }) => summary === `MFA not set up: ${name}`)),
    write: { vendor: "connectwise", method: "POST", path: "/tickets$", kind: "lost_answer" },
  },
];

const ticketFor = (name: string) => ({
  userId: `usr_${name}` as UserId,
  summary: `MFA not set up: ${name}`,
  text: "Days to the deadline: 3.",
  projectId: someProject,
  phaseId: async () =>
    String(
      (
        await run(
          projectPhaseEffect(place(), { id: phaseId("tickets"), description: "MFA: tickets", projectId: someProject }),
        )
      ).phaseId,
    ),
});

describe.each(KINDS)("$what", ({ what, make, count, write }) => {
  const slug = what.replaceAll(/[^a-z]/g, "");
  const counted = async (name: string): Promise<number> => count(await room.office.dump(), name);

  it("is made once, however often it is asked for", async () => {
    const name = `${slug}once`;
    const outcome = await run(await make(name));
    expect(await run(await make(name))).toEqual(outcome);
    expect(await counted(name)).toBe(1);
  });

  it("is found again after a process died right after making it", async () => {
    const name = `${slug}after`;
    await dieAfter(await make(name));
    await run(await make(name));
    expect(await counted(name)).toBe(1);
  });

  it("is made after a process died right before making it", async () => {
    const name = `${slug}before`;
    await intend(await make(name));
    expect(await counted(name)).toBe(0);
    await run(await make(name));
    expect(await counted(name)).toBe(1);
  });

  it("is made once when the answer is lost", async () => {
    const name = `${slug}lost`;
    const effect = await make(name);
    await someProject();
    await ticketFor(name).phaseId();
    await room.office.box.fail(write);
    await run(effect);
    expect(await counted(name)).toBe(1);
    await room.office.mend();
  });
});

describe("the mails of a plan", () => {
  it("are sent from the draft that was noted, and not written again", async () => {
    const wrote: string[] = [];
    const effect = mailTo("noted", wrote);
    await intend(effect);
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
    expect(await run(effect)).toMatchObject({ draftId });
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
    const made = await run(groupEffect(ROLLOUT, group, directory));
    const id = entraObjectId(String(made.groupId));
    await directory.addGroupMembers(id, [stranger, ...members.slice(0, 1)], call);
    const fill = (round: number): Effect =>
      groupMembersEffect({ rollout: ROLLOUT, group, round }, directory, async () => id);
    const filled = async () => new Set(await Array.fromAsync(directory.listGroupMembers(id, call)));
    await expect.poll(filled, { timeout: 15_000 }).toEqual(new Set([stranger, ...members.slice(0, 1)]));
    expect(await run(fill(0))).toEqual({ members: 3, added: 2, removed: 1 });
    await expect.poll(filled, { timeout: 15_000 }).toEqual(new Set(members));
    expect((await room.rollout.state()).groupMembers.get("mfa_filled")).toBe(fingerprint(members));
    expect((await fill(1).find({ noted: {}, signal })).state).toBe("done");
  });
});

describe("states", () => {
  it("of a policy are set, seen, and set again in another round", async () => {
    const policies = room.vendors.conditionalAccess;
    const phase = phaseId("states");
    const { policyId } = await run(await policyFor(phase));
    const to = (state: "report_only" | "disabled", round: number): Effect =>
      policyStateEffect({ rollout: ROLLOUT, phase, to: state, round }, policies, async () => String(policyId));
    const shown = async () => (await policies.getPolicy(String(policyId), call))?.state;
    await run(to("disabled", 0));
    await expect.poll(shown, { timeout: 15_000 }).toBe("disabled");
    await run(to("report_only", 1));
    await run(to("disabled", 0));
    await expect.poll(shown, { timeout: 15_000 }).toBe("report_only");
    expect((await to("report_only", 2).find({ noted: {}, signal })).state).toBe("done");
    expect((await to("disabled", 2).find({ noted: {}, signal })).state).toBe("absent");
  });

  it("of a phase and a ticket are set at the desk, each change once", async () => {
    const desk = room.vendors.serviceDesk;
    const projectId = await someProject();
    const ticket = ticketFor("status");
    const { ticketId } = await run(holdoutTicketEffect(place(), ticket));
    const phase = {
      phase: phaseId("tickets"),
      status: "In Progress",
      round: 0,
      projectId: someProject,
      phaseId: ticket.phaseId,
    };
    await run(phaseStatusEffect(place(), phase));
    await run(
      ticketStatusEffect(place(), {
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
