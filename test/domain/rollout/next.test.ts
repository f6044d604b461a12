import { describe, expect, it } from "vitest";
import { CLOSING_PHASE, phaseId } from "../../../src/domain/model/ids.ts";
import { instant } from "../../../src/domain/model/time.ts";
import type { Call } from "../../../src/domain/rollout/next/answer.ts";
import { finding } from "../../support/gate-question.ts";
import { exception, IT, SALES, user } from "../../support/rollout-facts.ts";
import { asksFor, checkTenant, follow, foresee, observe, perform } from "../../support/rollout-play.ts";
import { MONDAY, PROCEDURE, procedureWith, story } from "../../support/rollout-story.ts";

const FINDING = finding(10).id;
const itUser = user(10, { department: "IT" });
const toolsOf = (calls: ReturnType<typeof follow>): readonly string[] =>
  calls.map(({ tool, args }) =>
    [tool, args.phase, args.state ?? args.kind].filter((part) => part !== undefined).join(" "),
  );

describe("next", () => {
  it("begins with the first step of the preparation and gives the rollout to every call", () => {
    const told = story();
    expect(told.next()).toEqual({
      do: "call",
      tool: "reconcile_users",
      args: { rollout: told.state.id },
      why: 'Step "people" (reconcile_users)',
    });
  });

  it("leads a host that does nothing else to the end, each phase in its turn", () => {
    const told = story();
    const calls = toolsOf(follow(told));
    expect([...told.state.policies].map(([phase, { state }]) => [phase, state])).toEqual([
      [CLOSING_PHASE, "enforced"],
      [IT, "enforced"],
      [SALES, "enforced"],
    ]);
    const order = [
      `apply_ca_policy ${IT} enforced`,
      `apply_ca_policy ${SALES} enforced`,
      `apply_ca_policy ${CLOSING_PHASE} enforced`,
    ];
    expect(order.map((call) => calls.lastIndexOf(call))).toEqual(
      [...order.map((call) => calls.lastIndexOf(call))].sort((a, b) => a - b),
    );
    expect(calls.slice(-3)).toEqual(["reconcile_users", "generate_compliance_report", "save_procedure"]);
    expect(told.next().do).toBe("finished");
  });

  it("reads the people anew in each place that names it: once to prepare, twice a phase and at the end", () => {
    const calls = toolsOf(follow(story()));
    expect(calls.filter((tool) => tool === "reconcile_users").length).toBeGreaterThanOrEqual(1 + 2 + 1);
    const refreshed = calls.indexOf("reconcile_users", 1);
    expect(calls[refreshed - 1]).toBe(`apply_ca_policy ${CLOSING_PHASE} report_only`);
  });

  it("opens the next phase after the step that the procedure names, before the first is enforced", () => {
    const told = story();
    follow(told, asksFor("draft_ca_policy", { phase: SALES }));
    expect(told.state.policies.get(IT)?.state).toBe("report_only");
    expect(told.state.stepsDone.get("fetch_signin_logs {}")).toHaveLength(1);
  });

  it("waits in report-only as long as the procedure says", () => {
    const told = story();
    follow(told, ({ do: what, why }) => what === "wait" && why.includes('"watch"'));
    const since = told.state.stepsDone.get(`apply_ca_policy {"phase":"${IT}","state":"report_only"}`)?.[0] ?? MONDAY;
    const until = instant(Date.parse(since) + 24 * 3_600_000);
    expect(told.next()).toMatchObject({ do: "wait", for: "time", until });
    told.pass(until);
    expect(told.next()).toMatchObject({ do: "call", tool: "fetch_signin_logs" });
  });

  it("starts nothing on a frozen day and says when it goes on", () => {
    const told = story();
    follow(told, asksFor("send_phase_email", { phase: IT }));
    told.pass(instant("2026-10-09T15:00:00Z"));
    expect(told.next()).toMatchObject({ do: "wait", for: "time", until: "2026-10-13T13:00:00.000Z" });
  });

  it("goes on after a vendor's limit and not before", () => {
    const told = story();
    follow(told, asksFor("draft_ca_policy", { phase: IT }));
    const until = instant(Date.parse(told.now) + 600_000);
    told.record({ type: "step_paused", data: { tool: "draft_ca_policy", argsKey: `{"phase":"${IT}"}`, until } });
    expect(told.next()).toMatchObject({ do: "wait", for: "time", until });
    told.pass(until);
    expect(asksFor("draft_ca_policy")(told.next())).toBe(true);
  });

  it("says that the procedure is to be mended when a step depends on what is never set", () => {
    const eachPhase = [
      { id: "notice", tool: "send_phase_email", args: {}, wait: { daysBeforeEnforcement: 1 } },
      ...PROCEDURE.eachPhase,
    ];
    const told = story({ procedure: procedureWith({}, { eachPhase }) });
    const isWait = ({ why }: { why: string }): boolean => why.includes("Mend the procedure");
    follow(told, isWait);
    expect(told.next()).toMatchObject({ do: "wait", for: "person" });
  });
});

describe("a joiner", () => {
  /** IT is watched; then somebody joins there whom the next reconciliation finds. */
  const joined = () => {
    const told = story();
    follow(told, () => told.state.stepsDone.has("fetch_signin_logs {}"));
    told.told.people = [...told.told.people, user(11, { department: "IT" })];
    return told;
  };

  it("is announced and put into the group, once the exceptions were looked through again", () => {
    const told = joined();
    const calls = toolsOf(follow(told, asksFor("apply_ca_policy", { phase: SALES })));
    expect(calls.slice(0, 3)).toEqual([
      "reconcile_users",
      "classify_exceptions",
      `send_phase_email ${IT} announcement`,
    ]);
    expect(calls).toContain(`apply_ca_policy ${IT} report_only`);
    expect(told.state.mails.get("announcement")?.has(user(11).id)).toBe(true);
  });

  it("of an early phase does not hold up the phases behind it", () => {
    const told = joined();
    follow(told, asksFor("send_phase_email", { phase: IT }));
    const todo = told.next();
    if (todo.do === "call") perform(told, todo);
    expect(told.next()).toMatchObject({ do: "call", tool: "draft_ca_policy", args: { phase: SALES } });
  });

  it("of an enforced phase comes into its group although the gates of a first enforcement are closed", () => {
    const told = story();
    follow(told, asksFor("apply_ca_policy", { phase: SALES, state: "enforced" }));
    told.told.people = [
      ...told.told.people,
      user(11, { department: "IT", capable: false }),
      user(12, { department: "IT", capable: false }),
    ];
    follow(told, asksFor("apply_ca_policy", { phase: IT, state: "enforced" }));
    expect(told.next()).toMatchObject({ do: "call", tool: "apply_ca_policy" });
  });
});

describe("people who are not ready", () => {
  const late = (n: number) => user(n, { department: "IT", capable: false });
  const waitsToEnrol = () => {
    const told = story({ people: [itUser, late(11), late(12), user(20)] });
    follow(told, ({ do: what, why }) => what === "wait" && why.includes("cannot use MFA yet"));
    return told;
  };

  it("are read anew on each working day until enough have enrolled", () => {
    const told = waitsToEnrol();
    expect(told.next()).toMatchObject({ do: "wait", for: "time" });
    told.pass(24);
    expect(told.next()).toMatchObject({ do: "call", tool: "reconcile_users" });
    told.told.people = told.told.people.map((one) => ({ ...one, registration: itUser.registration }));
    follow(told, asksFor("apply_ca_policy", { phase: IT, state: "enforced" }));
    expect(told.state.policies.get(IT)?.state).toBe("report_only");
  });

  it("are a person's matter once the deadline has passed", () => {
    const told = waitsToEnrol();
    told.pass(instant("2026-11-02T15:00:00Z"));
    follow(told, ({ do: what }) => what === "wait");
    expect(told.next()).toMatchObject({ do: "wait", for: "person", why: expect.stringContaining("2 of 3 users") });
  });

  it("hold the later phase by time, not by a person who could do nothing", () => {
    const told = waitsToEnrol();
    told.pass(instant("2026-10-19T15:00:00Z"));
    follow(told, ({ do: what }) => what === "wait");
    expect(told.next()).toMatchObject({ do: "wait", for: "time", until: "2026-10-20T13:00:00.000Z" });
  });
});

describe("a look at the sign-ins", () => {
  it("is not taken again and again while only time can open the gate", () => {
    const eachPhase = PROCEDURE.eachPhase.map((one) => (one.id === "watch" ? { ...one, wait: null } : one));
    const told = story({ procedure: procedureWith({ leadDays: 0, reportOnlyHours: 72 }, { eachPhase }) });
    const calls = toolsOf(follow(told, ({ why }) => why.includes("must stay report-only")));
    expect(told.next()).toMatchObject({ do: "wait", for: "time" });
    expect(calls.filter((tool) => tool === "fetch_signin_logs").length).toBeLessThanOrEqual(3);
  });

  it("is taken when that is all that is lacking", () => {
    const told = story();
    follow(told, asksFor("apply_ca_policy", { phase: IT, state: "enforced" }));
    told.pass(25);
    expect(told.next()).toMatchObject({
      do: "call",
      tool: "fetch_signin_logs",
      why: expect.stringContaining("24 hours"),
    });
    observe(told, {});
    expect(asksFor("check_tenant")(told.next())).toBe(true);
    checkTenant(told);
    expect(told.next()).toMatchObject({ do: "call", tool: "foresee_lockouts", args: { phase: IT } });
    perform(told, told.next() as Call); // checked in the line before
    expect(asksFor("apply_ca_policy", { phase: IT })(told.next())).toBe(true);
  });
});

describe("a look ahead", () => {
  const beforeEnforcing = () => {
    const told = story();
    follow(told, asksFor("foresee_lockouts", { phase: IT }));
    return told;
  };

  it("is taken once the sign-ins are fresh and before anything is enforced", () => {
    const told = beforeEnforcing();
    expect(told.state.policies.get(IT)?.state).toBe("report_only");
    foresee(told, { phase: IT }, {});
    expect(asksFor("apply_ca_policy", { phase: IT, state: "enforced" })(told.next())).toBe(true);
  });

  it("that finds lock-outs reads the people anew each day, and then looks again", () => {
    const told = beforeEnforcing();
    const lockouts = { users: 40, cannotAnswer: Array.from({ length: 5 }, (_, n) => user(30 + n).id) };
    foresee(told, { phase: IT }, lockouts);
    follow(told, ({ why }) => why.includes("5 users"));
    expect(told.next()).toMatchObject({ do: "wait", for: "time" });
    told.pass(24);
    follow(told, asksFor("foresee_lockouts", { phase: IT }));
    foresee(told, { phase: IT }, lockouts);
    expect(asksFor("reconcile_users")(told.next())).toBe(true);
  });

  it("that is contradicted waits for a person", () => {
    const told = beforeEnforcing();
    foresee(told, { phase: IT }, { disputes: [`${user(10).id} report_only`] });
    follow(told, ({ why }) => why.includes("contradict"));
    expect(told.next()).toMatchObject({ do: "wait", for: "person" });
  });
});

describe("what needs a person is said, not called again and again", () => {
  it("an open finding", () => {
    const told = story();
    follow(told, asksFor("apply_ca_policy", { phase: IT, state: "enforced" }));
    observe(told, { findings: [finding(10)] });
    follow(told, ({ do: what }) => what === "wait");
    expect(told.next()).toMatchObject({ do: "wait", for: "finding", findingIds: [FINDING] });
    told.record({
      type: "finding_resolved",
      data: { findingId: FINDING, resolution: "accepted", by: "Robin", why: "" },
    });
    expect(asksFor("apply_ca_policy", { phase: IT })(told.next())).toBe(true);
  });

  it("an open finding long before the date, once nothing else can be done", () => {
    const told = story({ people: [itUser, user(20), user(9)], register: [exception(9)] });
    follow(told, ({ why }) => why.includes('"notice"'));
    observe(told, { findings: [finding(20), finding(9, { id: "fnd_excepted" })] });
    expect(told.next()).toMatchObject({ do: "wait", for: "finding", findingIds: [FINDING] });
  });

  it("a user whom no mail can reach", () => {
    const told = story({ people: [itUser, user(11, { department: "IT", address: null })] });
    follow(told, ({ do: what, why }) => what === "wait" && why.includes("announcement has not been sent"));
    expect(told.next()).toMatchObject({ do: "wait", for: "person" });
  });

  it("a draft that breaks a rule", () => {
    const told = story();
    follow(told, asksFor("apply_ca_policy", { phase: IT, state: "report_only" }));
    const lint = [{ rule: "grant-empty", severity: "error", message: "" }] as const;
    told.record({
      type: "policy_drafted",
      data: { phase: IT, draft: told.state.head, artifact: told.state.head, lint, covers: 1 },
    });
    expect(told.next()).toMatchObject({ do: "wait", for: "person", why: expect.stringContaining("breaks 1 rule") });
  });

  it("a date after the deadline", () => {
    const told = story({ deadline: "2026-10-12" });
    follow(told, ({ do: what, why }) => what === "wait" && why.includes("after the deadline"));
    expect(told.next()).toMatchObject({
      do: "wait",
      for: "person",
      why: expect.stringContaining("would announce 2026-10-13"),
    });
    expect(told.state.enforcementDates.has(phaseId("IT"))).toBe(false);
  });

  it.each([
    ["a policy", ["signoff"]],
    ["a mail", ["signoff", "closing-draft", "closing-report-only"]],
  ])("%s for a customer who has not signed off", (_, without) => {
    const prepare = PROCEDURE.prepare.filter(({ id }) => !without.includes(id));
    const told = story({ procedure: procedureWith({}, { prepare }) });
    follow(told, ({ do: what }) => what === "wait");
    expect(told.next()).toMatchObject({ do: "wait", for: "person", why: expect.stringContaining("not signed off") });
  });
});
