import fc from "fast-check";
import { expect, it } from "vitest";
import { CLOSING_PHASE } from "../../../src/domain/model/ids.ts";
import { hoursBetween } from "../../../src/domain/model/time.ts";
import { isFrozen } from "../../../src/domain/phases/calendar.ts";
import type { Next, Wait } from "../../../src/domain/rollout/next/answer.ts";
import { IT, SALES, SETTINGS, user } from "../../support/rollout-facts.ts";
import { attend, perform } from "../../support/rollout-play.ts";
import { type Story, story } from "../../support/rollout-story.ts";

/** What may happen between two turns of a host. */
const trouble = fc.record({
  turn: fc.nat(120),
  what: fc.constantFrom(
    "joiner",
    "enrolment",
    "denial",
    "pause",
    "doubt",
    "crash",
    "nothing",
  ) satisfies fc.Arbitrary<string>,
});
const setting = fc.record({
  troubles: fc.array(trouble, { maxLength: 8 }),
  notCapable: fc.nat(3),
  steps: fc.integer({ min: 1, max: 90 }),
});

const MOST_TURNS = 600;

it("never asks for a call that changes nothing, and always ends or names the person who is waited for", () => {
  fc.assert(
    fc.property(setting, ({ troubles, notCapable, steps }) => {
      const people = [0, 1, 2].map((n) => user(10 + n, { department: "IT", capable: n >= notCapable }));
      const told = story({ people: [...people, user(20), user(30, { department: null })] });
      const end = play(told, {
        steps,
        happens: (turn) => troubles.filter((one) => one.turn === turn).map(({ what }) => what),
      });
      expect(end).toBe("finished");
      for (const phase of [IT, SALES, CLOSING_PHASE]) {
        expect(told.state.policies.get(phase)?.state).toBe("enforced");
      }
    }),
    { numRuns: 60, verbose: 1 },
  );
});

/** Follows `next`, with trouble; whoever is named does their part. */
function play(
  told: Story,
  { steps, happens }: { readonly steps: number; happens(turn: number): readonly string[] },
): Next["do"] {
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    for (const what of happens(turn)) disturb(told, what);
    const todo = told.next();
    if (todo.do === "finished") return "finished";
    if (todo.do === "wait") help(told, todo);
    else act(told, todo);
    told.pass(steps / 60);
  }
  return "wait";
}

function act(told: Story, todo: Extract<Next, { do: "call" }>): void {
  const { seq } = told.state;
  const { phase, state } = todo.args;
  if (todo.tool === "apply_ca_policy" && state !== "roll_back") {
    expect(isFrozen(told.view().today, SETTINGS.frozen)).toBe(false);
  }
  if (todo.tool === "apply_ca_policy" && state === "enforced") {
    const policy = [...told.state.policies].find(([id]) => id === phase)?.[1];
    expect(hoursBetween(policy?.reportOnlySince ?? told.now, told.now)).toBeGreaterThanOrEqual(
      SETTINGS.reportOnlyHours,
    );
    const members = [...(told.view().roster?.byPhase ?? [])].find(([id]) => id === phase)?.[1] ?? [];
    const announced = told.state.mails.get("announcement");
    expect(members.filter(({ id }) => announced?.has(id) !== true)).toEqual([]);
  }
  perform(told, todo);
  expect(told.state.seq, `a call that changes nothing: ${todo.tool} ${todo.why}`).toBeGreaterThan(seq);
}

/** People do what they are asked for: decide again, look at the vendor, bring an exception to an end. */
function help(told: Story, wait: Wait): void {
  const plan = [...told.state.plans.values()].find(({ id }) => id === wait.planId);
  const unknown = [...told.state.effects.values()].find(({ status }) => status === "unknown");
  if (wait.for === "time" && (wait.until === null || wait.until <= told.now)) {
    throw new Error(`a wait for a time that is past or never comes: ${wait.why}`);
  }
  if (wait.for === "person" && unknown !== undefined) {
    told.record({ type: "effect_done", data: { key: unknown.key, outcome: {}, found: true } });
  } else if (wait.for === "person" && plan?.status === "denied") {
    told.approve(plan.digest);
  } else if (wait.for === "person") {
    enrol(told);
    told.pass(24); // The people are read anew on the next day.
  } else if (plan?.status === "approved") {
    told.deny(plan.digest);
    told.pass(1 / 60);
    told.approve(plan.digest);
  } else {
    attend(told, wait);
  }
}

function enrol({ told }: Story): void {
  told.people = told.people.map((one) => ({ ...one, registration: user(1).registration }));
}

function disturb(told: Story, what: string): void {
  const open = [...told.state.plans.values()]
    .filter(({ status }) => status === "proposed" || status === "approved")
    .at(-1);
  const todo = told.next();
  if (what === "joiner")
    told.told.people = [...told.told.people, user(50 + told.told.people.length, { department: "IT" })];
  if (what === "enrolment") enrol(told);
  if (what === "denial" && open !== undefined) told.deny(open.digest);
  if (what === "pause" && todo.do === "call") {
    const { rollout: _, ...args } = todo.args;
    const until = told.view().now;
    told.record({ type: "step_paused", data: { tool: todo.tool, argsKey: JSON.stringify(args), until } });
  }
  const signed = open === undefined ? undefined : told.state.approvals.get(open.digest);
  if (what === "doubt" && signed !== undefined) told.told.objections.set(signed.signature, "Gone.");
  if (what === "crash" && open?.status === "approved") {
    const key = `crash/${open.id}`;
    told.begin(open.digest, key, { kind: "psa_project" });
    told.record({ type: "effect_unknown", data: { key, check: "Look." } });
  }
}
