import { type PhaseId, planId, type Sha256 } from "../../model/ids.ts";
import type { Approval, PlanRecord, PlanStatus } from "../../model/plan.ts";
import { hasBegun } from "../begun.ts";
import type { EntryOf, FoldedState } from "./folded-state.ts";

type Changes = Partial<FoldedState>;

/**
 * A new plan takes the place of older ones of the same tool and arguments, except one whose effects have begun: that one
 * is gone through with. A plan that comes back after it was superseded needs a new decision.
 */
export function planProposed(state: FoldedState, { data, at }: EntryOf<"plan_proposed">): Changes {
  const known = state.plans.get(data.digest);
  if (known !== undefined && known.status !== "superseded") return {};
  supersedeOpen(state, data);
  const from = state.list === null ? null : { list: state.list.hash, register: state.exceptions?.register ?? null };
  const plan: PlanRecord = { ...data, id: planId(data.digest), proposedAt: at, status: "proposed", from };
  const move = moveIn(plan);
  const accepted = move?.to === "enforced" ? (state.foresights.get(move.phase)?.cannotAnswer ?? []) : null;
  state.plans.set(data.digest, { ...plan, ...(accepted !== null && { accepted }) });
  return {};
}

/** Plans of this work that nobody needs any more: not begun, and overtaken by a newer plan or by the work being done. */
export function supersedeOpen(state: FoldedState, work: { readonly tool: string; readonly argsKey: string }): void {
  for (const plan of state.plans.values()) {
    const isOpen = plan.status !== "completed" && plan.status !== "superseded";
    if (!isOpen || plan.tool !== work.tool || plan.argsKey !== work.argsKey || hasBegun(state, plan)) continue;
    supersede(state, plan);
  }
}

function supersede(state: FoldedState, plan: PlanRecord): void {
  setStatus(state, plan, "superseded");
  state.approvals.delete(plan.digest);
}

/** A signature under a plan that waits, or that was denied before; a standing approval is kept for plans to come. */
export function approvalSigned(state: FoldedState, { data }: EntryOf<"approval_signed">): Changes {
  const { approval } = data;
  if (approval.kind === "standing") return standingSigned(state, approval);
  const plan = decided(state, approval);
  if (approval.kind !== "plan" || plan === null || (plan.status !== "proposed" && plan.status !== "denied")) return {};
  setStatus(state, plan, "approved");
  state.approvals.set(approval.digest, approval);
  return {};
}

/** A denial also stops a plan that was approved or has begun; a later approval lets it go on, unless it was replaced. */
export function approvalDenied(state: FoldedState, { data }: EntryOf<"approval_denied">): Changes {
  const { approval } = data;
  const plan = decided(state, approval);
  if (approval.kind !== "denial" || plan === null || (plan.status !== "proposed" && plan.status !== "approved"))
    return {};
  setStatus(state, plan, "denied");
  state.approvals.set(approval.digest, approval);
  return {};
}

/**
 * The plan that a decision is about, or `null` when it decides nothing: another rollout's, an unknown plan's, or one made
 * before the plan was proposed or last decided, so that an old signature cannot be put to use again.
 */
function decided(state: FoldedState, approval: Approval): PlanRecord | null {
  const plan = state.plans.get(approval.digest);
  const last = state.approvals.get(approval.digest);
  if (plan === undefined || approval.rollout !== state.id || approval.at < plan.proposedAt) return null;
  const isOld = last !== undefined && (approval.at < last.at || approval.signature === last.signature);
  return isOld ? null : plan;
}

/** The same signature twice allows no more than once. */
function standingSigned(state: FoldedState, approval: Approval): Changes {
  const known = state.standing.some((record) => record.approval.signature === approval.signature);
  if (!known && approval.rollout === state.id && approval.terms !== null) {
    state.standing.push({ approval, used: 0, plans: new Set() });
  }
  return {};
}

/** Counts a plan against a standing approval, once, and only while it stays within the largest count signed. */
export function standingUsed(state: FoldedState, { data }: EntryOf<"standing_used">): Changes {
  const { terms, plan, count, signature } = data;
  const index = state.standing.findIndex(
    ({ approval, used, plans }) =>
      approval.digest === terms &&
      (signature === undefined || approval.signature === signature) &&
      (plans.has(plan) || used + count <= (approval.terms?.largestCount ?? 0)),
  );
  const record = state.standing[index];
  if (record === undefined || record.plans.has(plan)) return {};
  state.standing[index] = { ...record, used: record.used + count, plans: new Set([...record.plans, plan]) };
  const covered = state.plans.get(plan);
  if (covered?.status === "proposed") setStatus(state, covered, "approved");
  return {};
}

/** Every effect of the plan is done; the same work proposed again is another round. */
export function planCompleted(state: FoldedState, { data }: EntryOf<"plan_completed">): Changes {
  const plan = state.plans.get(data.digest);
  if (plan === undefined) return {};
  setStatus(state, plan, "completed");
  const phase = PLANS_A_PHASE.has(plan.tool) ? argsOf(plan).phase : undefined;
  if (phase === undefined) return {};
  if (plan.from) state.plannedFrom.set(phase, { ...plan.from, at: plan.proposedAt });
  const policy = state.policies.get(phase);
  if (policy !== undefined && plan.accepted !== undefined) {
    state.policies.set(phase, { ...policy, accepted: plan.accepted });
  }
  return {};
}

/** Whoever signs a plan of these has read who the phase's people are. */
const PLANS_A_PHASE: ReadonlySet<string> = new Set(["send_phase_email", "apply_ca_policy"]);

/**
 * Ends the other moves of a phase's policy, begun or not: were an enforcement that was cut off still open after a
 * roll-back, it would come back without a new signature.
 * @param by - Digest of the plan that moved it.
 */
export function supersedeMoves(state: FoldedState, phase: PhaseId, by: Sha256 | null): void {
  for (const plan of state.plans.values()) {
    const isOther = plan.digest !== by && plan.status !== "completed";
    if (isOther && moveIn(plan)?.phase === phase) supersede(state, plan);
  }
}

/** Where a plan moves which phase's policy; of these plans the one that was carried out last counts. */
function moveIn(plan: PlanRecord): { readonly phase: PhaseId; readonly to: string } | null {
  if (plan.tool !== "apply_ca_policy") return null;
  const { phase, state: to = "", user_id } = argsOf(plan);
  const isMove = MOVES.has(to) && user_id === undefined && phase !== undefined;
  return isMove ? { phase, to } : null;
}

const MOVES: ReadonlySet<string> = new Set(["report_only", "enforced", "roll_back"]);

/** Our own canonical JSON of the tool's arguments. */
const argsOf = ({ argsKey }: PlanRecord): { phase?: PhaseId; state?: string; user_id?: string } => JSON.parse(argsKey);

function setStatus(state: FoldedState, plan: PlanRecord, status: PlanStatus): void {
  state.plans.set(plan.digest, { ...plan, status });
}
