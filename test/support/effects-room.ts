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
import { groupEffect } from "../../src/kit/effects/group-effects.ts";
import { policyEffect } from "../../src/kit/effects/policy-effects.ts";
import { projectEffect, projectPhaseEffect } from "../../src/kit/effects/service-desk-effects.ts";
import { mailPlanEffects } from "../../src/kit/mail-plan.ts";
import type { MailerPort } from "../../src/ports/mailer.ts";
import type { Effect, JsonObject } from "../../src/ports/rollout-store.ts";
import type { VendorFactory } from "../../src/sandbox/core/vendor.ts";
import { jsonLogger } from "../../src/server/json-logger.ts";
import { ROLLOUT, started } from "./data-directory.ts";
import { startHarness } from "./harness.ts";
import { CUSTOMER } from "./rollout-facts.ts";

const PLAN = sha256("a1".repeat(32));
const PROJECT = { name: "MFA rollout", start: "2026-10-05", end: "2026-10-31" };
const signal = new AbortController().signal;

export const groupOf = (name: string) => ({ nickname: `mfa_${name}`, displayName: `MFA ${name}`, members: [] });

/**
 * The vendors' real clients before the simulated vendors, and a real ledger. One may serve many tests, when each takes
 * names of its own.
 */
export async function effectsRoom(options: { readonly vendors?: readonly VendorFactory[] } = {}) {
  const office = await startHarness({ employees: 60, ...options });
  const workshop = compose(office.settings, { logger: jsonLogger(() => {}), actor: "server" });
  const { vendor } = await workshop.customer("larkfield");
  const vendors = {
    mailer: await vendor("mailer"),
    directory: await vendor("directory"),
    conditionalAccess: await vendor("conditionalAccess"),
    serviceDesk: await vendor("serviceDesk"),
  };
  const rollout = await workshop.store.create(ROLLOUT, started());

  const run = (effect: Effect): Promise<JsonObject> => rollout.exclusively(() => rollout.once(effect, PLAN, signal));
  const intend = ({ key, subject }: Effect) =>
    rollout.append({ type: "effect_intended", data: { key, plan: PLAN, subject } });
  const place = { rollout: ROLLOUT, desk: vendors.serviceDesk };
  const someProject = async (): Promise<string> => String((await run(projectEffect(place, PROJECT))).projectId);
  const somePhase = async (): Promise<string> => {
    const phase = { id: phaseId("tickets"), description: "MFA: tickets", projectId: someProject };
    return String((await run(projectPhaseEffect(place, phase))).phaseId);
  };

  /** Does the effect as a process does that dies right after it: the ledger knows the intent and the notes, no outcome. */
  async function dieAfter(effect: Effect): Promise<JsonObject> {
    await intend(effect);
    const { key } = effect;
    const note = async (marker: JsonObject): Promise<void> =>
      void (await rollout.append({ type: "effect_noted", data: { key, note: marker } }));
    return effect.perform({ noted: {}, note, signal });
  }

  /** One mail of a plan, to a person named by the test, from the customer's mailbox unless told. */
  function mailTo(name: string, wrote: string[] = [], mailer: MailerPort = vendors.mailer): Effect {
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
          date: null,
          values: { display_name: name },
        },
      ],
    };
    const writing = {
      ...workshop.writing,
      mail: async (...given: Parameters<typeof workshop.writing.mail>) => {
        wrote.push(name);
        return workshop.writing.mail(...given);
      },
    };
    const [effect] = mailPlanEffects(plan, {
      kind: "announcement",
      phase: phaseId("IT"),
      mailer,
      writing,
      replyTo: smtpAddress("help@larkfieldfoods.com"),
    });
    if (effect === undefined) throw new Error("one effect a mail");
    return effect;
  }

  /** The report-only policy of a phase, with its groups made. */
  async function policyFor(phase: PhaseId): Promise<Effect> {
    const { documents } = workshop;
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
          String((await run(groupEffect(ROLLOUT, { ...groupOf("x"), nickname }, vendors.directory))).groupId),
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
      groups: [],
      policies: vendors.conditionalAccess,
      documents,
      groupId,
    });
  }

  return {
    office,
    workshop,
    vendors,
    rollout,
    run,
    intend,
    dieAfter,
    mailTo,
    policyFor,
    place,
    someProject,
    ticketFor: (name: string) => ({
      userId: `usr_${name}` as UserId,
      summary: `MFA not set up: ${name}`,
      text: "Days to the deadline: 3.",
      projectId: someProject,
      phaseId: somePhase,
    }),
    [Symbol.asyncDispose]: () => office[Symbol.asyncDispose](),
  };
}

export type EffectsRoom = Awaited<ReturnType<typeof effectsRoom>>;
