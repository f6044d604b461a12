import type { World } from "../../world/world.ts";
import { graphTime } from "./graph-time.ts";

/** Longest time for which Conditional Access still refuses by defaults that were turned off: some seconds in the field. */
const ENFORCEMENT_LAG_MS = 3_000;

/** Security defaults as they are, and as Conditional Access knows them some seconds later. */
export class SecurityDefaults {
  readonly history: { readonly at: string; readonly isEnabled: boolean }[] = [];
  readonly #world: World;
  #isEnabled: boolean;
  #knownFrom = 0;

  constructor(world: World, isEnabled: boolean) {
    this.#world = world;
    this.#isEnabled = isEnabled;
  }

  get isEnabled(): boolean {
    return this.#isEnabled;
  }

  /** Whether they bar a policy from being enabled right now. */
  get barPolicies(): boolean {
    return this.#isEnabled || this.#world.now() < this.#knownFrom;
  }

  /** As they were before anybody looked. */
  assume(isEnabled: boolean): void {
    this.#isEnabled = isEnabled;
  }

  set(isEnabled: boolean): void {
    const now = this.#world.now();
    if (this.#isEnabled && !isEnabled) {
      this.#knownFrom = now + this.#world.chance(`security defaults ${this.history.length}`) * ENFORCEMENT_LAG_MS;
    }
    this.#isEnabled = isEnabled;
    this.history.push({ at: graphTime(now), isEnabled });
  }
}
