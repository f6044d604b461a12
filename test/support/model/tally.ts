/** What must have happened, and not only been tried, for the model to have shown anything. */
const TRANSITIONS = [
  "announced",
  "report-only",
  "enforced",
  "rolled back",
  "leaver",
  "joiner",
  "exception granted",
  "exception expired",
  "crash",
] as const;
export type Transition = (typeof TRANSITIONS)[number];

/** How often each happening was tried, and each transition came about. */
export class Tally {
  readonly #commands = new Map<string, number>();
  readonly #transitions = new Map<Transition, number>();

  tried(command: string): void {
    this.#commands.set(command, (this.#commands.get(command) ?? 0) + 1);
  }

  happened(transition: Transition): void {
    this.#transitions.set(transition, (this.#transitions.get(transition) ?? 0) + 1);
  }

  /** Transitions that never came about. */
  missing(): readonly Transition[] {
    return TRANSITIONS.filter((transition) => !this.#transitions.has(transition));
  }

  toString(): string {
    const counted = (counts: ReadonlyMap<string, number>): string =>
      [...counts].map(([name, count]) => `${count} ${name}`).join(", ");
    return `happened: ${counted(this.#transitions)}; tried: ${counted(this.#commands)}`;
  }
}
