import { z } from "zod";
import { phaseId, type UserId } from "../../../src/domain/model/ids.ts";
import { calendarDate } from "../../../src/domain/model/time.ts";
import { fixChangeEffects, fixTicketEffect } from "../../../src/kit/effects/fix-effects.ts";
import {
  holdoutTicketEffect,
  phaseStatusEffect,
  projectEffect,
  projectPhaseEffect,
  replyEffect,
  ticketStatusEffect,
} from "../../../src/kit/effects/service-desk-effects.ts";
import type { WritesRoom } from "../writes-room.ts";
import { call, count, type Write } from "./write.ts";

/** What rows build on is made once for each of them. */
const made = new WeakMap<WritesRoom, Map<string, Promise<string>>>();
function once(room: WritesRoom, what: string, make: () => Promise<string>): Promise<string> {
  const known = made.get(room) ?? new Map<string, Promise<string>>();
  made.set(room, known);
  const promise = known.get(what) ?? make();
  known.set(what, promise);
  return promise;
}

const PSA = "/v4_6_release/apis/3.0";
const psaProject = (room: WritesRoom): Promise<string> =>
  once(room, "project", async () => {
    const project = { name: "MFA", start: "2026-10-05", end: "2026-10-31", marker: "m" };
    return (await room.vendors.desk.createProject(project, call)).id;
  });
const psaPhase = (room: WritesRoom): Promise<string> =>
  once(room, "phase", async () => {
    const phase = { description: "MFA: all" };
    return (await room.vendors.desk.createPhase(await psaProject(room), phase, call)).id;
  });
const deskPhase = (name: string) => ({ id: phaseId(name), description: `MFA: ${name}` });
const ticket = (room: WritesRoom, name: string) => ({
  userId: name as UserId,
  summary: `MFA not set up: ${name}`,
  text: "Three days are left.",
  projectId: () => psaProject(room),
  phaseId: () => psaPhase(room),
});
const statusOf = ({ status }: Readonly<Record<string, unknown>>): unknown =>
  typeof status === "object" && status !== null && "name" in status ? status.name : null;

const DUE = calendarDate("2026-10-12");
const fixPlace = (room: WritesRoom, rollout: string) => ({
  rollout,
  desk: room.vendors.desk,
  timeZone: "America/Chicago",
});

/** The note and the change with which a ticket of the fix kit is closed. */
async function fixChange(room: WritesRoom, rollout: string, name: string) {
  const told = { phaseId: await psaPhase(room), summary: `Mended: ${name}`, text: "", marker: `${rollout}/${name}` };
  const { id } = await room.vendors.desk.createProjectTicket(told, call);
  const closing = { fix: name, round: 0, status: "Closed", due: DUE, note: `Gone: ${name}.` };
  const [note, change] = fixChangeEffects(fixPlace(room, rollout), { ...closing, ticketId: async () => id });
  if (note === undefined || change === undefined) throw new Error("a note and a change");
  return { note, change };
}

/** A user's ticket at the service desk, raised through its API. */
async function raise({ box }: WritesRoom, summary: string): Promise<string> {
  const { companyId, publicKey, privateKey, clientId, customer } = box.secrets.connectwise;
  const user = Buffer.from(`${companyId}+${publicKey}:${privateKey}`).toString("base64");
  const answer = await fetch(`https://api-na.myconnectwise.net${PSA}/service/tickets`, {
    method: "POST",
    headers: { Authorization: `Basic ${user}`, clientId, "Content-Type": "application/json" },
    body: JSON.stringify({ summary, company: { identifier: customer }, board: { name: "Service Desk" } }),
  });
  return String(z.object({ id: z.number() }).parse(await answer.json()).id);
}

export const DESK_WRITES: readonly Write[] = [
  {
    kind: "psa_project",
    vendor: "connectwise",
    route: `POST ${PSA}/project/projects`,
    make: async ({ vendors: { desk } }, rollout, name) =>
      projectEffect({ rollout: `${rollout}/${name}`, desk }, { name, start: "2026-10-05", end: "2026-10-31" }),
    times: ({ connectwise }, name) => count(connectwise.projects.filter((project) => project.name === name)),
    deliveredTwice: 2,
  },
  {
    kind: "psa_phase",
    vendor: "connectwise",
    route: `POST ${PSA}/project/projects/:id/phases`,
    make: async (room, rollout, name) =>
      projectPhaseEffect(
        { rollout, desk: room.vendors.desk },
        { ...deskPhase(name), projectId: () => psaProject(room) },
      ),
    times: ({ connectwise }, name) =>
      count(connectwise.phases.filter(({ description }) => description === `MFA: ${name}`)),
    deliveredTwice: 2,
  },
  {
    kind: "psa_phase_status",
    vendor: "connectwise",
    route: `PATCH ${PSA}/project/projects/:id/phases/:phaseId`,
    async make(room, rollout, name) {
      const { desk } = room.vendors;
      const { id } = await desk.createPhase(await psaProject(room), { description: `MFA status: ${name}` }, call);
      const change = { phase: phaseId(name), status: "In Progress", round: 0 };
      const where = { projectId: () => psaProject(room), phaseId: async () => id };
      return phaseStatusEffect({ rollout, desk }, { ...change, ...where });
    },
    times: ({ connectwise }, name) =>
      count(
        connectwise.phases.filter(
          (phase) => phase.description === `MFA status: ${name}` && statusOf(phase) === "In Progress",
        ),
      ),
  },
  {
    kind: "psa_ticket",
    vendor: "connectwise",
    route: `POST ${PSA}/project/tickets`,
    make: async (room, rollout, name) => holdoutTicketEffect({ rollout, desk: room.vendors.desk }, ticket(room, name)),
    times: ({ connectwise }, name) =>
      count(connectwise.tickets.filter(({ summary }) => summary === `MFA not set up: ${name}`)),
    deliveredTwice: 2,
  },
  {
    kind: "psa_ticket_status",
    vendor: "connectwise",
    route: `PATCH ${PSA}/project/tickets/:id`,
    async make(room, rollout, name) {
      const { desk } = room.vendors;
      const told = { phaseId: await psaPhase(room), summary: `Status: ${name}`, text: "", marker: name };
      const { id } = await desk.createProjectTicket(told, call);
      const change = { userId: name as UserId, status: "Closed", round: 0 };
      return ticketStatusEffect({ rollout, desk }, { ...change, ticketId: async () => id });
    },
    times: ({ connectwise }, name) =>
      count(connectwise.tickets.filter((one) => one.summary === `Status: ${name}` && statusOf(one) === "Closed")),
  },
  {
    kind: "psa_fix",
    vendor: "connectwise",
    route: `POST ${PSA}/project/tickets`,
    make: async (room, rollout, name) =>
      fixTicketEffect(fixPlace(room, rollout), {
        ...{ fix: name, phase: "phase_it", summary: `Scanner: ${name}`, text: "Relay.", due: DUE },
        ...{ projectId: () => psaProject(room), phaseId: () => psaPhase(room) },
      }),
    times: ({ connectwise }, name) =>
      count(connectwise.tickets.filter(({ summary }) => summary === `Scanner: ${name}`)),
    deliveredTwice: 2,
  },
  {
    kind: "psa_fix_note",
    vendor: "connectwise",
    route: `POST ${PSA}/project/tickets/:id/notes`,
    make: async (room, rollout, name) => (await fixChange(room, rollout, name)).note,
    times: ({ connectwise }, name) => count(connectwise.notes.filter(({ text }) => text.startsWith(`Gone: ${name}.`))),
    deliveredTwice: 2,
  },
  {
    kind: "psa_fix_change",
    vendor: "connectwise",
    route: `PATCH ${PSA}/project/tickets/:id`,
    make: async (room, rollout, name) => (await fixChange(room, rollout, name)).change,
    times: ({ connectwise }, name) =>
      count(connectwise.tickets.filter((one) => one.summary === `Mended: ${name}` && statusOf(one) === "Closed")),
  },
  {
    kind: "ticket_reply",
    vendor: "connectwise",
    route: `POST ${PSA}/service/tickets/:id/notes`,
    async make(room, rollout, name) {
      const ticketId = await raise(room, `MFA? ${name}`);
      return replyEffect({ rollout, desk: room.vendors.desk }, { ticketId, write: async () => `Hello ${name}.` });
    },
    times: ({ connectwise }, name) => count(connectwise.notes.filter(({ text }) => text.startsWith(`Hello ${name}.`))),
    deliveredTwice: 2,
  },
];
