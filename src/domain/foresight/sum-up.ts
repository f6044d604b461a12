import { type Break, OUTCOMES, type Outcome, type Tally } from "../model/foresight.ts";
import type { UserId } from "../model/ids.ts";
import type { ForeseenUser } from "./foresee.ts";
import type { Standing } from "./standing.ts";

/** What enforcement would do to how many, and to whom. */
export interface ForesightSummary {
  readonly users: number;
  readonly counts: Tally;
  /** By department, those with the most trouble first; users without one are under the empty name. */
  readonly departments: readonly { readonly name: string; readonly counts: Tally }[];
  /** By application, users whose worst there is this. */
  readonly applications: readonly { readonly name: string; readonly counts: Tally }[];
  readonly cannotAnswer: readonly UserId[];
  readonly breaks: readonly Break[];
  /** Users of the phase without any sign-in. */
  readonly silent: readonly UserId[];
  /** Everybody, worst first. */
  readonly rows: readonly ForeseenUser[];
}

const none = (): Record<Outcome, number> => ({
  breaks: 0,
  cannot_answer: 0,
  unclear: 0,
  no_evidence: 0,
  prompted: 0,
  passes: 0,
});

const OUTCOME_OF: Readonly<Record<Standing, Outcome>> = {
  met: "passes",
  asked: "prompted",
  unclear: "unclear",
  no_method: "cannot_answer",
  device: "breaks",
  client: "breaks",
  blocked: "breaks",
};

/** Adds up what was foreseen of every user. */
export function sumUp(users: Iterable<ForeseenUser>): ForesightSummary {
  const rows = [...users].sort((a, b) => OUTCOMES.indexOf(a.outcome) - OUTCOMES.indexOf(b.outcome) || byName(a, b));
  const counts = none();
  const departments = new Map<string, Record<Outcome, number>>();
  const applications = new Map<string, Record<Outcome, number>>();
  for (const { account, outcome, applications: used } of rows) {
    counts[outcome] += 1;
    tallyOf(departments, account.department ?? "")[outcome] += 1;
    for (const [name, standing] of used) tallyOf(applications, name)[OUTCOME_OF[standing]] += 1;
  }
  return {
    users: rows.length,
    counts,
    departments: mostTrouble(departments),
    applications: mostTrouble(applications),
    cannotAnswer: rows.filter(({ cannotAnswer }) => cannotAnswer).map(({ account }) => account.userId),
    breaks: rows.flatMap(({ breaks }) => breaks),
    silent: rows
      .filter(({ outcome, account }) => outcome === "no_evidence" && account.member)
      .map(({ account }) => account.userId),
    rows,
  };
}

function tallyOf(tallies: Map<string, Record<Outcome, number>>, name: string): Record<Outcome, number> {
  const tally = tallies.get(name) ?? none();
  tallies.set(name, tally);
  return tally;
}

const mostTrouble = (tallies: ReadonlyMap<string, Tally>): ForesightSummary["departments"] =>
  [...tallies]
    .map(([name, counts]) => ({ name, counts }))
    .sort((a, b) => trouble(b.counts) - trouble(a.counts) || (a.name < b.name ? -1 : 1));

const trouble = ({ breaks, cannot_answer, unclear, no_evidence }: Tally): number =>
  (breaks + cannot_answer) * 1e6 + unclear * 1e3 + no_evidence;

const byName = (a: ForeseenUser, b: ForeseenUser): number => (a.account.upn < b.account.upn ? -1 : 1);
