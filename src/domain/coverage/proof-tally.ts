import { guestKind } from "../foresight/accounts.ts";
import type { Subject } from "../foresight/applies.ts";
import type { EntraObjectId, PhaseId } from "../model/ids.ts";
import type { Account } from "../model/people.ts";
import type { Phase } from "../model/phase.ts";
import { type ProgressRow, sumOf } from "./progress-rows.ts";
import { COVERAGE_STATES, type CoverageState, type Gap, type ProofLine } from "./proof-line.ts";
import type { ProofGaps } from "./unproven.ts";

/** What the lines of a proof add up to. The states' numbers add up to `accounts`. */
export interface CoverageTotals extends Readonly<Record<CoverageState, number>> {
  readonly accounts: number;
  readonly guests: number;
  readonly reported: number;
  readonly registered: number;
  readonly capable: number;
  /** Left out by a policy without any exception: somebody's doing. */
  readonly carved_out: number;
  /** Newer than the list of users. */
  readonly unlisted: number;
}

type Counts = { -readonly [Name in keyof CoverageTotals]: number };

const GAPS_SHOWN = 5;

/** Accounts about which What-If is asked, of all kinds of line together. */
const MOST_ASKED = 20;

/** Counts the lines of a proof as they stream by, and draws those that What-If is asked about. */
export class ProofTally {
  readonly #seed: string;
  readonly #counts: Counts = {
    ...{ accounts: 0, guests: 0, reported: 0, registered: 0, capable: 0, carved_out: 0, unlisted: 0 },
    ...{ enforced: 0, excepted: 0, report_only: 0, not_covered: 0, cannot_sign_in: 0 },
  };
  readonly #phases = new Map<
    PhaseId,
    { inScope: number; registered: number; capable: number; enforced: number; exceptions: number }
  >();
  readonly #gaps: { [Why in Gap | "report_only"]?: number } = {};
  readonly #first: EntraObjectId[] = [];
  readonly #methods = new Map<string, number>();
  readonly #drawn = new Map<string, { subject: Subject; rank: number; lines: number }>();

  /** @param seed - Decides which account of a kind is drawn; the same seed and accounts draw the same. */
  constructor(seed: string) {
    this.#seed = seed;
  }

  add(line: ProofLine, account: Account): void {
    this.#count(line);
    if (line.phase !== null) this.#countPhase(line.phase, line);
    const why = line.state === "report_only" ? line.state : line.gap;
    if (why !== null) this.#gaps[why] = (this.#gaps[why] ?? 0) + 1;
    if (why !== null && this.#first.length < GAPS_SHOWN) this.#first.push(line.objectId);
    for (const method of line.methods) this.#methods.set(method, (this.#methods.get(method) ?? 0) + 1);
    this.#draw(line, account);
  }

  get gaps(): ProofGaps {
    return { accounts: { ...this.#gaps }, first: [...this.#first] };
  }

  get totals(): CoverageTotals {
    return { ...this.#counts };
  }

  /** One row a phase in the order given, then the sum: the lines of the phase, excepted ones apart. */
  departments(phases: readonly Phase[]): readonly ProgressRow[] {
    const none = { inScope: 0, registered: 0, capable: 0, enforced: 0, exceptions: 0 };
    const rows = phases.map(
      ({ id, department }): ProgressRow => ({
        department: department ?? "Everyone else",
        phase: id,
        ...(this.#phases.get(id) ?? none),
      }),
    );
    return [...rows, sumOf(rows)];
  }

  /** Number of accounts by registered method, most first. */
  get methods(): readonly { readonly method: string; readonly accounts: number }[] {
    return [...this.#methods]
      .map(([method, accounts]) => ({ method, accounts }))
      .sort((a, b) => b.accounts - a.accounts || (a.method < b.method ? -1 : 1));
  }

  /** One account of each kind of line; of too many kinds those with the fewest lines, where mistakes hide. */
  get sample(): readonly Subject[] {
    return [...this.#drawn.values()]
      .sort((a, b) => a.lines - b.lines || a.rank - b.rank)
      .slice(0, MOST_ASKED)
      .map(({ subject }) => subject);
  }

  #count(line: ProofLine): void {
    const counts = this.#counts;
    counts.accounts += 1;
    counts[line.state] += 1;
    counts.guests += Number(line.kind === "guest");
    counts.reported += Number(line.reported);
    counts.registered += Number(line.registered);
    counts.capable += Number(line.capable);
    counts.carved_out += Number(line.gap === "carved_out");
    counts.unlisted += Number(!line.listed);
  }

  #countPhase(phase: PhaseId, { state, registered, capable }: ProofLine): void {
    const row = this.#phases.get(phase) ?? { inScope: 0, registered: 0, capable: 0, enforced: 0, exceptions: 0 };
    this.#phases.set(phase, row);
    if (state === "excepted") {
      row.exceptions += 1;
      return;
    }
    row.inScope += 1;
    row.registered += Number(registered);
    row.capable += Number(capable);
    row.enforced += Number(state === "enforced");
  }

  #draw({ state, gap, by, nested, kind, policyId }: ProofLine, account: Account): void {
    const key = [state, gap, by, nested, kind, policyId].join();
    const rank = rankOf(this.#seed, account.objectId);
    const drawn = this.#drawn.get(key);
    if (drawn !== undefined) drawn.lines += 1;
    if (drawn !== undefined && drawn.rank <= rank) return;
    const subject = { objectId: account.objectId, guest: guestKind(account) };
    this.#drawn.set(key, { subject, rank, lines: drawn?.lines ?? 1 });
  }
}

/** How to find a total's lines in the proof: text that each of them has and no other. */
export const RECOUNTS: readonly { readonly total: keyof CoverageTotals; readonly text: string }[] = [
  ...COVERAGE_STATES.map((state) => ({ total: state, text: `"state":"${state}"` })),
  { total: "carved_out", text: '"gap":"carved_out"' },
  { total: "guests", text: '"kind":"guest"' },
  { total: "reported", text: '"reported":true' },
  { total: "registered", text: '"registered":true' },
  { total: "capable", text: '"capable":true' },
  { total: "unlisted", text: '"listed":false' },
];

/** FNV-1a in 32 bits: an even draw that anybody can repeat. */
function rankOf(seed: string, id: string): number {
  let hash = 0x811c9dc5;
  for (const character of `${seed}/${id}`) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
