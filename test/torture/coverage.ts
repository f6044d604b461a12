import type { HostResult } from "./host.ts";
import { lastOfStates } from "./states.ts";

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

/** Takes so many of the items, each as likely as any other. */
function some<T>(items: readonly T[], count: number, throwDice: () => number): readonly T[] {
  const left = [...items];
  return Array.from({ length: Math.min(count, left.length) }, () =>
    left.splice(Math.floor(throwDice() * left.length), 1),
  ).flat();
}

/** How often the way to a kind that only a recovery passes is gone: two processes and a clock never do quite the same. */
const TRIES = 4;

/**
 * Which boundaries of a rollout there are, and at which of them the server has died. The universe is every boundary
 * that a rollout without a crash passes, one by one, and the first of each kind that only a recovery passes.
 */
export class Coverage {
  readonly #all: Set<string>;
  readonly #kinds: Set<string>;
  readonly #ends: readonly string[];
  readonly #hit = new Set<string>();
  /** Kinds at one of which the server died itself, not only in the same state. */
  readonly #kindsHit = new Set<string>();
  /** For each kind that only a recovery passes, one place of it and the deaths that led there, as often as is tried. */
  readonly #waysTo = new Map<string, { readonly way: readonly string[]; left: number }>();

  /** @param passed - What a rollout without a crash passed. */
  constructor(passed: readonly string[]) {
    this.#all = new Set(passed);
    this.#kinds = new Set(passed.map(kindOf));
    this.#ends = lastOfStates(passed);
  }

  /**
   * So many deaths where they count most: at a boundary of every kind first, then at the ends of states, then at what is
   * left, since states end elsewhere when a rollout takes another course, then anywhere. Where recoveries pass kinds that
   * were not hit, every other time it is the deaths that lead to one of these, and it, a few times each.
   */
  choose(count: number, throwDice: () => number): readonly string[] {
    const open = [...this.#waysTo].flatMap(([kind, to]) => (this.#kindsHit.has(kind) || to.left === 0 ? [] : [to]));
    const [to] = throwDice() < 0.5 ? some(open, 1, throwDice) : [];
    if (to !== undefined) {
      to.left -= 1;
      return to.way;
    }
    const chosen = new Set<string>();
    for (const wanted of [this.#newKinds, this.#openEnds, this.#unhit, [...this.#all]]) {
      for (const id of some(wanted, count - chosen.size, throwDice)) chosen.add(id);
    }
    return [...chosen];
  }

  /** One boundary of each kind, of those that a rollout without a crash passes, at which the server has not died itself. */
  get #newKinds(): readonly string[] {
    const kinds = new Map([...this.#all].map((id) => [kindOf(id), id]));
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

  /** For the first line: how much there is to hit. */
  describe(): string {
    return `${this.#all.size} boundaries of ${this.#kinds.size} kinds, in ${this.#ends.length} states`;
  }

  /** The first few that were not hit, for the last line. */
  get missed(): readonly string[] {
    return this.#unhit.slice(0, 10);
  }

  /** Takes in what one host of a run passed and where it died. */
  learn({ passed, died, covered }: HostResult): void {
    const deaths = new Set(died);
    const before: string[] = [];
    for (const id of passed) {
      const kind = kindOf(id);
      const isNew = !this.#kinds.has(kind);
      if (isNew) this.#all.add(id);
      // A way that was gone lately leads there more surely than an old one.
      const known = this.#waysTo.get(kind);
      if (isNew || known?.way.at(-1) === id) {
        const left = isNew ? TRIES : Math.min(TRIES, (known?.left ?? 0) + 1);
        this.#waysTo.set(kind, { way: [...before, id], left });
      }
      this.#kinds.add(kind);
      if (deaths.has(id)) before.push(id);
    }
    for (const id of died) if (this.#all.has(id)) this.#kindsHit.add(kindOf(id));
    for (const id of covered) if (this.#all.has(id)) this.#hit.add(id);
  }
}

const kindOf = (id: string): string => id.replace(/ #\d+$/, "");
