import type { Account, World } from "../../world/world.ts";
import { graphTime } from "./graph-time.ts";

type State = Account["perUserMfa"];

/** Longest time for which a read shows the state before a change. */
const READ_LAG_MS = 1_500;

/** What the switch of single accounts was set to, and how a reader sees it a moment later. */
export class PerUserMfa {
  readonly history: { readonly at: string; readonly id: string; readonly state: State }[] = [];
  readonly #world: World;
  readonly #old = new Map<string, { readonly state: State; readonly until: number }>();

  constructor(world: World) {
    this.#world = world;
  }

  shown(account: Account): State {
    const old = this.#old.get(account.id);
    return old !== undefined && this.#world.now() < old.until ? old.state : account.perUserMfa;
  }

  set(account: Account, state: State): void {
    const now = this.#world.now();
    const lag = this.#world.chance(`per-user MFA ${account.id} ${this.history.length}`) * READ_LAG_MS;
    this.#old.set(account.id, { state: this.shown(account), until: now + lag });
    account.perUserMfa = state;
    this.history.push({ at: graphTime(now), id: account.id, state });
  }
}
