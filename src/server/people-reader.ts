import type { Roster } from "../domain/exceptions/scope.ts";
import type { Exception } from "../domain/model/exception.ts";
import { CLOSING_PHASE, type PhaseId, type Sha256, type UserId } from "../domain/model/ids.ts";
import type { User } from "../domain/model/people.ts";
import { type CalendarDate, dateIn } from "../domain/model/time.ts";
import { drift, type PhaseDrift, type Place, placer } from "../domain/phases/drift.ts";
import { placingIn, rosterIn } from "../domain/rollout/roster-in.ts";
import type { PlannedFrom, RolloutState } from "../domain/rollout/state.ts";
import { StateError } from "../errors.ts";
import type { DocumentStore } from "../ports/rollout-store.ts";

/** Places of people, of all lists together, that are kept in memory: of a small tenant every list, of a large one a few. */
const PLACES_KEPT = 400_000;

/**
 * Reads the people behind a state. The list read last stays in memory, since nearly every call asks for it; lists are
 * immutable, so their hash is all that tells whether it is still the one.
 */
export class PeopleReader {
  readonly #documents: DocumentStore;
  #last: { readonly hash: Sha256; readonly users: Promise<readonly User[]> } | null = null;

  readonly #placed = new Map<string, ReadonlyMap<UserId, Place>>();

  constructor(documents: DocumentStore) {
    this.#documents = documents;
  }

  /** @throws {StateError} nothing was reconciled yet; {LedgerError} the stored list was altered. */
  async users({ list }: Pick<RolloutState, "list">): Promise<readonly User[]> {
    if (list === null)
      throw new StateError("There is no list of users yet.", { nextStep: "Call reconcile_users first." });
    if (this.#last?.hash !== list.hash) this.#last = { hash: list.hash, users: this.#readList(list.hash) };
    return this.#last.users.catch((error: unknown) => {
      this.#last = null;
      throw error;
    });
  }

  /** Exceptions classified so far; empty before. */
  async register({ exceptions }: Pick<RolloutState, "exceptions">): Promise<readonly Exception[]> {
    if (exceptions === null) return [];
    return this.#readRegister(exceptions.register);
  }

  /** Who belongs to which phase on that day. Throws as `users`. */
  async roster(state: RolloutState, today: CalendarDate): Promise<Roster> {
    const [users, register] = await Promise.all([this.users(state), this.register(state)]);
    return rosterIn(state, { users, register, today });
  }

  /** What has changed about a phase's people since it was planned. Throws as `users`. */
  async drift(state: RolloutState, phase: PhaseId, today: CalendarDate): Promise<PhaseDrift> {
    const planned = state.plannedFrom.get(phase) ?? state.plannedFrom.get(CLOSING_PHASE);
    const { list, exceptions, timeZone } = state;
    if (planned === undefined || list === null) return { since: null, changes: [] };
    const since = dateIn(timeZone, planned.at);
    const current = { list: list.hash, register: exceptions?.register ?? null, day: today };
    const before = await this.#places({ ...planned, day: since }, this.#documents.lines(planned.list));
    const now = await this.#places(current, await this.users(state));
    const placing = placingIn(state, { register: [], today });
    const date = state.enforcementDates.get(phase) ?? null;
    return { since, changes: drift(phase, { before, now, placing, date }) };
  }

  /** Where everybody of a list stood that day. The newest are kept: phases that run side by side were planned from several lists. */
  async #places(
    of: Omit<PlannedFrom, "at"> & { readonly day: CalendarDate },
    users: Iterable<unknown> | AsyncIterable<unknown>,
  ): Promise<ReadonlyMap<UserId, Place>> {
    const key = `${of.list} ${of.register} ${of.day}`;
    const known = this.#placed.get(key);
    if (known !== undefined) return known;
    const register = of.register === null ? [] : await this.#readRegister(of.register);
    const placeOf = placer({ register, today: of.day });
    const departments = new Map<string | null, string | null>();
    const places = new Map<UserId, Place>();
    for await (const line of users) {
      const place = placeOf(line as User); // we wrote the list; its hash was checked
      const department = departments.get(place.department) ?? place.department;
      departments.set(department, department);
      places.set(place.id, { ...place, department });
    }
    this.#placed.set(key, places);
    let kept = 0;
    for (const [other, { size }] of [...this.#placed].reverse()) {
      kept += size;
      if (kept > PLACES_KEPT && other !== key) this.#placed.delete(other);
    }
    return places;
  }

  async #readRegister(hash: Sha256): Promise<readonly Exception[]> {
    return JSON.parse(await this.#documents.text(hash)) as Exception[]; // ours, its hash was checked
  }

  async #readList(hash: Sha256): Promise<readonly User[]> {
    const users: User[] = [];
    for await (const line of this.#documents.lines(hash)) users.push(line as User); // we wrote the list; its hash was checked
    return users;
  }
}
