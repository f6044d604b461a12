import { type RolloutId, rolloutId } from "../domain/model/ids.ts";
import type { Json } from "../domain/model/plan.ts";
import { dateIn, type Instant } from "../domain/model/time.ts";
import { argsKey } from "../domain/rollout/args-key.ts";
import type { RolloutEvent } from "../domain/rollout/events.ts";
import { StateError } from "../errors.ts";
import type { Act, CustomerAccess, OpenRollout, ToolContext } from "../kit/tool-context.ts";
import type { ApprovalDesk } from "../ports/approval-desk.ts";
import type { Clock } from "../ports/clock.ts";
import type { Documents } from "../ports/documents.ts";
import type { ProcedureShelf } from "../ports/procedure-shelf.ts";
import type { DocumentStore, RolloutStore } from "../ports/rollout-store.ts";
import type { Vendors } from "../ports/vendors.ts";
import { carryOut } from "./carry-out.ts";
import { objectionsIn } from "./objections.ts";
import type { PeopleReader } from "./people-reader.ts";
import { appendUnlessStale, basisOf } from "./refuse-stale.ts";

/** A customer with its connectors and its approvers' keys. */
export interface ServedCustomer extends CustomerAccess<keyof Vendors> {
  readonly desk: ApprovalDesk;
}

/** What the server is made of; wired in `compose.ts`. */
export interface Workshop {
  readonly store: RolloutStore;
  readonly documents: DocumentStore;
  readonly people: PeopleReader;
  readonly writing: Documents;
  readonly procedures: ProcedureShelf;
  readonly clock: Clock;
  newRolloutId(customerSlug: string, now: Instant): RolloutId;
  customer(slug: string): Promise<ServedCustomer>;
  /** Slugs of every customer there is a file for, sorted; the files are not checked. */
  customers(): Promise<readonly string[]>;
}

interface Call {
  readonly signal: AbortSignal;
  readonly progress: ToolContext<never>["progress"];
}

/** The context of one call: the workshop as of now. */
export async function contextOf(workshop: Workshop, call: Call): Promise<ToolContext<keyof Vendors>> {
  const now = await workshop.clock.now();
  return {
    now,
    signal: call.signal,
    store: workshop.store,
    documents: workshop.documents,
    writing: workshop.writing,
    procedures: workshop.procedures,
    newRolloutId: (slug) => workshop.newRolloutId(slug, now),
    customer: (slug) => workshop.customer(slug),
    open: (id) => openRollout(id, { workshop, call, now }),
    progress: call.progress,
  };
}

async function openRollout(
  id: string,
  { workshop, call, now }: { workshop: Workshop; call: Call; now: Instant },
): Promise<OpenRollout<keyof Vendors>> {
  const rollout = await workshop.store.open(id);
  let state = await rollout.state();
  let basis = basisOf(state);
  const { customer, vendor, desk } = await workshop.customer(state.customer);
  const procedure = await workshop.procedures.get(state.procedure.id, state.procedure.hash);
  const today = dateIn(state.timeZone, now);
  const { people } = workshop;
  const open: OpenRollout<keyof Vendors> = {
    id: rolloutId(state.id),
    customer,
    vendor,
    procedure,
    today,
    get state() {
      return state;
    },
    async refresh() {
      state = await rollout.state();
      basis = basisOf(state);
    },
    users: () => people.users(state),
    register: () => people.register(state),
    roster: () => people.roster(state, today),
    drift: (phase) => people.drift(state, phase, today),
    async view() {
      const roster = state.list === null ? null : await open.roster();
      const carvedOut = (await open.register()).filter(({ kind }) => kind === "emergency_access");
      const emergency = carvedOut.map(({ objectId }) => objectId);
      const objections = await objectionsIn(state, desk);
      return { state, procedure, customer, roster, emergency, now, today, objections };
    },
    async record(...events: readonly RolloutEvent[]) {
      state = await rollout.append(...events);
    },
    async recordUnlessStale(...events: readonly RolloutEvent[]) {
      state = await appendUnlessStale(rollout, basis, { events, signal: call.signal });
    },
    async stepDone(tool, args, summary) {
      await open.record({ type: "step_done", data: { tool, argsKey: argsKey(args), summary } });
    },
    async outcomeOf(key) {
      const effect = (await rollout.state()).effects.get(key);
      if (effect?.status === "done") return effect.outcome;
      throw new StateError("A change that this one builds on is not done.", {
        nextStep: "Call get_rollout and do what next says.",
      });
    },
    async carryOut<Content extends Json>(act: Act<Content>) {
      const parts = { rollout, basis, documents: workshop.documents, desk, clock: workshop.clock };
      const carried = await carryOut(act, { ...parts, customer: state.customer, today, ...call });
      await open.refresh();
      return carried;
    },
  };
  return open;
}
