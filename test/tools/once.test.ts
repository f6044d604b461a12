import type { FileHandle } from "node:fs/promises";
import { Client } from "@modelcontextprotocol/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import { disk } from "../support/disk.ts";
import { type Harness, startHarness } from "../support/harness.ts";
import { serverProcess } from "../support/server-process.ts";

/** A rollout with one signed announcement that has not been sent. */
async function withSignedAnnouncement(office: Harness, phase = "phase_it") {
  const rollout = await office.untilExceptionsSigned();
  const args = { rollout, phase, kind: "announcement" };
  await office.call("send_phase_email", args);
  await office.approvePending();
  return { rollout, args, send: () => office.call("send_phase_email", args) };
}

/** Each key with how many mails carry it. */
async function mailsByKey(office: Harness): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const { headers } of (await office.dump()).gmail.sent) {
    const key = headers["X-MFA-Rollout-Key"] ?? "";
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

async function expectOneEach(office: Harness, people: number): Promise<void> {
  const counts = await mailsByKey(office);
  expect([...counts.values()]).toEqual(Array(people).fill(1));
}

const outcomes = async (office: Harness, rollout: string): Promise<number> =>
  (await office.ledger(rollout)).split('"effect_done"').length - 1;

/** Lets half of the next outcome of an effect onto the disk, and from then on nothing. */
async function fillDiskAtNextOutcome(): Promise<void> {
  const handle = await disk();
  const { appendFile } = handle;
  let isFull = false;
  vi.spyOn(handle, "appendFile").mockImplementation(async function (this: FileHandle, data, options) {
    const bytes = Buffer.from(data as Buffer); // as the ledger appends
    if (!isFull && !bytes.includes('"effect_done"')) return appendFile.call(this, data, options);
    if (!isFull) await appendFile.call(this, bytes.subarray(0, bytes.length >> 1), options);
    isFull = true;
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  });
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("nobody is mailed twice and nobody is skipped", () => {
  it("when answers to drafting and to sending are lost", async () => {
    await using office = await startHarness();
    const { send } = await withSignedAnnouncement(office);
    await office.box.fail(
      { vendor: "gmail", method: "POST", path: "/drafts$", kind: "lost_answer", times: 2 },
      { vendor: "gmail", method: "POST", path: "/drafts/send$", kind: "lost_answer", times: 2 },
      { vendor: "gmail", method: "POST", path: "/drafts/send$", kind: "status_after", status: 503, times: 2 },
      { vendor: "gmail", method: "POST", path: "/drafts/send$", kind: "html" },
    );
    await send();
    expect((await send()).structured.status).toMatch(/^(done|nothing_to_do)$/);
    await expectOneEach(office, 12);
  });

  it("when the mailbox can neither be written nor looked at for a while", async () => {
    await using office = await startHarness();
    const { send } = await withSignedAnnouncement(office);
    await office.box.fail(
      { vendor: "gmail", method: "POST", path: "/drafts/send$", kind: "lost_answer", times: 4 },
      { vendor: "gmail", method: "GET", kind: "status", status: 403, times: 99 },
    );
    expect((await send()).isError).toBe(true);
    await office.mend();
    expect((await send()).structured).toMatchObject({ status: "done", changes_done: 12 });
    await expectOneEach(office, 12);
  });

  it("when two servers act on one signed plan at once", async () => {
    await using office = await startHarness();
    const { args, send } = await withSignedAnnouncement(office);
    const other = await office.connect();
    const answers = await Promise.all([
      send(),
      other("send_phase_email", args),
      send(),
      other("send_phase_email", args),
    ]);
    const late = answers.filter(({ isError }) => isError).map(({ structured }) => structured);
    expect(late).toEqual(
      late.map(() => expect.objectContaining({ code: "ERR_STATE", nextStep: "Call the tool again." })),
    );
    expect((await send()).structured).toMatchObject({ status: "nothing_to_do" });
    await expectOneEach(office, 12);
  });

  it("when the server is killed in the middle and another goes on", { timeout: 60_000 }, async () => {
    await using office = await startHarness();
    const { args, send } = await withSignedAnnouncement(office);
    await office.box.fail({
      vendor: "gmail",
      method: "POST",
      path: "/drafts/send$",
      kind: "delay",
      delayMs: 150,
      times: 99,
    });
    const transport = serverProcess(office);
    const client = new Client({ name: "tool-tests", version: "0.0.0" });
    await client.connect(transport);
    const cut = client.callTool({ name: "send_phase_email", arguments: args }).then(
      () => "answered",
      () => "cut off",
    );
    while ((await mailsByKey(office)).size < 3);
    process.kill(transport.pid ?? Number.NaN, "SIGKILL");
    expect(await cut).toBe("cut off");
    await office.mend();

    const before = (await mailsByKey(office)).size;
    expect(before).toBeLessThan(12);
    expect((await send()).structured).toMatchObject({ status: "done", changes_done: 12 });
    await expectOneEach(office, 12);
  });

  it("when Gmail itself says that the mailbox has sent enough for now", async () => {
    await using office = await startHarness();
    const { send } = await withSignedAnnouncement(office);
    const enough = { kind: "status", status: 429, retryAfterSeconds: 7_200, times: 99 } as const;
    await office.box.fail(
      { vendor: "gmail", method: "POST", path: "/drafts/send$", kind: "delay", delayMs: 1, times: 3 },
      { vendor: "gmail", method: "POST", path: "/drafts/send$", ...enough },
    );
    const { structured } = await send();
    expect(structured).toMatchObject({
      status: "paused",
      changes_done: 3,
      changes_total: 12,
      resume_at: expect.stringMatching(/^2026-10-05T15:0/),
    });
    await office.mend();
    expect((await send()).structured).toMatchObject({ status: "done", changes_done: 12 });
    await expectOneEach(office, 12);
  });

  it("when the disk is full after a mail went out, so that its outcome cannot be written", async () => {
    await using office = await startHarness();
    const { rollout, send } = await withSignedAnnouncement(office);
    const before = await outcomes(office, rollout);
    await fillDiskAtNextOutcome();
    expect((await send()).structured).toMatchObject({ code: "ERR_LEDGER" });
    const gone = (await mailsByKey(office)).size;
    expect(gone).toBeGreaterThan(0);
    expect(await outcomes(office, rollout)).toBe(before);

    vi.restoreAllMocks(); // Somebody made room.
    expect((await send()).structured).toMatchObject({ status: "done", changes_done: 12 });
    await expectOneEach(office, 12);
  });

  it("when the same call is made again and again", async () => {
    await using office = await startHarness();
    const { send } = await withSignedAnnouncement(office);
    for (let calls = 0; calls < 3; calls++) await send();
    await expectOneEach(office, 12);
  });
});
