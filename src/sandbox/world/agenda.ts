interface Entry {
  readonly at: number;
  readonly order: number;
  readonly happen: () => void;
}

/** What is going to happen, by time; things due at the same time happen in the order they were entered. */
export class Agenda {
  /** A binary heap: with 100,000 employees a sorted list would cost the square of that. */
  readonly #heap: Entry[] = [];
  #entered = 0;

  /** When the next thing is due, or `Infinity`. */
  get nextAt(): number {
    return this.#heap[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  add(at: number, happen: () => void): void {
    const entry = { at, order: this.#entered, happen };
    this.#entered += 1;
    let index = this.#heap.push(entry) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = this.#heap[above];
      if (parent === undefined || !isBefore(entry, parent)) break;
      this.#heap[index] = parent;
      index = above;
    }
    this.#heap[index] = entry;
  }

  /** Takes out the next thing without doing it. */
  take(): (() => void) | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return undefined;
    if (this.#heap.length > 0) this.#sink(last);
    return first.happen;
  }

  #sink(entry: Entry): void {
    let index = 0;
    for (;;) {
      const left = this.#heap[2 * index + 1];
      const right = this.#heap[2 * index + 2];
      if (left === undefined) break;
      const takeRight = right !== undefined && isBefore(right, left);
      const child = takeRight ? right : left;
      if (!isBefore(child, entry)) break;
      this.#heap[index] = child;
      index = 2 * index + (takeRight ? 2 : 1);
    }
    this.#heap[index] = entry;
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
