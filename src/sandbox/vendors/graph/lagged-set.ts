/** A set whose readers see each change only some time after it was made: the directory's replicas. */
export class LaggedSet {
  readonly #lagMs: () => number;
  readonly #now: () => number;
  readonly #actual = new Set<string>();
  readonly #shown = new Set<string>();
  #pending: { readonly at: number; readonly item: string; readonly isIn: boolean }[] = [];

  /** @param options.lagMs - How long the next change stays unseen. */
  constructor(options: { readonly now: () => number; readonly lagMs: () => number }) {
    this.#now = options.now;
    this.#lagMs = options.lagMs;
  }

  /** What is true now, whoever can see it. */
  get actual(): ReadonlySet<string> {
    return this.#actual;
  }

  /** What a reader sees now. */
  get shown(): ReadonlySet<string> {
    const now = this.#now();
    const due = this.#pending.findIndex(({ at }) => at > now);
    const ready = this.#pending.splice(0, due === -1 ? this.#pending.length : due);
    for (const { item, isIn } of ready) isIn ? this.#shown.add(item) : this.#shown.delete(item);
    return this.#shown;
  }

  set(item: string, isIn: boolean): void {
    isIn ? this.#actual.add(item) : this.#actual.delete(item);
    // Changes become visible in the order in which they were made.
    const earliest = this.#pending.at(-1)?.at ?? 0;
    this.#pending.push({ at: Math.max(earliest, this.#now() + this.#lagMs()), item, isIn });
  }
}
