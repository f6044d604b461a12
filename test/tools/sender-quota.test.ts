import { describe, expect, it } from "vitest";
import { z } from "zod";
import { sentMails } from "../../src/cli/demo/vendors-dump.ts";
import { type Harness, startHarness } from "../support/harness.ts";
import { colleagues, move } from "../support/model/small-company.ts";
import { moveToOtherSystems } from "../support/other-systems.ts";

const Exchange = z.object({ vendor: z.string().nullable(), url: z.string(), status: z.number() });

/** Answers to mail requests by which a vendor asks to slow down. */
async function refusals({ box }: Harness): Promise<readonly number[]> {
  const exchanges = z.array(Exchange).parse(await box.exchanges());
  const mail = exchanges.filter(({ vendor, url }) => vendor === "gmail" || /\/users\/[^/]+\/messages/.test(url));
  expect(mail.length).toBeGreaterThan(0);
  return mail.flatMap(({ status }) => ([403, 429].includes(status) ? [status] : []));
}

/** When each announcement went out, by its address. */
async function announced(office: Harness): Promise<ReadonlyMap<string, string>> {
  const mails = sentMails(await office.dump()).filter(({ headers }) =>
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
    const { structured, text } = await office.withApproval("send_phase_email", args);
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

  it("mails once whoever moves to the department of another phase while it is paused", async () => {
    await using office = await startHarness();
    const rollout = await office.untilExceptionsSigned();
    const args = { rollout, phase: "phase_engineering", kind: "announcement" };
    const { structured } = await office.withApproval("send_phase_email", args);
    expect(structured).toMatchObject({ status: "paused", changes_total: 71 });

    const before = await announced(office);
    const unsent = colleagues(office.box.world).find(
      ({ employee, account }) => employee.department === "Engineering" && !before.has(account.mail ?? ""),
    );
    if (unsent === undefined) throw new Error("everybody was mailed");
    move(unsent, "IT");
    await office.call("reconcile_users", { rollout });
    await office.call("classify_exceptions", { rollout });
    await office.signOff(rollout);
    office.moveTo(String(structured.resume_at));
    await office.withApproval("send_phase_email", { rollout, phase: "phase_it", kind: "announcement" });
    expect((await announced(office)).has(unsent.account.mail ?? "")).toBe(true);

    office.advance(1);
    expect((await office.call("send_phase_email", args)).structured).toMatchObject({
      status: "done",
      changes_done: 71,
    });
    expect(await refusals(office)).toEqual([]);
    await announced(office);
  });

  it("of Outlook's minute pauses after each thirty, says until when, and Microsoft never has to refuse one", async () => {
    await using office = await startHarness();
    await moveToOtherSystems(office);
    const rollout = await office.untilExceptionsSigned();
    const args = { rollout, phase: "phase_engineering", kind: "announcement" };
    await office.call("send_phase_email", args);
    await office.approvePending();
    for (const done of [30, 60]) {
      const { structured, text } = await office.call("send_phase_email", args);
      expect(structured).toMatchObject({ status: "paused", changes_done: done, changes_total: 71 });
      const times = [...(await announced(office)).values()].sort();
      expect(times).toHaveLength(done);
      const resumeAt = String(structured.resume_at);
      expect(Date.parse(resumeAt)).toBeGreaterThanOrEqual(Date.parse(times.at(-30) ?? "") + 60_000);
      expect(text).toContain(`Paused at ${done} of 71 changes`);
      expect(text).toContain(resumeAt);
      office.moveTo(resumeAt);
    }
    expect((await office.call("send_phase_email", args)).structured).toMatchObject({
      status: "done",
      changes_done: 71,
    });
    expect((await announced(office)).size).toBe(71);
    expect((await office.dump()).gmail.sent).toEqual([]);
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
