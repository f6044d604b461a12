import { expect, it } from "vitest";
import { addHours } from "../../../src/domain/model/time.ts";
import { heldBack } from "../../../src/domain/rollout/next/gates.ts";
import { placeStep } from "../../../src/domain/rollout/step-status.ts";
import { IT } from "../../support/rollout-facts.ts";
import { asksFor, follow } from "../../support/rollout-play.ts";
import { type Story, story } from "../../support/rollout-story.ts";

const phase = { id: IT, department: "IT", order: 0 };
const ENFORCE = { phase: IT, state: "enforced" };
const CALL = { do: "call", tool: "apply_ca_policy", args: ENFORCE };

const enforcing = placeStep({ id: "enforce", tool: "apply_ca_policy", args: { state: "enforced" }, wait: null }, phase);

const refused = (told: Story, code: string): void =>
  told.record({ type: "gate_closed", data: { phase: IT, blockers: [{ code, message: "Mend this." }] } });

it("what the tenant does not allow waits for a person for a day, then is looked at again", () => {
  const told = story();
  follow(told, asksFor("apply_ca_policy", ENFORCE));
  expect(told.next()).toMatchObject(CALL);
  refused(told, "policy_differs");
  expect(heldBack(enforcing, told.view())).toMatchObject({
    do: "wait",
    for: "person",
    why: expect.stringContaining("Mend this."),
  });
  expect(told.next()).not.toMatchObject(CALL);
  told.pass(17); // past midnight
  expect(heldBack(enforcing, told.view())?.why ?? "").not.toContain("Mend this.");
});

it("a group with others than were put there is brought up to date before the phase is enforced", () => {
  const told = story();
  follow(told, asksFor("apply_ca_policy", ENFORCE));
  refused(told, "phase_group_differs");
  expect(told.next()).toMatchObject({ do: "call", tool: "apply_ca_policy", args: { phase: IT, state: "report_only" } });
});

it("what time alone opens is waited for until then, and no longer", () => {
  const told = story();
  follow(told, asksFor("apply_ca_policy", ENFORCE));
  const until = addHours(told.view().now, 2 / 60);
  const blockers = [{ code: "phase_group_settling", message: "Not shown yet." }];
  told.record({ type: "gate_closed", data: { phase: IT, blockers, until } });
  expect(heldBack(enforcing, told.view())).toMatchObject({ do: "wait", for: "time", why: "Not shown yet.", until });
  told.pass(1);
  expect(told.next()).toMatchObject(CALL);
});
