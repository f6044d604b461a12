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
export function some<T>(items: readonly T[], count: number, throwDice: () => number): readonly T[] {
  const left = [...items];
  return Array.from({ length: Math.min(count, left.length) }, () =>
    left.splice(Math.floor(throwDice() * left.length), 1),
  ).flat();
}

/**
 * Which boundaries of a rollout there are, and at which of them the server has died. The universe is every boundary
 * that a rollout without a crash passes, one by one, and the first of each kind that only a recovery passes.
 */
export class Coverage {
  readonly #all: Set<string>;
  readonly #kinds: Set<string>;
  readonly #hit = new Set<string>();

  /** @param passed - What a rollout without a crash passed. */
  constructor(passed: readonly string[]) {
    this.#all = new Set(passed);
    this.#kinds = new Set(passed.map(kindOf));
  }

  get total(): number {
    return this.#all.size;
  }

  /** Those that are still to be hit. */
  get left(): readonly string[] {
    return [...this.#all].filter((id) => !this.#hit.has(id));
  }

  get kinds(): number {
    return this.#kinds.size;
  }

  toString(): string {
    const share = ((100 * this.#hit.size) / this.#all.size).toFixed(1);
    return `${this.#hit.size} of ${this.#all.size} boundaries hit (${share} %)`;
  }

  /** Takes in what one host of a run passed and where it died. */
  learn({ passed, died }: { readonly passed: readonly string[]; readonly died: readonly string[] }): void {
    for (const id of passed) {
      if (this.#kinds.has(kindOf(id))) continue;
      this.#kinds.add(kindOf(id));
      this.#all.add(id);
    }
    for (const id of died) if (this.#all.has(id)) this.#hit.add(id);
  }
}

const kindOf = (id: string): string => id.replace(/ #\d+$/, "");
