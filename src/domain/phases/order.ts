import { CLOSING_PHASE, type PhaseId, phaseId } from "../model/ids.ts";
import type { Phase } from "../model/phase.ts";

/** A department of the canonical list and how many users in scope it has. */
interface DepartmentSize {
  readonly name: string;
  readonly people: number;
}

/** Why a wanted order cannot be used; names as they were given. At least one list is not empty. */
export interface OrderProblems {
  readonly unknown: readonly string[];
  readonly empty: readonly string[];
  readonly duplicate: readonly string[];
}

/** Those who support the others are enforced first, so that they meet the trouble before anybody calls them. */
const SUPPORT_DEPARTMENTS: ReadonlySet<PhaseId> = new Set(
  ["IT", "ICT", "IT Department", "Information Technology"].map(phaseId),
);

/**
 * The phases in their order, the closing one last. Wanted departments come first and as wanted; without a wish IT
 * leads; the others follow, smaller first. Names that differ only in case, width or marks are one department.
 * A name without letters or digits, or one that would take the closing phase's id, gets no phase of its own: its
 * users belong to the closing phase.
 */
export function buildPhases(
  departments: readonly DepartmentSize[],
  wanted: readonly string[] | null,
): readonly Phase[] | OrderProblems {
  const known = mergeByPhase(departments);
  const problems = problemsOf(wanted ?? [], known);
  if (problems !== null) return problems;

  const led = wanted?.map(phaseId) ?? [...known.keys()].filter((id) => SUPPORT_DEPARTMENTS.has(id));
  const rest = [...known]
    .filter(([id, { people }]) => people > 0 && !led.includes(id))
    .sort(([idA, a], [idB, b]) => a.people - b.people || (idA < idB ? -1 : 1))
    .map(([id]) => id);

  const staffed = [...led, ...rest].flatMap((id) => {
    const department = known.get(id);
    return department === undefined || department.people === 0 ? [] : [{ id, department: department.name }];
  });
  return [...staffed, { id: CLOSING_PHASE, department: null }].map((phase, order) => ({ ...phase, order }));
}

function mergeByPhase(departments: readonly DepartmentSize[]): Map<PhaseId, DepartmentSize> {
  const merged = new Map<PhaseId, DepartmentSize>();
  for (const { name, people } of departments) {
    const id = phaseId(name);
    if (id === CLOSING_PHASE || id === phaseId("")) continue;
    const before = merged.get(id);
    merged.set(id, { name: before?.name ?? name.trim().normalize("NFKC"), people: people + (before?.people ?? 0) });
  }
  return merged;
}

function problemsOf(wanted: readonly string[], known: ReadonlyMap<PhaseId, DepartmentSize>): OrderProblems | null {
  const ids = wanted.map(phaseId);
  const unknown = wanted.filter((name) => !known.has(phaseId(name)));
  const empty = wanted.filter((name) => known.get(phaseId(name))?.people === 0);
  const duplicate = wanted.filter((name, index) => ids.indexOf(phaseId(name)) < index);
  return unknown.length + empty.length + duplicate.length === 0 ? null : { unknown, empty, duplicate };
}
