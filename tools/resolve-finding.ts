import { z } from "zod";
import { isOpenPitfall } from "../src/domain/pitfalls/open-pitfalls.ts";
import type { Pitfall } from "../src/domain/pitfalls/pitfall.ts";
import { isOpen } from "../src/domain/rollout/blockers/watch.ts";
import { HELP } from "../src/domain/rollout/next/kept-out.ts";
import type { BlockRecord, FindingRecord } from "../src/domain/rollout/state.ts";
import { isOpenFinding } from "../src/domain/signins/open-finding.ts";
import { InputError, NotFoundError, StateError } from "../src/errors.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { rolloutField } from "../src/kit/fields.ts";
import type { OpenRollout } from "../src/kit/tool-context.ts";

/** What a person signs who accepts something: what it is, whole, and the reason given. */
const Content = z.object({ finding: z.string(), by: z.string(), why: z.string(), what: z.array(z.string()) });

export const resolveFinding = defineTool({
  name: "resolve_finding",
  title: "Resolve a finding",
  description:
    "Records a finding as remediated (counts once a day of later sign-ins shows it), carved_out (its account has a signed exception) " +
    "or accepted (it may break; counts once a person has signed plan_id, then call again). A pitfall can only be accepted.",
  approval: "record",
  idempotent: true,
  connectors: [],
  input: z.strictObject({
    rollout: rolloutField,
    finding: z.string().min(1).max(60).describe("A finding_id, e.g. fnd_1a2b3c4d5e6f"),
    resolution: z.enum(["remediated", "carved_out", "accepted"]).describe("remediated, carved_out or accepted"),
    by: z.string().min(2).max(100).describe("The person who decided"),
    why: z.string().min(5).max(500).describe("What was done or why it is accepted"),
  }),
  output: z.strictObject({
    finding: z.string(),
    status: z.string().describe("open, remediated, carved_out, accepted, or approval_required, denied"),
    plan_id: z.string().optional(),
    still_open: z.number().int(),
  }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    const pitfall = open.state.tenantCheck?.pitfalls.find(({ id }) => id === input.finding);
    if (pitfall !== undefined) return resolvePitfall(open, pitfall, input);
    const block = open.state.blocks.get(input.finding);
    if (block !== undefined) return decideBlock(open, block, input);
    const finding = open.state.findings.get(input.finding);
    if (finding === undefined) {
      throw new NotFoundError("The rollout has no such finding.", {
        nextStep: "Call fetch_signin_logs or check_tenant and use a finding_id from it.",
      });
    }
    return resolve(open, finding, input);
  },

  summarize: ({ finding, status, plan_id, still_open }) =>
    `${
      status === "approval_required"
        ? `${finding} is still open: accepting it needs a person's signature. They read and sign it with: mfa-rollout approve ${plan_id}. Then call this tool again with the same arguments.`
        : status === "denied"
          ? `A person refused to accept ${finding}; it is still open.`
          : `${finding} is ${status}.`
    } ${still_open} findings are still open.`,
});

interface Decision {
  readonly resolution: "remediated" | "carved_out" | "accepted";
  readonly by: string;
  readonly why: string;
}

async function resolve(open: OpenRollout<never>, finding: FindingRecord, decision: Decision) {
  const { resolution, by, why } = decision;
  const excepted = (await open.roster()).exceptedObjectIds;
  const isOpen = finding.status === "open" || isOpenFinding(finding, excepted);
  if (!isOpen && finding.status !== resolution) {
    throw new StateError(`This finding is ${finding.status} already.`, {
      nextStep: "Nothing is to be done; call get_rollout.",
    });
  }
  const { signoff, exceptions } = open.state;
  if (resolution === "carved_out" && (!excepted.has(finding.objectId) || signoff?.table !== exceptions?.table)) {
    throw new InputError("The account of this finding has no signed exception in force.", {
      nextStep: "Add one with classify_exceptions (overrides) and have it signed off, then call again.",
    });
  }
  const { cause, upn, appName, clientApp, count, firstSeen, lastSeen, remedy } = finding;
  const what = [
    `${upn} signs in to ${appName} with ${clientApp} (${cause.replaceAll("_", " ")}), ${count} times from ${firstSeen} to ${lastSeen}.`,
    "Enforcement breaks these sign-ins. Accepting it lets them break.",
    `Instead: ${remedy}`,
  ];
  const signed = isOpen && resolution === "accepted" ? await accepted(open, finding.id, { by, why, what }) : null;
  if (isOpen && resolution !== "accepted") {
    await open.record({ type: "finding_resolved", data: { findingId: finding.id, resolution, by, why } });
  }
  const stillOpen = [...open.state.findings.values()].filter((other) => isOpenFinding(other, excepted)).length;
  const status = open.state.findings.get(finding.id)?.status ?? resolution;
  return { finding: finding.id, status, still_open: stillOpen, ...signed };
}

/** Whoever was helped and is kept out again comes back by itself, so a decision may be given again and changed. */
async function decideBlock(open: OpenRollout<never>, block: BlockRecord, { resolution, by, why }: Decision) {
  const { id, userId, phase, kind, count, firstAt, lastAt } = block;
  if (resolution === "carved_out") {
    throw new InputError("A user who is kept out is settled by the exception itself.", {
      nextStep: "Add it with classify_exceptions (overrides), then call get_rollout and do what next says.",
    });
  }
  const what = [
    `${userId} is kept out by ${phase}: ${count} sign-ins refused from ${firstAt} to ${lastAt}. Accepting it leaves it so.`,
    `Instead: ${HELP[kind]}`,
  ];
  const isNew = open.state.blocks.get(id)?.decision?.resolution !== resolution;
  const signed = isNew && resolution === "accepted" ? await accepted(open, id, { by, why, what }) : null;
  if (isNew && resolution !== "accepted") {
    await open.record({ type: "finding_resolved", data: { findingId: id, resolution, by, why } });
  }
  const [{ state }, roster] = [open, await open.roster()];
  const stillOpen = [...state.blocks.values()].filter((other) => isOpen(other, { state, roster })).length;
  return { finding: id, status: resolution, still_open: stillOpen, ...signed };
}

/** A pitfall is mended when a look no longer finds it; nobody's word for that is taken. */
async function resolvePitfall(open: OpenRollout<never>, pitfall: Pitfall, { resolution, by, why }: Decision) {
  if (resolution !== "accepted" || !pitfall.acceptable || pitfall.heldBy !== null || !pitfall.seen) {
    throw new InputError("This pitfall ends when check_tenant no longer finds it.", {
      nextStep: `${pitfall.remedy} Only pitfalls that check_tenant shows with may_be_accepted can be accepted.`,
    });
  }
  const what = [
    `${pitfall.name}: ${pitfall.message}`,
    `Holds up: ${pitfall.holds.join(", ")}`,
    ...pitfall.evidence.map((fact) => `  ${fact}`),
    `Of ${pitfall.count} in all. Instead: ${pitfall.remedy}`,
  ];
  const isOpen = isOpenPitfall(pitfall, open.state.acceptedPitfalls);
  const signed = isOpen ? await accepted(open, pitfall.id, { by, why, what }) : null;
  const { tenantCheck, acceptedPitfalls } = open.state;
  const stillOpen = tenantCheck?.pitfalls.filter((other) => isOpenPitfall(other, acceptedPitfalls)).length ?? 0;
  return { finding: pitfall.id, status: "accepted", still_open: stillOpen, ...signed };
}

/**
 * Has a person sign an acceptance. Whoever calls a tool may be a model, so what is said of who decided is part of what
 * is signed and decides nothing.
 * @returns what the answer says as long as it is not signed; `null` once it is.
 */
async function accepted(
  open: OpenRollout<never>,
  finding: string,
  { by, why, what }: { readonly by: string; readonly why: string; readonly what: readonly string[] },
): Promise<{ readonly status: string; readonly plan_id?: string } | null> {
  const carried = await open.carryOut({
    tool: "resolve_finding",
    args: { finding, resolution: "accepted" },
    title: `Accept ${finding}`,
    lines: [...what, `Said to be decided by ${by}: ${why}`],
    content: { finding, by, why, what: [...what] },
    schema: Content,
    standingTexts: null,
    effects: () => [],
    decides: (content, plan) => [
      {
        type: "finding_resolved",
        data: { findingId: content.finding, resolution: "accepted", by: content.by, why: content.why, plan },
      },
    ],
  });
  if (carried.status === "done") return null;
  return { status: carried.status, ...(carried.planId !== null && { plan_id: carried.planId }) };
}
