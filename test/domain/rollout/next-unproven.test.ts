import { expect, it } from "vitest";
import type { Unproven } from "../../../src/domain/coverage/unproven.ts";
import { sha256 } from "../../../src/domain/model/ids.ts";
import { asksFor, follow } from "../../support/rollout-play.ts";
import { story } from "../../support/rollout-story.ts";

const HASH = sha256("b".repeat(64));

/** A rollout at its end, with a closing proof that leaves this open. */
function withProof(unproven: Unproven | undefined) {
  const told = story();
  follow(told, asksFor("generate_compliance_report"));
  const write = (left: Unproven | undefined) => {
    told.record({
      type: "report_written",
      data: { pdf: HASH, text: HASH, facts: HASH, ...(left !== undefined && { unproven: left }) },
    });
    told.stepDone("generate_compliance_report");
  };
  write(unproven);
  return { told, write };
}

const WHOLE: Unproven = { accounts: {}, first: [], disputes: 0 };

it.each([
  ["an account without cover", { accounts: { carved_out: 2 } }, "2 accounts are left out by a policy without a signed"],
  ["an account that is only watched", { accounts: { report_only: 1 } }, "1 accounts are only watched"],
  ["a word of Entra's against it", { disputes: 3 }, "On 3 accounts Entra's What If contradicts"],
])("a rollout is not finished while its proof leaves open %s", (_, over, why) => {
  const { told, write } = withProof({ ...WHOLE, ...over });
  expect(told.next()).toMatchObject({ do: "wait", for: "person", why: expect.stringContaining(why) });
  told.pass(24);
  expect(asksFor("generate_compliance_report")(told.next())).toBe(true);
  write(WHOLE);
  expect(asksFor("save_procedure")(told.next())).toBe(true);
});

it("waits for time alone while those left out were told a date to come", () => {
  const { told } = withProof({ ...WHOLE, accounts: { under_notice: 1 } });
  expect(told.next()).toMatchObject({ do: "wait", for: "time" });
});

it("goes on after a proof of a ledger that did not say what it left open", () => {
  expect(asksFor("save_procedure")(withProof(undefined).told.next())).toBe(true);
});
