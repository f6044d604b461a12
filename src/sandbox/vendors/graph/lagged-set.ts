/** How many copies readers are served from; each hears of a change at a time of its own, so that reads flap. */
const REPLICAS = 2;

/** A set whose readers see each change only some time after it was made: the directory's replicas. */
export class LaggedSet {
  readonly #now: () => number;
  readonly #pick: (copies: number) => number;
  readonly #actual = new Set<string>();
  readonly #replicas: readonly Replica[];

  /**
   * @param options.lagMs - How long the next change stays unseen by one replica.
   * @param options.pick - Which of so many replicas serves the next read.
   */
  constructor(options: {
    readonly now: () => number;
    readonly lagMs: () => number;
    readonly pick: (copies: number) => number;
  }) {
    this.#now = options.now;
    this.#pick = options.pick;
    this.#replicas = Array.from({ length: REPLICAS }, () => new Replica(options.lagMs));
  }

  /** What is true now, whoever can see it. */
  get actual(): ReadonlySet<string> {
    return this.#actual;
  }

  /** What a reader sees now. */
  get shown(): ReadonlySet<string> {
    return this.#replicas[this.#pick(REPLICAS)]?.at(this.#now()) ?? this.#actual;
  }

  set(item: string, isIn: boolean): void {
    isIn ? this.#actual.add(item) : this.#actual.delete(item);
    for (const replica of this.#replicas) replica.hear({ item, isIn }, this.#now());
  }
}

interface Change {
  readonly item: string;
  readonly isIn: boolean;
}

class Replica {
  readonly #lagMs: () => number;
  readonly #shown = new Set<string>();
  readonly #pending: (Change & { readonly at: number })[] = [];

  constructor(lagMs: () => number) {
    this.#lagMs = lagMs;
  }

  hear(change: Change, now: number): void {
    // Changes become visible in the order in which they were made.
    const earliest = this.#pending.at(-1)?.at ?? 0;
    this.#pending.push({ ...change, at: Math.max(earliest, now + this.#lagMs()) });
  }

  at(now: number): ReadonlySet<string> {
    const due = this.#pending.findIndex(({ at }) => at > now);
    const ready = this.#pending.splice(0, due === -1 ? this.#pending.length : due);
    for (const { item, isIn } of ready) isIn ? this.#shown.add(item) : this.#shown.delete(item);
    return this.#shown;
  }
}
