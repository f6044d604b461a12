import { expect, it } from "vitest";
import { follow, type Step } from "../../src/cli/drive/follow.ts";
import { startHarness } from "../support/harness.ts";

it("goes on when a decision on a finding could not be recorded, as after any other call that failed", {
  timeout: 120_000,
}, async () => {
  await using office = await startHarness({ employees: 60 });
  const rollout = await office.start();
  await office.until(rollout, ({ next }) => next.wait_for === "finding");
  const seen: Step[] = [];
  const enough = new Error("the test has seen enough");
  const following = follow(await office.connectClient(), rollout, {
    waitUntil: () => Promise.reject(enough),
    waitForPeople: () => Promise.reject(enough),
    async resolve(finding) {
      const how = { by: "Priya Raman", why: "The old client was replaced." };
      await office.call("resolve_finding", { rollout, finding, resolution: "remediated", ...how }); // a faster host
      return { resolution: "accepted", ...how };
    },
    report: (step) => void seen.push(step),
  });
  await expect(following).rejects.toBe(enough);
  expect(seen.slice(0, 2)).toMatchObject([
    { kind: "waiting", next: { wait_for: "finding" } },
    { kind: "failed", tool: "resolve_finding", failure: { code: "ERR_STATE" }, again: true },
  ]);
});
