import { describe, expect, it } from "vitest";
import { CLOSING_PHASE, planId, type Sha256, sha256 } from "../../../src/domain/model/ids.ts";
import type { Approval } from "../../../src/domain/model/plan.ts";
import { calendarDate } from "../../../src/domain/model/time.ts";
import { ROLLOUT } from "../../support/rollout-facts.ts";
import { asksFor, consent, follow, perform } from "../../support/rollout-play.ts";
import { decision, procedureWith, type Story, story } from "../../support/rollout-story.ts";

const ARGS = { phase: CLOSING_PHASE, state: "report_only" };
const TOOL = "apply_ca_policy";

/** Everything before the first policy is done; its plan is proposed. */
function proposed(): { told: Story; plan: Sha256 } {
  const told = story();
  follow(told, asksFor(TOOL, ARGS));
  return { told, plan: told.propose(TOOL, ARGS) };
}
const waitsFor = (what: string, plan: Sha256, why: string) => ({
  do: "wait",
  for: what,
  planId: planId(plan),
  why: expect.stringContaining(why),
});
const CALL = { do: "call", tool: TOOL, args: { rollout: ROLLOUT, ...ARGS } };

describe("a plan", () => {
  it("waits for a signature and is carried out once it has one", () => {
    const { told, plan } = proposed();
    expect(told.next()).toMatchObject(waitsFor("approval", plan, `mfa-rollout approve ${planId(plan)}`));
    told.approve(plan);
    expect(told.next()).toMatchObject(CALL);
  });

  it("that was refused waits for a person, and no longer once another takes its place", () => {
    const { told, plan } = proposed();
    told.deny(plan);
    expect(told.next()).toMatchObject(waitsFor("person", plan, "was refused"));
    const other = told.propose(TOOL, ARGS, "changed");
    expect(told.next()).toMatchObject(waitsFor("approval", other, "read and sign"));
    told.approve(other);
    expect(told.next()).toMatchObject(CALL);
  });

  it("that was refused comes back for a decision when the world is again as it was", () => {
    const { told, plan } = proposed();
    told.deny(plan);
    told.propose(TOOL, ARGS, "changed");
    told.pass(1);
    told.propose(TOOL, ARGS);
    expect(told.next()).toMatchObject(waitsFor("approval", plan, "read and sign"));
    told.approve(plan);
    expect(told.next()).toMatchObject(CALL);
  });

  it("that was refused holds nothing up once there is nothing left of its work", () => {
    const { told, plan } = proposed();
    told.deny(plan);
    told.stepDone(TOOL, ARGS);
    expect(told.next()).toMatchObject(CALL);
    expect(told.state.plans.get(plan)?.status).toBe("superseded");
  });

  it("that was refused after it had begun goes on by an approval alone", () => {
    const { told, plan } = proposed();
    told.approve(plan);
    told.begin(plan, `${ROLLOUT}/group/x`, { kind: "group", nickname: "x" });
    told.pass(1);
    told.deny(plan);
    expect(told.next()).toMatchObject(
      waitsFor("person", plan, `lets it go on with: mfa-rollout approve ${planId(plan)}`),
    );
    told.pass(1);
    told.approve(plan);
    expect(told.next()).toMatchObject(CALL);
  });

  it("whose change has no known end waits for a person who looks, not for another try", () => {
    const { told, plan } = proposed();
    told.approve(plan);
    const key = `${ROLLOUT}/group/x`;
    told.begin(plan, key, { kind: "group", nickname: "x" });
    expect(told.next()).toMatchObject(CALL);
    told.record({ type: "effect_unknown", data: { key, check: "Look for group x." } });
    expect(told.next()).toMatchObject(waitsFor("person", plan, "Look for group x."));
    told.record({ type: "effect_done", data: { key, outcome: {}, found: true } });
    expect(told.next()).toMatchObject(CALL);
  });

  it("of other arguments holds nothing up", () => {
    const { told, plan } = proposed();
    told.approve(plan);
    told.deny(told.propose(TOOL, { ...ARGS, state: "enforced" }));
    expect(told.next()).toMatchObject(CALL);
  });
});

describe("a signature that does not count", () => {
  const OBJECTION = "The signature is by someone who is no approver of this customer.";
  const doubt = (told: Story, approval: Approval | undefined): void =>
    void told.told.objections.set(approval?.signature ?? "", OBJECTION);

  it("under an approval is asked for again, with the way to give it", () => {
    const { told, plan } = proposed();
    told.approve(plan);
    doubt(told, told.state.approvals.get(plan));
    const way = `${OBJECTION} An approver has to decide again: mfa-rollout deny ${planId(plan)} and then mfa-rollout approve`;
    expect(told.next()).toMatchObject(waitsFor("approval", plan, way));
    told.pass(1);
    told.deny(plan);
    told.pass(1);
    told.approve(plan);
    expect(told.next()).toMatchObject(CALL);
  });

  it("under a refusal refuses nothing", () => {
    const { told, plan } = proposed();
    told.deny(plan);
    doubt(told, told.state.approvals.get(plan));
    expect(told.next()).toMatchObject(waitsFor("approval", plan, `again: mfa-rollout approve ${planId(plan)}`));
  });
});

describe("a standing approval", () => {
  const TEXTS = sha256("c".repeat(64));
  const TICKETS = "answer_mfa_tickets";
  const standing = (until: string): Approval => ({
    ...decision("plan", sha256("d".repeat(64)), "2026-10-05T13:00:00.000Z" as Approval["at"]),
    kind: "standing",
    terms: { tool: TICKETS, textsHash: TEXTS, largestCount: 5, until: calendarDate(until) },
  });
  const asked = (): { told: Story; plan: Sha256 } => {
    const prepare = [{ id: "tickets", tool: TICKETS, args: {}, wait: null }];
    const told = story({ procedure: procedureWith({}, { prepare }) });
    return { told, plan: told.propose(TICKETS, {}, "", { textsHash: TEXTS, count: 2 }) };
  };

  it("spares the plan its own signature", () => {
    const { told, plan } = asked();
    expect(told.next()).toMatchObject(waitsFor("approval", plan, "read and sign"));
    told.record({ type: "approval_signed", data: { approval: standing("2026-12-31") } });
    expect(told.next()).toMatchObject({ do: "call", tool: TICKETS });
  });

  it("whose signature does not count spares nothing", () => {
    const { told, plan } = asked();
    told.record({ type: "approval_signed", data: { approval: standing("2026-12-31") } });
    told.told.objections.set(standing("2026-12-31").signature, "Gone.");
    expect(told.next()).toMatchObject(waitsFor("approval", plan, "read and sign"));
  });

  it("that ran out over a plan that had begun needs a decision on that plan", () => {
    const { told, plan } = asked();
    told.record({ type: "approval_signed", data: { approval: standing("2026-10-05") } });
    told.record({ type: "standing_used", data: { terms: standing("2026-10-05").digest, plan, count: 2 } });
    expect(told.next()).toMatchObject({ do: "call", tool: TICKETS });
    told.pass(24);
    expect(told.next()).toMatchObject(waitsFor("approval", plan, "does not cover it any more"));
  });
});

describe("the sign-off", () => {
  const requested = () => {
    const told = story();
    follow(told, ({ do: what, ...rest }) => what === "wait" && "for" in rest && rest.for === "signoff");
    return told;
  };

  it("waits for the customer while the mail with exactly this table is out", () => {
    expect(requested().next()).toMatchObject({
      do: "wait",
      for: "signoff",
      why: expect.stringContaining(`mfa-rollout signoff ${ROLLOUT}`),
    });
  });

  it("needs no mail when it is recorded first, whatever became of the mail's plan", () => {
    const told = story();
    follow(told, asksFor("request_signoff"));
    told.deny(told.propose("request_signoff", {}));
    consent(told);
    expect(told.next()).toMatchObject({ do: "call", tool: "request_signoff" });
  });

  it("is asked for again when the exceptions change", () => {
    const told = requested();
    consent(told);
    follow(told, asksFor("draft_ca_policy"));
    told.record({
      type: "exceptions_classified",
      data: {
        list: told.state.list?.hash ?? told.state.head,
        register: told.state.head,
        table: told.state.head,
        counts: {},
        total: 1,
        overrides: told.state.head,
      },
    });
    expect(told.next()).toMatchObject({ do: "call", tool: "request_signoff" });
    perform(told, { do: "call", tool: "request_signoff", args: { rollout: ROLLOUT }, why: "" });
    expect(told.next()).toMatchObject({ do: "wait", for: "approval" });
  });
});
