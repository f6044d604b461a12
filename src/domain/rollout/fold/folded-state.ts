import type { Instant } from "../../model/time.ts";
import type { LedgerEntry, RolloutEvent } from "../events.ts";
import type { RolloutState } from "../state.ts";

/** The entry of one type of event. */
export type EntryOf<Type extends RolloutEvent["type"]> = Extract<LedgerEntry, { readonly type: Type }>;

/** What a readonly collection is to the fold that owns it. */
type Owned<T> =
  T extends ReadonlyMap<infer Key, infer Value>
    ? Map<Key, Value>
    : T extends ReadonlySet<infer Value>
      ? Set<Value>
      : T extends readonly (infer Item)[]
        ? Item[]
        : T;

/** A rollout's state as the fold holds it: the same facts, in collections that it may add to. */
export type FoldedState = Omit<RolloutState, OwnedField> & {
  readonly [Field in Exclude<OwnedField, "mails" | "stepsDone">]: Owned<RolloutState[Field]>;
} & {
  readonly mails: Map<Key<"mails">, Owned<Value<"mails">>>;
  readonly stepsDone: Map<string, Instant[]>;
};

type OwnedField =
  | "endedExceptions"
  | "renamed"
  | "plannedFrom"
  | "drafts"
  | "enforcementDates"
  | "plans"
  | "approvals"
  | "standing"
  | "effects"
  | "mails"
  | "groups"
  | "policies"
  | "bridges"
  | "observations"
  | "foresights"
  | "findings"
  | "blocks"
  | "givenBack"
  | "acceptedPitfalls"
  | "stepsDone"
  | "paused"
  | "closedGates"
  | "groupMembers"
  | "answeredTickets"
  | "snapshots";
type Key<Field extends "mails"> = RolloutState[Field] extends ReadonlyMap<infer K, unknown> ? K : never;
type Value<Field extends "mails"> = RolloutState[Field] extends ReadonlyMap<unknown, infer V> ? V : never;

/** Sets an entry of an owned map; no field gets a new value. */
export function keyed<Id, Item>(map: Map<Id, Item>, id: Id, item: Item): Partial<FoldedState> {
  map.set(id, item);
  return {};
}
