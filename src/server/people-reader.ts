import { type Roster, rosterOf } from "../domain/exceptions/scope.ts";
import type { Exception } from "../domain/model/exception.ts";
import type { PhaseId, Sha256, UserId } from "../domain/model/ids.ts";
import type { User } from "../domain/model/people.ts";
import type { CalendarDate } from "../domain/model/time.ts";
import type { RolloutState } from "../domain/rollout/state.ts";
import { StateError } from "../errors.ts";
import type { DocumentStore } from "../ports/rollout-store.ts";

/**
 * Reads the people behind a state. The list read last stays in memory, since nearly every call asks for it; lists are
 * immutable, so their hash is all that tells whether it is still the one.
 */
export class PeopleReader {
  readonly #documents: DocumentStore;
  #last: { readonly hash: Sha256; readonly users: Promise<readonly User[]> } | null = null;

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
    return JSON.parse(await this.#documents.text(exceptions.register)) as Exception[]; // ours, its hash was checked
  }

  /** Who belongs to which phase on that day. Throws as `users`. */
  async roster(state: RolloutState, today: CalendarDate): Promise<Roster> {
    const announced = new Map<UserId, PhaseId>();
    for (const [user, mail] of state.mails.get("announcement") ?? []) announced.set(user, mail.phase);
    const [users, register] = await Promise.all([this.users(state), this.register(state)]);
    return rosterOf({ users, register, phases: state.phases, announced, today });
  }

  async #readList(hash: Sha256): Promise<readonly User[]> {
    const users: User[] = [];
    for await (const line of this.#documents.lines(hash)) users.push(line as User); // we wrote the list; its hash was checked
    return users;
  }
}
