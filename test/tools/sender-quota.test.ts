import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Harness, startHarness } from "../support/harness.ts";

const Exchange = z.object({ vendor: z.string().nullable(), status: z.number() });

/** Answers of Gmail by which it asks to slow down. */
async function refusals({ box }: Harness): Promise<readonly number[]> {
  const text = await (await fetch(new URL("/requests.jsonl", box.sandbox.controlUrl))).text();
  const exchanges = text
    .trim()
    .split("\n")
    .map((line) => Exchange.parse(JSON.parse(line)));
  return exchanges.flatMap(({ vendor, status }) => (vendor === "gmail" && [403, 429].includes(status) ? [status] : []));
}

/** When each announcement went out, by its address. */
async function announced(office: Harness): Promise<ReadonlyMap<string, string>> {
  const mails = (await office.dump()).gmail.sent.filter(({ headers }) =>
    headers["X-MFA-Rollout-Key"]?.includes("/announcement/"),
  );
  const times = new Map(mails.flatMap(({ to, sentAt }) => to.map((address) => [address, sentAt])));
  expect(times.size, "nobody is mailed twice").toBe(mails.length);
  return times;
}

describe("a campaign larger than the sender's quota", () => {
  it("of a minute pauses once for 71 mails, and Gmail never has to refuse one", async () => {
    await using office = await startHarness();
    const rollout = await office.untilExceptionsSigned();
    const args = { rollout, phase: "phase_engineering", kind: "announcement" };
    await office.call("send_phase_email", args);
    await office.approvePending();

    const { structured, text } = await office.call("send_phase_email", args);
    expect(structured).toMatchObject({ status: "paused", changes_done: 50, changes_total: 71 });
    expect(text).toContain("Paused at 50 of 71 changes");
    office.moveTo(String(structured.resume_at));
    expect((await office.call("send_phase_email", args)).structured).toMatchObject({
      status: "done",
      changes_done: 71,
    });
    expect((await announced(office)).size).toBe(71);
    expect(await refusals(office)).toEqual([]);
  });

  it("of a day goes on by itself the next day, with the same signature, once to each", async () => {
    await using office = await startHarness();
    await office.editCustomer((file) => Object.assign(file.mail as object, { daily_limit: 9 })); // written as a map
    const rollout = await office.start();
    await office.untilNext(rollout, "send_phase_email", { phase: "phase_it", kind: "announcement" });
    office.moveTo("2026-10-06T04:30:00.000Z"); // Half past eleven in the evening, customer's time.
    const args = { rollout, phase: "phase_it", kind: "announcement" };
    await office.call("send_phase_email", args);
    expect(await office.approvePending()).toBe(1);

    const { structured } = await office.call("send_phase_email", args);
    expect(structured).toMatchObject({ status: "paused", changes_total: 12 });
    const resumeAt = String(structured.resume_at);
    const { structured: where } = await office.call("get_rollout", { rollout });
    expect(where.next).toMatchObject({ do: "wait", wait_for: "time", until: resumeAt });
    const firstDay = await announced(office);
    expect(firstDay.size).toBe(structured.changes_done);
    expect(firstDay.size).toBeLessThanOrEqual(9);

    office.moveTo(resumeAt);
    const { structured: then } = await office.call("get_rollout", { rollout });
    expect(then.next).toMatchObject({ do: "call", tool: "send_phase_email", args });
    expect((await office.call("send_phase_email", args)).structured).toMatchObject({
      status: "done",
      changes_done: 12,
    });
    const all = await announced(office);
    expect(all.size).toBe(12);
    expect([...all.values()].filter((at) => at >= resumeAt)).toHaveLength(12 - firstDay.size);
  });
});
