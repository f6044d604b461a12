import type { z } from "zod";
import type { Roster } from "../domain/exceptions/scope.ts";
import type { SenderQuota } from "../domain/mail/quota.ts";
import type { Customer } from "../domain/model/customer.ts";
import type { Exception } from "../domain/model/exception.ts";
import type { PhaseId, PlanId, RolloutId, Sha256 } from "../domain/model/ids.ts";
import type { User } from "../domain/model/people.ts";
import type { Json } from "../domain/model/plan.ts";
import type { Procedure } from "../domain/model/procedure.ts";
import type { CalendarDate, Instant } from "../domain/model/time.ts";
import type { PhaseDrift } from "../domain/phases/drift.ts";
import type { RolloutEvent } from "../domain/rollout/events.ts";
import type { RolloutState } from "../domain/rollout/state.ts";
import type { RolloutView } from "../domain/rollout/step-status.ts";
import type { Documents } from "../ports/documents.ts";
import type { ProcedureShelf } from "../ports/procedure-shelf.ts";
import type { DocumentStore, Effect, JsonObject, RolloutStore } from "../ports/rollout-store.ts";
import type { Vendors } from "../ports/vendors.ts";

/** What a tool may use. Nothing here can sign an approval. */
export interface ToolContext<Needs extends keyof Vendors> {
  readonly now: Instant;
  readonly signal: AbortSignal;
  readonly store: RolloutStore;
  readonly documents: DocumentStore;
  readonly writing: Documents;
  readonly procedures: ProcedureShelf;
  newRolloutId(customerSlug: string): RolloutId;
  /** @throws {NotFoundError} no such customer file; {ConfigurationError} the file is wrong. */
  customer(slug: string): Promise<CustomerAccess<Needs>>;
  /** @throws {NotFoundError} no such rollout. */
  open(rolloutId: string): Promise<OpenRollout<Needs>>;
  /** Tells the host how far a long call is. */
  progress(done: number, total: number | null, message: string): Promise<void>;
}

export interface CustomerAccess<Needs extends keyof Vendors> {
  readonly customer: Customer;
  /** The capability, connected on first use. */
  vendor<Name extends Needs>(name: Name): Promise<Vendors[Name]>;
}

/** One rollout with all that belongs to it, as of now. */
export interface OpenRollout<Needs extends keyof Vendors> extends CustomerAccess<Needs> {
  readonly id: RolloutId;
  readonly procedure: Procedure;
  readonly today: CalendarDate;
  /** As of opening, or of the last `record`, `carryOut` or `refresh` through this object. */
  readonly state: RolloutState;
  /** Takes in what other processes have recorded since. */
  refresh(): Promise<void>;
  /** The canonical list. @throws {StateError} not reconciled yet. */
  users(): Promise<readonly User[]>;
  /** Exceptions classified so far; empty before. */
  register(): Promise<readonly Exception[]>;
  /** Who belongs to which phase today. @throws {StateError} not reconciled yet. */
  roster(): Promise<Roster>;
  /** What has changed about a phase's people since a plan for it was last carried out. @throws {StateError} not reconciled yet. */
  drift(phase: PhaseId): Promise<PhaseDrift>;
  /** What the domain's `next` and the gates look at. */
  view(): Promise<RolloutView>;
  /** Appends what a `record` tool found out. */
  record(...events: readonly RolloutEvent[]): Promise<void>;
  /**
   * The same for what takes the place of the exceptions that it was made from, so that nobody's decision is lost.
   * @throws {StateError} these, or the people, were recorded anew since opening or the last `refresh`; nothing was appended.
   */
  recordUnlessStale(...events: readonly RolloutEvent[]): Promise<void>;
  /** Says that a step's work was done; `summary` in a few words. */
  stepDone(tool: string, args: StepArgs, summary: string): Promise<void>;
  /** The outcome of an effect that is done; effects that build on earlier ones ask when they run. @throws {StateError} it is not done. */
  outcomeOf(key: string): Promise<JsonObject>;
  /**
   * Does what a person signed, exactly once, or says that it waits for a signature.
   * @throws {StateError} the same work, or the people, were recorded anew since opening or the last `refresh`.
   */
  carryOut<Content extends Json>(act: Act<Content>): Promise<CarriedOut>;
}

export type StepArgs = Readonly<Record<string, Json | undefined>>;

/** What a `contact` or `enforce` tool wants to do. */
export interface Act<Content extends Json> {
  readonly tool: string;
  readonly args: StepArgs;
  /** One line: "Announcement to 58 users of Sales". */
  readonly title: string;
  /** What the person reads before signing: complete, one line a change. */
  readonly lines: readonly string[];
  /** The plan itself, the only thing effects are made from. Nothing volatile (no times of now): it is hashed. */
  readonly content: Content;
  /** Reads a stored plan's content back, when an interrupted plan goes on. */
  readonly schema: z.ZodType<Content>;
  /** Texts behind the change, where a standing approval may cover the tool; else `null`. */
  readonly standingTexts: readonly string[] | null;
  /** Where a person carries it out with a command of theirs once it is signed: that command. The server changes nothing. */
  readonly byPerson?: string;
  /** Where not every approver of the customer may sign it. */
  readonly signer?: "senior";
  /** Events that belong to the plan as such, recorded when it is proposed, e.g. the date announced. */
  readonly onProposal?: () => readonly RolloutEvent[];
  /** What the sender may send, where effects are mails: the rest waits, and the call says until when. */
  readonly quota?: SenderQuota;
  /** What the signature itself decides, recorded once it is there: a plan that changes nothing outside still needs one. */
  readonly decides?: (content: Content, plan: Sha256) => readonly RolloutEvent[];
  /** In order of doing, except where one says what it builds on. Empty, and nothing decided: nothing to do, so nothing to sign. */
  effects(content: Content): readonly Effect[];
}

export interface CarriedOut {
  /**
   * `approval_required`: a person has to sign `planId`, nothing was changed. `paused`: a vendor's limit; call again at
   * `resumeAt`, what was done stays done. `denied`: a person refused. `nothing_to_do`: no change is needed.
   * `person_required`: signed, and a person carries it out with the command in `note`.
   */
  readonly status: "done" | "approval_required" | "denied" | "paused" | "nothing_to_do" | "person_required";
  readonly planId: PlanId | null;
  readonly title: string;
  /** First lines of the plan. */
  readonly lines: readonly string[];
  readonly linesTotal: number;
  readonly changesDone: number;
  readonly changesTotal: number;
  readonly resumeAt: Instant | null;
  /** For people: who denied and why. */
  readonly note: string;
}
