import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { planId, type Sha256, sha256 } from "../domain/model/ids.ts";
import type { Json, Plan, PlanRecord } from "../domain/model/plan.ts";
import type { CalendarDate } from "../domain/model/time.ts";
import { argsKey } from "../domain/rollout/args-key.ts";
import { hasBegun } from "../domain/rollout/begun.ts";
import { standingCovers } from "../domain/rollout/standing.ts";
import type { RolloutState } from "../domain/rollout/state.ts";
import { nothingToDo } from "../kit/planned-output.ts";
import type { Act, CarriedOut } from "../kit/tool-context.ts";
import type { ApprovalDesk } from "../ports/approval-desk.ts";
import type { Clock } from "../ports/clock.ts";
import type { DocumentStore, Rollout } from "../ports/rollout-store.ts";
import { objectionTo } from "./objections.ts";
import { performEffects } from "./perform-effects.ts";
import { type Basis, refuseStale } from "./refuse-stale.ts";

/** The lines of a plan that an answer shows; the whole is what `mfa-rollout approve` shows. */
const SHOWN_LINES = 12;

interface Parts {
  readonly rollout: Rollout;
  /** What the act was made from. */
  readonly basis: Basis;
  readonly documents: DocumentStore;
  readonly desk: ApprovalDesk;
  readonly clock: Clock;
  readonly customer: string;
  readonly today: CalendarDate;
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number | null, message: string) => Promise<void>;
}

interface StoredPlan<Content> {
  readonly plan: Plan;
  readonly content: Content;
  readonly digest: Sha256;
}

/**
 * The only way from a tool to the outside world. Builds the plan, has it signed, then does each effect exactly once.
 * Runs under the rollout's lock, so two hosts cannot act on one plan at the same time. A plan that was begun goes on
 * as it was signed, even when the world has changed since; anything new becomes another plan.
 * @throws {StateError} the act was made before another one of the same work, or from people that were read anew since.
 */
export async function carryOut<Content extends Json>(act: Act<Content>, parts: Parts): Promise<CarriedOut> {
  return parts.rollout.exclusively(async () => {
    const state = await parts.rollout.state();
    const begun = await begunPlan(act, state, parts);
    const effects = act.effects(begun?.content ?? act.content);
    if (begun === null && effects.length === 0 && act.decides === undefined) return recordNothing(act, state, parts);

    const { plan, digest } = begun ?? (await proposed(act, { state, changes: effects.length }, parts));
    const consent = await consentTo(plan, digest, parts);
    const base = {
      planId: planId(digest),
      title: plan.title,
      lines: plan.lines.slice(0, SHOWN_LINES),
      linesTotal: plan.lines.length,
      changesTotal: effects.length,
    };
    if (consent.kind !== "given") {
      return { ...base, status: consent.kind, changesDone: 0, resumeAt: null, note: consent.note };
    }
    if (act.byPerson !== undefined) {
      return { ...base, status: "person_required", changesDone: 0, resumeAt: null, note: act.byPerson };
    }
    const decided = act.decides?.(begun?.content ?? act.content, digest) ?? [];
    return { ...base, ...(await performEffects(act, { effects, digest, decided }, parts)) };
  }, parts.signal);
}

async function recordNothing<Content extends Json>(
  act: Act<Content>,
  state: RolloutState,
  { rollout, basis }: Parts,
): Promise<CarriedOut> {
  const step = { tool: act.tool, argsKey: argsKey(act.args) };
  refuseStale(state, basis, { ...step, own: null });
  await rollout.append({ type: "step_done", data: { ...step, summary: "nothing to do" } });
  return nothingToDo(act.title);
}

/** A signed plan of this tool and arguments whose effects have begun and not ended. */
async function begunPlan<Content extends Json>(
  act: Act<Content>,
  state: RolloutState,
  { documents }: Parts,
): Promise<StoredPlan<Content> | null> {
  const key = argsKey(act.args);
  const isBegun = (plan: PlanRecord): boolean =>
    plan.tool === act.tool && plan.argsKey === key && hasBegun(state, plan);
  const record = state.plans.values().find(isBegun);
  if (record === undefined) return null;
  const plan = JSON.parse(await documents.text(record.digest)) as Plan; // we wrote it, and its hash was checked on reading
  return { plan, content: act.schema.parse(plan.content), digest: record.digest };
}

/** Stores the plan under its digest and proposes it, unless exactly this plan is open already. */
async function proposed<Content extends Json>(
  act: Act<Content>,
  { state, changes }: { readonly state: RolloutState; readonly changes: number },
  { rollout, basis, documents, customer }: Parts,
): Promise<Pick<StoredPlan<Content>, "plan" | "digest">> {
  const key = argsKey(act.args);
  const earlier = [...state.plans.values()].filter((plan) => plan.tool === act.tool && plan.argsKey === key);
  const standing =
    act.standingTexts === null ? null : { textsHash: hashOf(JSON.stringify(act.standingTexts)), count: changes };
  const plan: Plan = {
    rollout: state.id,
    customer,
    tool: act.tool,
    args: JSON.parse(key) as Plan["args"], // argsKey is the canonical JSON of flat arguments
    round: earlier.filter((other) => other.status === "completed").length,
    title: act.title,
    lines: act.lines,
    content: act.content,
    standing,
    ...(act.signer !== undefined && { signer: act.signer }),
  };
  const digest = await documents.put(canonicalize(wellFormed(plan)) ?? "");
  const known = state.plans.get(digest);
  const isOpen = known !== undefined && known.status !== "superseded";
  refuseStale(state, basis, { tool: act.tool, argsKey: key, own: isOpen ? digest : null });
  if (!isOpen) {
    await rollout.append(...(act.onProposal?.() ?? []), {
      type: "plan_proposed",
      data: {
        ...{ digest, tool: act.tool, argsKey: key, title: act.title, standing },
        ...(plan.signer !== undefined && { signer: plan.signer }),
      },
    });
  }
  return { plan, digest };
}

/** Half a surrogate pair in a vendor's text has no canonical form; it becomes U+FFFD, as it would in UTF-8. */
const wellFormed = (plan: Plan): Plan =>
  JSON.parse(JSON.stringify(plan), (_, value) => (typeof value === "string" ? value.toWellFormed() : value)) as Plan; // the same shape

type Consent = { readonly kind: "given" | "approval_required" | "denied"; readonly note: string };

/** Looks for a person's signature under exactly this plan, or a standing one that covers it. */
async function consentTo(plan: Plan, digest: Sha256, { rollout, desk, today }: Parts): Promise<Consent> {
  const state = await rollout.state();
  const approval = state.approvals.get(digest);
  const objection = approval === undefined ? null : await objectionTo(approval, state, desk);
  if (approval !== undefined && objection === null) {
    if (approval.kind === "denial") return { kind: "denied", note: approval.note };
    if (approval.kind === "plan") return { kind: "given", note: "" };
  }
  const used = await standingConsent(plan, digest, state, { desk, today });
  if (used !== null) {
    if (!used.alreadyUsed) {
      const { terms, count, signature } = used;
      await rollout.append({ type: "standing_used", data: { terms, plan: digest, count, signature } });
    }
    return { kind: "given", note: "" };
  }
  return { kind: "approval_required", note: objection ?? "" };
}

async function standingConsent(
  plan: Plan,
  digest: Sha256,
  state: RolloutState,
  { desk, today }: Pick<Parts, "desk" | "today">,
): Promise<{ terms: Sha256; signature: string; count: number; alreadyUsed: boolean } | null> {
  if (plan.standing === null) return null;
  for (const standing of state.standing) {
    const covers = standingCovers(standing, { tool: plan.tool, ...plan.standing, digest }, today);
    if (covers && (await objectionTo(standing.approval, state, desk)) === null) {
      const alreadyUsed = standing.plans.has(digest);
      const { digest: terms, signature } = standing.approval;
      return { terms, signature, count: plan.standing.count, alreadyUsed };
    }
  }
  return null;
}

const hashOf = (text: string): Sha256 => sha256(createHash("sha256").update(text).digest("hex"));
