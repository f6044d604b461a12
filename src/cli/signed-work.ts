import { planId, type Sha256 } from "../domain/model/ids.ts";
import type { Approval } from "../domain/model/plan.ts";
import type { LedgerEntry } from "../domain/rollout/events.ts";
import type { FoldedState } from "../domain/rollout/fold/folded-state.ts";
import { advance } from "../domain/rollout/fold.ts";
import type { ApprovalDesk } from "../ports/approval-desk.ts";
import { objectionTo } from "../server/objections.ts";
import { visible } from "./read-plan.ts";

interface BadLine {
  readonly line: number;
  readonly why: string;
}

/** What people signed in a ledger and what was done under it, gathered entry by entry and then judged. */
export class SignedWork {
  #state: FoldedState | null = null;
  readonly #approvals: { readonly line: number; readonly approval: Approval }[] = [];
  readonly #changes = new Map<Sha256, number>();
  readonly #unapproved: BadLine[] = [];

  add(entry: LedgerEntry): void {
    if ("approval" in entry.data) this.#approvals.push({ line: entry.seq, approval: entry.data.approval });
    if (entry.type === "effect_intended") {
      const { plan } = entry.data;
      this.#changes.set(plan, (this.#changes.get(plan) ?? 0) + 1);
      if (this.#state?.plans.get(plan)?.status !== "approved") {
        this.#unapproved.push({ line: entry.seq, why: `A change of ${planId(plan)} was begun without an approval.` });
      }
    }
    this.#state = advance(this.#state, entry);
  }

  get signatures(): number {
    return this.#approvals.length;
  }

  /** Whose approvers the ledger says to ask; it is the reader who chooses. */
  get customer(): string {
    return visible(this.#state?.customer ?? "");
  }

  /** `lines`: one a plan, in order of proposal, and one a sign-off. `bad`: what an approver did not sign. */
  async judged(desk: ApprovalDesk): Promise<{ readonly lines: readonly string[]; readonly bad: readonly BadLine[] }> {
    const state = this.#state;
    if (state === null) return { lines: [], bad: [] };
    const bad = [...this.#unapproved];
    const said = new Map<string, string>();
    for (const { line, approval } of this.#approvals) {
      const why = await objectionTo(approval, state, desk);
      if (why !== null) bad.push({ line, why });
      said.set(
        approval.signature,
        `${approval.kind} by ${visible(approval.approver)}, ${why === null ? "good" : "NOT GOOD"}`,
      );
    }
    const lines = [...state.plans.values()].map(({ id, digest, tool, status }) => {
      const own = state.approvals.get(digest);
      // A plan that was begun under a signature that counts no more may have ended under another.
      const standing = state.standing.flatMap(({ plans, approval }) => (plans.has(digest) ? approval : []));
      const signed = (own === undefined ? standing : [own]).map(({ signature }) => said.get(signature)).join("; ");
      const begun = this.#changes.get(digest) ?? 0;
      return `${id}  ${visible(tool)}  ${status}, ${begun} changes begun: ${signed === "" ? "not signed" : signed}`;
    });
    const signoff =
      state.signoff === null ? [] : [`sign-off of the exceptions: ${said.get(state.signoff.approval.signature)}`];
    return { lines: [...lines, ...signoff], bad: bad.sort((a, b) => a.line - b.line) };
  }
}
