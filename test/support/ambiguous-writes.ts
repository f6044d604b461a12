import { z } from "zod";
import type { EffectSubject } from "../../src/domain/model/effect.ts";
import {
  CLOSING_PHASE,
  entraObjectId,
  type PhaseId,
  phaseId,
  smtpAddress,
  type UserId,
} from "../../src/domain/model/ids.ts";
import { calendarDate, instant } from "../../src/domain/model/time.ts";
import { draftPolicy, policyTag } from "../../src/domain/policy/draft.ts";
import { channelEffect, messageEffect, tabEffect } from "../../src/kit/effects/channel-effects.ts";
import { snapshotEffect } from "../../src/kit/effects/dashboard-effect.ts";
import { groupEffect, groupMembersEffect } from "../../src/kit/effects/group-effects.ts";
import { mailEffect } from "../../src/kit/effects/mail-effect.ts";
import { policyEffect, policyStateEffect } from "../../src/kit/effects/policy-effects.ts";
import {
  holdoutTicketEffect,
  phaseStatusEffect,
  projectEffect,
  projectPhaseEffect,
  replyEffect,
  ticketStatusEffect,
} from "../../src/kit/effects/service-desk-effects.ts";
import type { Effect } from "../../src/ports/rollout-store.ts";
import type { FaultRule } from "./box.ts";
import { CUSTOMER } from "./rollout-facts.ts";
import type { VendorsDump } from "./vendors-dump.ts";
import type { WritesRoom } from "./writes-room.ts";

/** One write of one vendor, and the effect that makes it. */
export interface Write {
  readonly kind: EffectSubject["kind"];
  readonly vendor: string;
  /** Method and path as the sandbox names its route. */
  readonly route: string;
  /** An effect of its own for each name. May write by itself to prepare. */
  make(room: WritesRoom, rollout: string, name: string): Promise<Effect>;
  /** Right before the first call. */
  prepare?(room: WritesRoom): Promise<void>;
  /** How often the change stands at the vendor. */
  times(held: VendorsDump, name: string): number;
  /** Faults on the way to this write. */
  readonly before?: readonly FaultRule[];
  /** How often it stands when one request was delivered twice; 1 unless told. */
  readonly deliveredTwice?: number;
  /** Writes of one effect take turns, since each would meet the other's faults. By route unless told. */
  readonly lane?: string;
  /** The vendor offers no way to look. */
  readonly blind?: true;
}

const call = { signal: new AbortController().signal };
const count = (found: readonly unknown[]): number => found.length;

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
const TEAM = "/v1.0/teams/:team/channels";
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
const mail = (route: string): Write => ({
  kind: "mail",
  vendor: "gmail",
  lane: "mail",
  route: `POST /gmail/v1/users/:userId${route}`,
  make: async ({ vendors }, rollout, name) =>
    mailEffect({
      key: `${rollout}/mail/${name}`,
      subject: {
        kind: "mail",
        mail: "announcement",
        phase: phaseId("it"),
        userId: name as UserId,
        managerCopied: false,
      },
      mailer: vendors.mailer,
      write: async () => ({
        to: smtpAddress(`${name}@larkfieldfoods.com`),
        toName: name,
        cc: [],
        replyTo: null,
        subject: "MFA",
        text: "Soon.",
        html: "<p>Soon.</p>",
        key: `${rollout}/mail/${name}`,
      }),
    }),
  times: ({ gmail }, name) =>
    count(gmail.sent.filter(({ headers }) => headers["X-MFA-Rollout-Key"]?.endsWith(`/${name}`))),
});

/** Members of a group that holds a stranger: one write adds, another removes. */
const members = (route: string, more: Pick<Write, "before"> = {}): Write => ({
  kind: "group_members",
  vendor: "graph",
  lane: "members",
  route,
  ...more,
  async make({ vendors: { directory }, box }, rollout, name) {
    const [stranger, ...wanted] = [...box.world.accounts.keys()].slice(0, 3).map(entraObjectId);
    const group = { nickname: name, displayName: name, members: wanted };
    const { id } = await directory.createGroup({ displayName: name, description: "", mailNickname: name }, call);
    await directory.addGroupMembers(id, stranger === undefined ? [] : [stranger], call);
    // The list of members lags; whoever is not in it yet cannot be removed.
    while ((await Array.fromAsync(directory.listGroupMembers(id, call))).length === 0);
    return groupMembersEffect({ rollout, group, round: 0 }, directory, async () => id);
  },
  times: ({ entra }, name) => {
    const [group] = entra.groups.filter(({ mailNickname }) => mailNickname === name);
    return group?.members.length === 2 ? 1 : 0;
  },
});

const PATCH_MEMBERS = "PATCH /v1.0/groups/:id";
const POLICIES = "/v1.0/identity/conditionalAccess/policies";
const policyPhase = (name: string): PhaseId => phaseId(`policy ${name}`);

const policyOf = async ({ place, vendors }: WritesRoom, rollout: string, name: string): Promise<Effect> => {
  const { documents } = place;
  const phase = { id: CLOSING_PHASE, department: null, order: 0 };
  const draft = draftPolicy({ rollout, phase, customer: CUSTOMER, emergencyObjectIds: [] });
  const description = policyTag(rollout, policyPhase(name));
  return policyEffect({
    rollout,
    phase: policyPhase(name),
    draft: await documents.put(JSON.stringify({ ...draft, description, excludeGroups: [] })),
    policies: vendors.policies,
    documents,
    groupId: async () => entraObjectId(""),
  });
};

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

const message = (which: "teams" | "flow") => async (room: WritesRoom, rollout: string, name: string) => {
  // One message a second in a channel, so each has a channel of its own.
  const { teams } = room.vendors;
  const { id } = await teams.createChannel({ name: `${which} ${name}`, description: "" }, call);
  return messageEffect(`${rollout}/channel/${name}/faq`, async () => "<p>Questions?</p>", {
    helpdesk: room.vendors[which],
    channelId: async () => id,
  });
};
const messages = ({ teams }: VendorsDump, name: string): number =>
  count(teams.messages.filter((one) => JSON.stringify(one).includes(`/channel/${name}/faq`)));

const DATASETS = "POST /v1.0/myorg/groups/:group/datasets";
const snapshot = async ({ vendors }: WritesRoom, rollout: string, name: string): Promise<Effect> =>
  snapshotEffect(
    {
      snapshotId: `${rollout}/${name}`,
      rolloutId: rollout,
      customer: "Larkfield Foods",
      afterPhase: phaseId(name),
      takenAt: instant("2026-10-05T13:00:00Z"),
      day: calendarDate("2026-10-05"),
      rows: [{ department: "IT", phase: "it", inScope: 2, registered: 1, capable: 1, enforced: 0, exceptions: 0 }],
    },
    vendors.dashboard,
  );
const rows = ({ powerBi }: VendorsDump, name: string): number =>
  count(
    powerBi.datasets
      .flatMap(({ tables }) => Object.values(tables).flatMap((table) => table.rows))
      .filter(({ snapshotId }) => String(snapshotId).endsWith(`/${name}`)),
  );

/** Every write that the product makes. A kind of effect, or a route that a rollout writes to, that is not here fails a test. */
export const WRITES: readonly Write[] = [
  mail("/drafts"),
  mail("/drafts/send"),
  {
    kind: "group",
    vendor: "graph",
    route: "POST /v1.0/groups",
    make: async ({ vendors }, rollout, name) =>
      groupEffect(rollout, { nickname: name, displayName: name, members: [] }, vendors.directory),
    times: ({ entra }, name) => count(entra.groups.filter(({ mailNickname }) => mailNickname === name)),
    deliveredTwice: 2,
  },
  members(PATCH_MEMBERS),
  members("DELETE /v1.0/groups/:id/members/:member/$ref"),
  // One by one, after the many together were refused because one of them was a member already.
  members("POST /v1.0/groups/:id/members/$ref", {
    before: [{ ...faultOn({ vendor: "graph", route: PATCH_MEMBERS }), kind: "twice" }],
  }),
  {
    kind: "policy",
    vendor: "graph",
    route: `POST ${POLICIES}`,
    make: policyOf,
    times: ({ entra }, name) =>
      count(entra.policies.filter(({ description }) => String(description).endsWith(`:${policyPhase(name)}]`))),
    deliveredTwice: 2,
  },
  {
    kind: "policy_state",
    vendor: "graph",
    route: `PATCH ${POLICIES}/:id`,
    async make(room, rollout, name) {
      const made = policyOf(room, rollout, name);
      const { policyId } = await (await made).perform({ noted: {}, note: async () => {}, signal: call.signal });
      const phase = policyPhase(name);
      const change = { rollout, phase, to: "disabled", round: 0 } as const;
      return policyStateEffect(change, room.vendors.policies, async () => String(policyId));
    },
    times: ({ entra }, name) =>
      count(
        entra.policies
          .filter(
            ({ description, state }) => state === "disabled" && String(description).endsWith(`:${policyPhase(name)}]`),
          )
          .slice(0, 1),
      ),
  },
  {
    kind: "channel",
    vendor: "graph",
    route: `POST ${TEAM}`,
    make: async ({ vendors }, rollout, name) =>
      channelEffect(`${rollout}/channel/${name}`, { name, description: "" }, vendors.teams),
    times: ({ teams }, name) => count(teams.channels.filter(({ displayName }) => displayName === name)),
  },
  {
    kind: "channel_tab",
    vendor: "graph",
    route: `POST ${TEAM}/:channel/tabs`,
    async make({ vendors: { teams } }, rollout, name) {
      const { id } = await teams.createChannel({ name: `tab ${name}`, description: "" }, call);
      const tab = { name, url: "https://help.larkfieldfoods.com/mfa" };
      return tabEffect(`${rollout}/tab/${name}`, tab, { helpdesk: teams, channelId: async () => id });
    },
    times: ({ teams }, name) => count(teams.tabs.filter(({ displayName }) => displayName === name)),
    // One tab a second: the second delivery is asked to wait, and then made.
    deliveredTwice: 2,
  },
  {
    kind: "channel_message",
    vendor: "graph",
    route: `POST ${TEAM}/:channel/messages`,
    make: message("teams"),
    times: messages,
    deliveredTwice: 2,
  },
  {
    kind: "channel_message",
    vendor: "graph",
    route: "POST /workflows/:flow/triggers/manual/paths/invoke",
    make: message("flow"),
    times: messages,
    deliveredTwice: 2,
    blind: true,
  },
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
  {
    kind: "dashboard",
    vendor: "power-bi",
    lane: "dashboard",
    route: DATASETS,
    make: snapshot,
    prepare: (room) => room.forgetDatasets(),
    times: rows,
  },
  {
    kind: "dashboard",
    vendor: "power-bi",
    lane: "dashboard",
    route: `${DATASETS}/:id/tables/:table/rows`,
    make: snapshot,
    times: rows,
    deliveredTwice: 2,
  },
];

/** Where a fault has to strike to hit the write. */
export function faultOn({ vendor, route }: Pick<Write, "vendor" | "route">) {
  const [method = "", path = ""] = route.split(" ");
  const source = path.replaceAll(/[.$]/g, String.raw`\$&`).replaceAll(/:[A-Za-z]+/g, "[^/]+");
  return { vendor, method, path: `^${source}(\\?|$)` };
}
