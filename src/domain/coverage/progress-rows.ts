import type { Roster } from "../exceptions/scope.ts";
import { CLOSING_PHASE, type PhaseId, phaseId } from "../model/ids.ts";
import type { User } from "../model/people.ts";
import type { RolloutState } from "../rollout/state.ts";

/** One line of progress: a phase by its department, or everything. Counts are accounts in scope, exceptions apart. */
export interface ProgressRow {
  readonly department: string;
  readonly phase: string;
  readonly inScope: number;
  readonly registered: number;
  readonly capable: number;
  readonly enforced: number;
  readonly exceptions: number;
}

/** One row a phase in its order, then `All departments`, whose counts are the sums. */
export function progressRows(rollout: {
  readonly users: Iterable<User>;
  readonly roster: Roster;
  readonly state: Pick<RolloutState, "phases" | "policies">;
}): readonly ProgressRow[] {
  const { roster, state } = rollout;
  const isEnforced = (phase: PhaseId): boolean => state.policies.get(phase)?.state === "enforced";
  const exceptions = exceptionsByPhase(rollout.users, roster);
  const rows = state.phases.map(({ id, department }): ProgressRow => {
    const members = roster.byPhase.get(id) ?? [];
    return {
      department: department ?? "Everyone else",
      phase: id,
      inScope: members.length,
      registered: members.filter(({ registration }) => registration?.registered === true).length,
      capable: members.filter(({ registration }) => registration?.capable === true).length,
      enforced: isEnforced(id) || isEnforced(CLOSING_PHASE) ? members.length : 0,
      exceptions: exceptions.get(id) ?? 0,
    };
  });
  return [...rows, sumOf(rows)];
}

/** An excepted account counts with its department where that has a phase, else with the closing phase. */
export function ownPhase({ department }: User, { byPhase }: Roster): PhaseId {
  const own = department === null ? CLOSING_PHASE : phaseId(department);
  return byPhase.has(own) ? own : CLOSING_PHASE;
}

function exceptionsByPhase(users: Iterable<User>, roster: Roster): ReadonlyMap<PhaseId, number> {
  const counts = new Map<PhaseId, number>();
  for (const user of users) {
    if (!roster.excepted.has(user.id)) continue;
    const phase = ownPhase(user, roster);
    counts.set(phase, (counts.get(phase) ?? 0) + 1);
  }
  return counts;
}

/** The sum of all phases, as a line of its own. */
export function sumOf(rows: readonly ProgressRow[]): ProgressRow {
  const sum = (of: (row: ProgressRow) => number): number => rows.reduce((total, row) => total + of(row), 0);
  return {
    department: "All departments",
    phase: "all",
    inScope: sum(({ inScope }) => inScope),
    registered: sum(({ registered }) => registered),
    capable: sum(({ capable }) => capable),
    enforced: sum(({ enforced }) => enforced),
    exceptions: sum(({ exceptions }) => exceptions),
  };
}
