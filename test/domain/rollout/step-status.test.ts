import { describe, expect, it } from "vitest";
import { CLOSING_PHASE, sha256 } from "../../../src/domain/model/ids.ts";
import type { ProcedureStep, StepWait } from "../../../src/domain/model/procedure.ts";
import { calendarDate, instant } from "../../../src/domain/model/time.ts";
import { groupNickname, wantedMembers } from "../../../src/domain/policy/groups.ts";
import { argsKey } from "../../../src/domain/rollout/args-key.ts";
import { fingerprint } from "../../../src/domain/rollout/fingerprint.ts";
import type { RolloutState } from "../../../src/domain/rollout/state.ts";
import {
  carriedOutAt,
  followsOnly,
  groupsInStep,
  groupsOf,
  notBefore,
  placeStep,
  type RolloutView,
  stillHolds,
} from "../../../src/domain/rollout/step-status.ts";
import { EMERGENCY, MEMBERS, policyRecord, ROSTER, STATE, TABLE } from "../../support/gate-question.ts";
import { CUSTOMER, ROLLOUT, roster, SALES, user } from "../../support/rollout-facts.ts";
import { PROCEDURE } from "../../support/rollout-story.ts";

const PHASE = { id: SALES, department: "Sales", order: 1 };
const at = (hour: number) => instant(`2026-10-15T${String(hour).padStart(2, "0")}:00:00Z`);
const VIEW: RolloutView = {
  state: STATE,
  procedure: PROCEDURE,
  customer: CUSTOMER,
  roster: ROSTER,
  emergency: EMERGENCY,
  now: at(15),
  today: calendarDate("2026-10-15"),
  objections: new Map(),
};
const withState = (over: Partial<RolloutState>): RolloutView => ({ ...VIEW, state: { ...STATE, ...over } });
const step = (tool: string, args: Record<string, string> = {}, wait: StepWait | null = null): ProcedureStep => ({
  id: "x",
  tool,
  args,
  wait,
});
const place = (tool: string, args: Record<string, string> = {}, wait: StepWait | null = null) =>
  placeStep(step(tool, args, wait), PHASE);
const alone = (tool: string, args: Record<string, string> = {}) => placeStep(step(tool, args), null);

describe("placeStep", () => {
  it("gives the phase to the tools that take one, and to no other", () => {
    expect(place("send_phase_email", { kind: "reminder" }).args).toEqual({ kind: "reminder", phase: SALES });
    expect(place("fetch_signin_logs").args).toEqual({});
    expect(alone("draft_ca_policy", { phase: CLOSING_PHASE }).args).toEqual({ phase: CLOSING_PHASE });
  });
});

describe("notBefore", () => {
  const begin = (wait: StepWait | null, done = new Map([["watch", at(8)]])) =>
    notBefore(place("reconcile_users", {}, wait), done, VIEW);

  it.each<[string, StepWait | null, string | null]>([
    ["the rollout's start without a wait", null, STATE.startedAt],
    ["hours after another step", { after: "watch", hours: 24 }, "2026-10-16T08:00:00.000Z"],
    ["nothing while that step is missing", { after: "judge", hours: 24 }, null],
    ["the working hour of the date", { daysBeforeEnforcement: 0 }, "2026-10-15T13:00:00.000Z"],
    ["the last working day before it", { daysBeforeEnforcement: 1 }, "2026-10-14T13:00:00.000Z"],
    [
      "the next working day where so many days before is frozen",
      { daysBeforeEnforcement: 3 },
      "2026-10-13T13:00:00.000Z",
    ],
  ])("is %s", (_, wait, expected) => {
    expect(begin(wait)).toBe(expected);
  });

  it("goes back over a weekend for the day before", () => {
    const monday = withState({ enforcementDates: new Map([[SALES, calendarDate("2026-10-19")]]) });
    expect(notBefore(place("x", {}, { daysBeforeEnforcement: 1 }), new Map(), monday)).toBe("2026-10-15T13:00:00.000Z");
  });

  it("is not known before the date is", () => {
    const wait = { daysBeforeEnforcement: 0 };
    expect(notBefore(place("x", {}, wait), new Map(), withState({ enforcementDates: new Map() }))).toBeNull();
    expect(notBefore(placeStep(step("x", {}, wait), null), new Map(), VIEW)).toBeNull();
  });
});

describe("carriedOutAt", () => {
  const done = (tool: string, args: Record<string, string>, ...times: readonly ReturnType<typeof at>[]) =>
    withState({ stepsDone: new Map([[`${tool} ${argsKey(args)}`, times]]) });

  it("is the first time for a step that is done once, wherever it was", () => {
    const view = done("draft_ca_policy", { phase: SALES }, at(3), at(5));
    expect(carriedOutAt(place("draft_ca_policy"), at(4), view)).toBe(at(3));
    expect(carriedOutAt(place("update_dashboard"), at(4), view)).toBeNull();
  });

  it.each([
    "reconcile_users",
    "fetch_signin_logs",
    "answer_mfa_tickets",
    "sync_psa_project",
    "chase_non_enrollees",
    "generate_compliance_report",
  ])("counts %s from the place's own beginning only", (tool) => {
    const view = done(tool, {}, at(3), at(5));
    expect(carriedOutAt(place(tool), at(3), view)).toBe(at(3));
    expect(carriedOutAt(place(tool), at(4), view)).toBe(at(5));
    expect(carriedOutAt(place(tool), at(6), view)).toBeNull();
  });

  it("counts an enforcement from the last time that the policy was enforced", () => {
    const args = { phase: SALES, state: "enforced" };
    const view = done("apply_ca_policy", args, at(3), at(9));
    const since = (hour: number) =>
      new Map([[SALES, { ...policyRecord, state: "enforced", since: at(hour) }]] as const);
    const enforce = place("apply_ca_policy", { state: "enforced" });
    const seen = (hour: number) =>
      carriedOutAt(enforce, at(0), { ...view, state: { ...view.state, policies: since(hour) } });
    expect([seen(2), seen(8), seen(10)]).toEqual([at(3), at(9), null]);
  });
});

describe("stillHolds", () => {
  const enforced = new Map([[SALES, { ...policyRecord, state: "enforced" }]] as const);
  const full = new Map(
    groupsOf(SALES).map((purpose) => [
      groupNickname(ROLLOUT, purpose),
      fingerprint(wantedMembers(purpose, { roster: ROSTER, emergency: EMERGENCY })),
    ]),
  );
  const inStep = { groupMembers: full };
  const withoutGroup = (purpose: (typeof SALES)[] | readonly string[]) =>
    new Map([...full].filter(([nickname]) => !purpose.some((name) => nickname.endsWith(`_${name}`))));

  it("is true of what nothing undoes", () => {
    expect(stillHolds(alone("open_helpdesk_channel"), VIEW)).toBe(true);
  });

  it("ends for exceptions with a newer list, and for a sign-off with a newer table", () => {
    const { exceptions } = STATE;
    if (exceptions === null) throw new Error("the state has exceptions");
    expect(stillHolds(alone("classify_exceptions"), VIEW)).toBe(true);
    expect(stillHolds(alone("classify_exceptions"), withState({ exceptions: { ...exceptions, list: TABLE } }))).toBe(
      false,
    );
    expect(stillHolds(alone("request_signoff"), VIEW)).toBe(true);
    const other = sha256("9".repeat(64));
    expect(stillHolds(alone("request_signoff"), withState({ exceptions: { ...exceptions, table: other } }))).toBe(
      false,
    );
    expect(stillHolds(alone("request_signoff"), withState({ signoff: null }))).toBe(false);
  });

  it("needs the draft of its phase", () => {
    expect(stillHolds(place("draft_ca_policy"), VIEW)).toBe(true);
    expect(stillHolds(alone("draft_ca_policy", { phase: CLOSING_PHASE }), VIEW)).toBe(false);
  });

  describe("for mails", () => {
    const holds = (kind: string, view: RolloutView) => stillHolds(place("send_phase_email", { kind }), view);
    const joined = { ...VIEW, roster: roster({ byPhase: { [SALES]: [...MEMBERS, user(90)] } }) };

    it("ends with a joiner for announcements, and for notices until the phase is enforced", () => {
      expect(holds("announcement", VIEW)).toBe(true);
      expect(holds("announcement", joined)).toBe(false);
      expect(holds("enforcement_notice", joined)).toBe(false);
      expect(holds("enforcement_notice", { ...joined, state: { ...STATE, policies: enforced } })).toBe(true);
      expect(holds("reminder", joined)).toBe(true);
    });

    it("does not wait for those whom no mail reaches", () => {
      const people = [...MEMBERS, user(90, { address: null })];
      expect(holds("announcement", { ...VIEW, roster: roster({ byPhase: { [SALES]: people } }) })).toBe(true);
    });
  });

  describe("for policies", () => {
    const holds = (state: string, over: Partial<RolloutState>) =>
      stillHolds(place("apply_ca_policy", { state }), withState(over));

    it("needs the state asked for; enforced is report-only enough", () => {
      expect(holds("report_only", inStep)).toBe(true);
      expect(holds("enforced", inStep)).toBe(false);
      expect(holds("enforced", { ...inStep, policies: enforced })).toBe(true);
      expect(holds("report_only", { policies: enforced })).toBe(true);
      expect(holds("report_only", { ...inStep, policies: new Map() })).toBe(false);
    });

    it.each([SALES, "exceptions", "emergency"])(
      "needs the group %s filled with exactly who belongs there",
      (purpose) => {
        const groupMembers = withoutGroup([purpose]);
        expect(groupMembers.size).toBe(2);
        expect(holds("report_only", { groupMembers })).toBe(false);
        expect(holds("enforced", { groupMembers, policies: enforced })).toBe(false);
      },
    );

    it("needs a list of users", () => {
      expect(groupsInStep(SALES, { ...withState(inStep), roster: null })).toBe(false);
    });

    it("asks no phase group of the closing policy", () => {
      expect(groupsInStep(CLOSING_PHASE, withState({ groupMembers: withoutGroup([SALES]) }))).toBe(true);
    });
  });
});

describe("followsOnly", () => {
  it("is true of an enforced phase that is asked to be enforced, and of nothing else", () => {
    const policies = new Map([[SALES, { ...policyRecord, state: "enforced" }]] as const);
    const state = { ...STATE, policies };
    expect(followsOnly(state, SALES, "enforced")).toBe(true);
    expect(followsOnly(state, SALES, "roll_back")).toBe(false);
    expect(followsOnly(STATE, SALES, "enforced")).toBe(false);
  });
});
