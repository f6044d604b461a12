import type { EffectSubject } from "../../src/domain/model/effect.ts";
import type { Exception } from "../../src/domain/model/exception.ts";
import { CLOSING_PHASE, type EntraObjectId, type Sha256, sha256 } from "../../src/domain/model/ids.ts";
import type { User } from "../../src/domain/model/people.ts";
import type { Phase } from "../../src/domain/model/phase.ts";
import type { Approval } from "../../src/domain/model/plan.ts";
import type { Procedure, ProcedureSettings, ProcedureStep, StepWait } from "../../src/domain/model/procedure.ts";
import { shortHash } from "../../src/domain/model/short-hash.ts";
import { addHours, calendarDate, dateIn, type Instant, instant } from "../../src/domain/model/time.ts";
import { argsKey } from "../../src/domain/rollout/args-key.ts";
import type { RolloutEvent } from "../../src/domain/rollout/events.ts";
import { advance } from "../../src/domain/rollout/fold.ts";
import { next } from "../../src/domain/rollout/next.ts";
import { rosterIn } from "../../src/domain/rollout/roster-in.ts";
import type { RolloutView } from "../../src/domain/rollout/step-status.ts";
import { CUSTOMER, IT, ROLLOUT, SALES, SETTINGS, user } from "./rollout-facts.ts";

/** Monday 5 October 2026, 8:00 in the customer's Chicago. */
export const MONDAY = instant("2026-10-05T13:00:00Z");

const step = (
  id: string,
  tool: string,
  args: Readonly<Record<string, string>> = {},
  wait: StepWait | null = null,
): ProcedureStep => ({ id, tool, args, wait });

/** The shipped procedure in small: every kind of step and wait, two departments. */
export const PROCEDURE: Procedure = {
  id: "small",
  version: "1.0.0",
  title: "Small",
  description: "",
  hash: sha256("a".repeat(64)),
  parameters: [],
  settings: SETTINGS,
  prepare: [
    step("people", "reconcile_users"),
    step("exceptions", "classify_exceptions"),
    step("signoff", "request_signoff"),
    step("closing-draft", "draft_ca_policy", { phase: CLOSING_PHASE }),
    step("closing-report-only", "apply_ca_policy", { phase: CLOSING_PHASE, state: "report_only" }),
  ],
  eachPhase: [
    step("refresh", "reconcile_users"),
    step("draft", "draft_ca_policy"),
    step("announce", "send_phase_email", { kind: "announcement" }),
    step("report-only", "apply_ca_policy", { state: "report_only" }),
    step("watch", "fetch_signin_logs", {}, { after: "report-only", hours: 24 }),
    step("notice", "send_phase_email", { kind: "enforcement_notice" }, { daysBeforeEnforcement: 1 }),
    step("recheck", "reconcile_users", {}, { daysBeforeEnforcement: 0 }),
    step("enforce", "apply_ca_policy", { state: "enforced" }),
    step("judge", "fetch_signin_logs", {}, { after: "enforce", hours: 24 }),
    step("tickets", "answer_mfa_tickets"),
  ],
  nextPhaseAfter: "watch",
  close: [
    step("final-people", "reconcile_users"),
    step("report", "generate_compliance_report"),
    step("save", "save_procedure"),
  ],
  texts: {},
  lessons: [],
};

export const procedureWith = (settings: Partial<ProcedureSettings>, over: Partial<Procedure> = {}): Procedure => ({
  ...PROCEDURE,
  ...over,
  settings: { ...SETTINGS, ...settings },
});

export const PHASES: readonly Phase[] = [
  { id: IT, department: "IT", order: 0 },
  { id: SALES, department: "Sales", order: 1 },
  { id: CLOSING_PHASE, department: null, order: 2 },
];

const hashOf = (...parts: readonly string[]): Sha256 => sha256(shortHash(...parts).padEnd(64, "0"));

/** A person's decision as the ledger keeps it; in these stories every signature counts that `objections` does not name. */
export const decision = (kind: "plan" | "denial", digest: Sha256, at: Instant): Approval => ({
  ...{ kind, rollout: ROLLOUT, digest, approver: "Robin", at, terms: null, note: "" },
  signature: `${kind}-${digest.slice(0, 12)}-${at}`,
});

interface Setting {
  readonly procedure?: Procedure;
  readonly people?: readonly User[];
  readonly register?: readonly Exception[];
  readonly deadline?: string;
}

/** A rollout told event by event, with a clock that only a test moves; the state is the real fold's. */
export function story({
  procedure = PROCEDURE,
  people = [user(10, { department: "IT" }), user(20), user(21)],
  register = [],
  deadline = "2026-10-31",
}: Setting = {}) {
  let now = MONDAY;
  let seq = 0;
  let state: ReturnType<typeof advance> | null = null;
  const told = { people, register, objections: new Map<string, string>() };

  /** What the last reconciliation read; nobody knows of later changes. */
  let listed = people;
  let registered = register;

  const record = (...events: readonly RolloutEvent[]): void => {
    for (const event of events) {
      if (event.type === "users_reconciled") listed = told.people;
      const today = dateIn(CUSTOMER.timeZone, now);
      if (event.type === "exceptions_classified") registered = told.register.filter(({ expires }) => expires >= today);
      seq += 1;
      state = advance(state, {
        ...event,
        seq,
        at: now,
        actor: "server",
        prev: hashOf(`${seq - 1}`),
        hash: hashOf(`${seq}`),
      });
    }
  };
  record({
    type: "rollout_started",
    data: {
      rollout: ROLLOUT,
      customer: "larkfield",
      customerName: CUSTOMER.name,
      timeZone: CUSTOMER.timeZone,
      procedure,
      deadline: calendarDate(deadline),
      phases: PHASES,
    },
  });
  const current = () => {
    if (state === null) throw new RangeError("the story has begun");
    return state;
  };
  const view = (): RolloutView => {
    const today = dateIn(CUSTOMER.timeZone, now);
    const roster = current().list === null ? null : rosterIn(current(), { users: listed, register: registered, today });
    const emergency = registered
      .filter(({ kind }) => kind === "emergency_access")
      .map((exception) => exception.objectId);
    return {
      state: current(),
      procedure,
      customer: CUSTOMER,
      roster,
      emergency,
      now,
      today,
      objections: told.objections,
    };
  };
  const stepDone = (tool: string, args: Readonly<Record<string, string>> = {}): RolloutEvent => ({
    type: "step_done",
    data: { tool, argsKey: argsKey(args), summary: "" },
  });

  return {
    told,
    /** By nickname and fingerprint: who was put into a group. */
    groups: new Map<string, ReadonlySet<EntraObjectId>>(),
    /** The list that was read last. */
    get listed() {
      return listed;
    },
    /** The exceptions that were classified last. */
    get registered() {
      return registered;
    },
    get state() {
      return current();
    },
    get now() {
      return now;
    },
    view,
    record,
    next: () => next(view()),
    /** Lets hours pass, or time until an instant. */
    pass: (time: number | Instant): void => {
      now = typeof time === "number" ? addHours(now, time) : time;
    },
    stepDone: (tool: string, args: Readonly<Record<string, string>> = {}): void => record(stepDone(tool, args)),
    /** Proposes the plan of a tool's work; returns its digest. */
    propose(
      tool: string,
      args: Readonly<Record<string, string>>,
      what = "",
      standing: { readonly textsHash: Sha256; readonly count: number } | null = null,
    ): Sha256 {
      const digest = hashOf(tool, argsKey(args), what);
      record({
        type: "plan_proposed",
        data: { digest, tool, argsKey: argsKey(args), title: `${tool} ${what}`, standing },
      });
      return digest;
    },
    approve: (digest: Sha256): void =>
      record({ type: "approval_signed", data: { approval: decision("plan", digest, now) } }),
    deny: (digest: Sha256): void =>
      record({ type: "approval_denied", data: { approval: decision("denial", digest, now) } }),
    begin: (digest: Sha256, key: string, subject: EffectSubject): void =>
      record({ type: "effect_intended", data: { key, plan: digest, subject } }),
    did: (digest: Sha256, key: string, subject: EffectSubject, outcome: Record<string, string> = {}): void =>
      record(
        { type: "effect_intended", data: { key, plan: digest, subject } },
        { type: "effect_done", data: { key, outcome, found: false } },
      ),
  };
}

export type Story = ReturnType<typeof story>;
