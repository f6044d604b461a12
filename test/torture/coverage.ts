import type { HostResult } from "./host.ts";
import { boundaries, kindOf, lastOfStates, stepOf } from "./states.ts";

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The items in an order as likely as any other. */
function shuffled<T>(items: readonly T[], throwDice: () => number): readonly T[] {
  const left = [...items];
  return items.flatMap(() => left.splice(Math.floor(throwDice() * left.length), 1));
}

/** How often the way to a kind that only a recovery passes is gone: two processes and a clock never do quite the same. */
const TRIES = 4;

/**
 * Which boundaries of a rollout there are, and at which of them the server has died. The universe is every boundary
 * that each rollout without a crash passes, one by one, and the first of each kind that only a recovery passes.
 */
export class Coverage {
  readonly #all: Set<string>;
  readonly #kinds: Set<string>;
  readonly #ends: readonly string[];
  /** In their order. */
  readonly #steps: readonly string[];
  readonly #hit = new Set<string>();
  /** Kinds at one of which the server died itself, not only in the same state. */
  readonly #kindsHit = new Set<string>();
  /** For each kind that only a recovery passes, its first place, and a death that leads to one, as often as is tried. */
  readonly #waysTo = new Map<string, { readonly first: string; readonly way: readonly string[]; left: number }>();

  /** @param calm - What rollouts without a crash passed, one or more: how often a vendor is asked again is chance. */
  constructor(calm: readonly (readonly string[])[]) {
    const [all = new Set<string>(), ...others] = calm.map((trace) => new Set(boundaries(trace)));
    this.#all = others.reduce((common, other) => common.intersection(other), all);
    this.#kinds = new Set([...this.#all].map(kindOf));
    this.#steps = [...new Set([...this.#all].map(stepOf))];
    this.#ends = lastOfStates(calm[0] ?? []).filter((id) => this.#all.has(id));
  }

  /**
   * So many deaths, one a step. First those at kinds that only recoveries pass and that were not hit, each with the death
   * that leads there, and in the steps before and after them whatever else counts.
   */
  choose(count: number, throwDice: () => number): readonly string[] {
    const open = [...this.#waysTo].flatMap(([kind, to]) => (this.#kindsHit.has(kind) || to.left === 0 ? [] : [to]));
    const taken = new Set<string>();
    const chosen: string[] = [];
    for (const to of shuffled(open, throwDice)) {
      const steps = this.#stepsOf(to.way);
      if (chosen.length + to.way.length > count || steps.some((step) => taken.has(step))) continue;
      to.left -= 1;
      chosen.push(...to.way);
      for (const step of steps) taken.add(step);
    }
    return [...chosen, ...this.#aims(count - chosen.length, taken, throwDice)];
  }

  /** The steps that these deaths lie in, and those between, in which another death would change what leads where. */
  #stepsOf(way: readonly string[]): readonly string[] {
    const place = (id = ""): number => this.#steps.indexOf(stepOf(id));
    return [...way.map(stepOf), ...this.#steps.slice(Math.max(place(way.at(0)), 0), place(way.at(-1)) + 1)];
  }

  /**
   * Deaths where they count most: at a boundary of every kind first, then at the ends of states, in the steps that have
   * most of them left, then at what is left, since states end elsewhere when a rollout takes another course, then anywhere.
   * @param taken - Steps that have their deaths.
   */
  #aims(count: number, taken: ReadonlySet<string>, throwDice: () => number): readonly string[] {
    const chosen = new Map<string, string>();
    for (const wanted of [this.#newKinds(throwDice), this.#openEnds, this.#unhit, [...this.#all]]) {
      const sizes = Map.groupBy(wanted, stepOf);
      const size = (id: string): number => sizes.get(stepOf(id))?.length ?? 0;
      for (const id of shuffled(wanted, throwDice).toSorted((one, other) => size(other) - size(one))) {
        const step = stepOf(id);
        if (chosen.size < count && !chosen.has(step) && !taken.has(step)) chosen.set(step, id);
      }
    }
    return [...chosen.values()];
  }

  /**
   * One boundary of each kind, of those that a rollout without a crash passes, at which the server has not died itself.
   * Any one of it, and one that was not hit if there is: were it always the same, few steps would hold them all.
   */
  #newKinds(throwDice: () => number): readonly string[] {
    const ids = [...shuffled([...this.#all], throwDice), ...shuffled(this.#unhit, throwDice)];
    const kinds = new Map(ids.map((id) => [kindOf(id), id]));
    return [...kinds].flatMap(([kind, id]) => (this.#kindsHit.has(kind) || this.#waysTo.has(kind) ? [] : [id]));
  }

  get #openEnds(): readonly string[] {
    return this.#ends.filter((id) => !this.#hit.has(id));
  }

  get #unhit(): readonly string[] {
    return [...this.#all].filter((id) => !this.#hit.has(id));
  }

  /** How many deaths it takes at least. */
  get left(): number {
    const states = this.#openEnds.length;
    return this.#kinds.size - this.#kindsHit.size + (states > 0 ? states : this.#unhit.length);
  }

  toString(): string {
    const share = ((100 * this.#hit.size) / this.#all.size).toFixed(this.#hit.size === this.#all.size ? 0 : 1);
    return (
      `${this.#hit.size} of ${this.#all.size} boundaries hit (${share} %), ` +
      `${this.#kindsHit.size} of ${this.#kinds.size} kinds`
    );
  }

  /** For the first line: how much there is to hit, and how many runs it takes at least. */
  describe(): string {
    const steps = Map.groupBy(this.#ends, stepOf);
    const most = Math.max(...steps.values().map(({ length }) => length));
    return (
      `${this.#all.size} boundaries of ${this.#kinds.size} kinds, in ${this.#ends.length} states ` +
      `of ${steps.size} steps, at most ${most} in one`
    );
  }

  /** What was not hit. */
  get missed(): readonly string[] {
    return this.#unhit;
  }

  /** Takes in what one host of a run passed and where it died. */
  learn({ passed, died, covered }: HostResult): void {
    const deaths = new Set(died);
    let before: string | undefined;
    for (const id of boundaries(passed)) {
      const kind = kindOf(id);
      const isNew = !this.#kinds.has(kind);
      if (isNew) this.#all.add(id);
      const known = isNew ? { first: id, left: TRIES } : this.#waysTo.get(kind);
      // The death before is what it recovers from; a way that was gone lately leads there more surely than an old one.
      if (known !== undefined) {
        const way = before === undefined ? [id] : [before, id];
        this.#waysTo.set(kind, { first: known.first, way, left: Math.min(TRIES, known.left + 1) });
      }
      this.#kinds.add(kind);
      if (deaths.has(id)) before = id;
    }
    for (const kind of died.map(kindOf)) {
      if (!this.#kinds.has(kind)) continue;
      this.#kindsHit.add(kind);
      const onlyInRecovery = this.#waysTo.get(kind);
      if (onlyInRecovery !== undefined) this.#hit.add(onlyInRecovery.first);
    }
    for (const id of covered) if (this.#all.has(id)) this.#hit.add(id);
  }
}
