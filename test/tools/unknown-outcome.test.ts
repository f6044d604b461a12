import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { sentMails } from "../../src/cli/demo/vendors-dump.ts";
import { settle } from "../../src/cli/settle.ts";
import type { FaultRule } from "../support/box.ts";
import { type Harness, startHarness } from "../support/harness.ts";

const MAIN = join(import.meta.dirname, "..", "..", "src", "main.ts");

const Unclear = z.object({
  next: z.object({ do: z.string(), wait_for: z.string().optional(), tool: z.string().optional(), why: z.string() }),
  unclear_changes: z.array(z.object({ key: z.string(), check: z.string(), command: z.string() })),
});

const WORKFLOW =
  "https://prod-00.westus.logic.azure.com/workflows/f1/triggers/manual/paths/invoke?sp=%2Frun&sig=s3cr3t";

const where = async (office: Harness, rollout: string) =>
  Unclear.parse((await office.call("get_rollout", { rollout })).structured);

/** What the person does who has looked: the command that get_rollout names. */
async function answer(office: Harness, rollout: string, happened: boolean): Promise<void> {
  const [unclear] = (await where(office, rollout)).unclear_changes;
  const { parts, approver } = office.office;
  await settle(parts, { rollout, key: unclear?.key ?? "", happened, how: "looked", as: approver });
}

/** Types a command that get_rollout printed into a shell, with the approver's name put in, and gives what it prints. */
async function typed(office: Harness, command: string): Promise<string> {
  const bin = await mkdtemp(join(tmpdir(), "mfa-rollout-bin-"));
  await writeFile(join(bin, "mfa-rollout"), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`, { mode: 0o755 });
  const { PATH, ...rest } = office.approverEnvironment;
  const env = { ...rest, PATH: `${bin}:${PATH}` };
  try {
    const line = command.replace(/NAME$/, office.office.approver);
    return (await promisify(execFile)("sh", ["-c", line], { env })).stdout;
  } finally {
    await rm(bin, { recursive: true });
  }
}

/** A customer whose messages go through a flow, with a signed plan to open the channel. */
async function withFlow(office: Harness) {
  await office.editCustomer((file) => {
    Object.assign(file.helpdesk as object, { posting: { kind: "workflow", url: "env:FLOW_URL" } }); // the sandbox's own file
  });
  const rollout = await office.start();
  const open = () => office.call("open_helpdesk_channel", { rollout });
  const posts = async (): Promise<number> => {
    office.advance(1); // A flow posts some seconds after it was asked.
    return (await office.dump()).teams.messages.length;
  };
  await open();
  await office.approvePending();
  return { rollout, open, posts };
}

describe("a message through a flow, which only accepts", () => {
  it("is shown as unknown with what to check and the command, and is never repeated by itself", async () => {
    await using office = await startHarness({ employees: 60, environment: { FLOW_URL: WORKFLOW } });
    const { rollout, open, posts } = await withFlow(office);
    for (let calls = 0; calls < 2; calls++) {
      expect((await open()).structured).toMatchObject({ code: "ERR_OUTCOME_UNKNOWN", remedy: "operator" });
    }
    const { next, unclear_changes } = await where(office, rollout);
    expect(unclear_changes).toEqual([
      {
        key: `${rollout}/channel/it-support/faq`,
        check: expect.stringContaining("Look in the channel"),
        command: `mfa-rollout settle ${rollout} ${rollout}/channel/it-support/faq --happened --how "what you saw" --as NAME`,
      },
    ]);
    expect(next.why).not.toContain("undefined");
    expect(await posts()).toBe(1);
  });

  it("is posted when the flow takes it after a refusal, because a refused one is not there for certain", async () => {
    await using office = await startHarness({ employees: 60, environment: { FLOW_URL: WORKFLOW } });
    const { rollout, open, posts } = await withFlow(office);
    await office.box.fail({ vendor: "graph", path: "^/workflows/", kind: "status", status: 400, times: 1 });
    expect((await open()).structured).toMatchObject({ code: "ERR_CONNECTOR_REJECTED" });
    expect((await where(office, rollout)).unclear_changes).toEqual([]);
    expect(await posts()).toBe(0);
    expect((await open()).structured).toMatchObject({ code: "ERR_OUTCOME_UNKNOWN" }); // Accepted, as ever.
    expect(await posts()).toBe(1);
    expect((await open()).structured).toMatchObject({ code: "ERR_OUTCOME_UNKNOWN" });
    expect(await posts()).toBe(1);
  });

  it("ends by the command that get_rollout prints, typed into a shell", async () => {
    await using office = await startHarness({ employees: 60, environment: { FLOW_URL: WORKFLOW } });
    const { rollout, open, posts } = await withFlow(office);
    await open();
    const [unclear] = (await where(office, rollout)).unclear_changes;
    expect(await typed(office, unclear?.command ?? "")).toBe(
      `${unclear?.key}: ${unclear?.check}\nRecorded by ${office.office.approver}: it happened.\n`,
    );
    expect((await where(office, rollout)).unclear_changes).toEqual([]);
    expect((await open()).structured).toMatchObject({ status: "done", changes_done: 4 });
    expect(await posts()).toBe(1);
  });

  it("lets the rollout go on when a person has seen it, and is not posted again", async () => {
    await using office = await startHarness({ employees: 60, environment: { FLOW_URL: WORKFLOW } });
    const { rollout, open, posts } = await withFlow(office);
    await open();
    await answer(office, rollout, true);
    expect((await open()).structured).toMatchObject({ status: "done", changes_done: 4 });
    expect((await where(office, rollout)).unclear_changes).toEqual([]);
    expect(await posts()).toBe(1);
  });

  it("is posted anew, under the same signature, when a person has seen that it is not there", async () => {
    await using office = await startHarness({ employees: 60, environment: { FLOW_URL: WORKFLOW } });
    const { rollout, open, posts } = await withFlow(office);
    await office.box.fail({ vendor: "graph", path: "^/workflows/", kind: "accepted" });
    await open();
    expect(await posts()).toBe(0);
    await answer(office, rollout, false);
    expect((await open()).structured).toMatchObject({ code: "ERR_OUTCOME_UNKNOWN" });
    expect(await posts()).toBe(1);
    await answer(office, rollout, true);
    expect((await open()).structured).toMatchObject({ status: "done" });
    expect(await posts()).toBe(1);
  });
});

const Rows = z.array(z.looseObject({ snapshotId: z.string() }));

/** The snapshots whose rows are in Power BI. */
async function snapshots(office: Harness): Promise<readonly string[]> {
  const { powerBi } = await office.dump();
  const rows = powerBi.datasets.flatMap(({ tables }) =>
    Object.values(tables).flatMap((table) => Rows.parse(table.rows)),
  );
  return [...new Set(rows.map(({ snapshotId }) => snapshotId))];
}

describe("a snapshot whose answer is lost where the workspace forbids queries", () => {
  /** A signed snapshot, sent, with no way to tell whether it came. */
  async function withLostSnapshot(office: Harness, kind: "lost_answer" | "lost_request") {
    const rollout = await office.untilExceptionsSigned();
    const update = () => office.call("update_dashboard", { rollout, phase: "phase_it" });
    const rows = async (): Promise<number> =>
      (await office.dump()).powerBi.datasets.flatMap(({ tables }) => Object.values(tables).flatMap((all) => all.rows))
        .length;
    await update();
    await office.approvePending();
    await office.box.fail(
      { vendor: "power-bi", path: "/rows$", kind },
      { vendor: "power-bi", path: "/executeQueries$", kind: "status", status: 403, times: 99 },
    );
    expect((await update()).structured).toMatchObject({ code: "ERR_OUTCOME_UNKNOWN" });
    return { rollout, update, rows };
  }

  it("says which rows to look for, and ends by the command that get_rollout prints, typed into a shell", async () => {
    await using office = await startHarness({ employees: 60 });
    const { rollout, update, rows } = await withLostSnapshot(office, "lost_answer");
    const [snapshot] = await snapshots(office);
    const { unclear_changes } = await where(office, rollout);
    expect(unclear_changes).toEqual([
      {
        key: `${rollout}/dashboard/phase_it`,
        check: `Look in the dashboard's data whether rows with snapshot ${snapshot} are there.`,
        command: `mfa-rollout settle ${rollout} ${rollout}/dashboard/phase_it --happened --how "what you saw" --as NAME`,
      },
    ]);
    const there = await rows();
    await typed(office, unclear_changes[0]?.command ?? "");
    expect((await where(office, rollout)).unclear_changes).toEqual([]);
    expect((await update()).structured).toMatchObject({ status: "done" });
    expect(await rows()).toBe(there);
  });

  it("stays one snapshot when a person has seen it", async () => {
    await using office = await startHarness({ employees: 60 });
    const { rollout, update, rows } = await withLostSnapshot(office, "lost_answer");
    const there = await rows();
    expect((await update()).structured).toMatchObject({ code: "ERR_OUTCOME_UNKNOWN" });
    await answer(office, rollout, true);
    expect((await update()).isError).toBe(false);
    expect((await update()).structured).toMatchObject({ status: "nothing_to_do" });
    expect(await rows()).toBe(there);
  });

  it("is sent once more when a person has seen that it is not there", async () => {
    await using office = await startHarness({ employees: 60 });
    const { rollout, update, rows } = await withLostSnapshot(office, "lost_request");
    expect(await rows()).toBe(0);
    await answer(office, rollout, false);
    expect((await update()).structured).toMatchObject({ status: "done", changes_done: 1 });
    expect(await rows()).toBeGreaterThan(0);
  });
});

describe("a mail whose answer is lost before the customer sends from another mailbox", () => {
  /** A signed announcement to twelve, begun through Gmail. One sending has had this fate when Outlook comes in its place. */
  async function withOtherMailbox(office: Harness, ...fate: readonly FaultRule[]) {
    const rollout = await office.untilExceptionsSigned();
    const send = () => office.call("send_phase_email", { rollout, phase: "phase_it", kind: "announcement" });
    await send();
    await office.approvePending();
    await office.box.fail(...fate);
    expect((await send()).isError).toBe(true);
    await office.mend();
    await office.editCustomer((file) => {
      const { sender } = file.mail as { sender: unknown }; // the sandbox's own file
      file.mail = { kind: "outlook", sender };
    });
    const mails = async () => {
      const sent = sentMails(await office.dump()).flatMap(({ headers }) => headers["X-MFA-Rollout-Key"] ?? []);
      return { sent: sent.length, people: new Set(sent).size };
    };
    return { rollout, send, mails };
  }
  const cannotLook = { vendor: "gmail", method: "GET", kind: "status", status: 403, times: 99 } as const;
  const sending = { vendor: "gmail", path: "/drafts/send$" } as const;

  it("is looked for by a person in the mailbox that it was drafted in, while the others go out", async () => {
    await using office = await startHarness();
    const { rollout, send, mails } = await withOtherMailbox(office, { ...sending, kind: "lost_answer" }, cannotLook);
    expect((await send()).structured).toMatchObject({ code: "ERR_OUTCOME_UNKNOWN", remedy: "operator" });
    expect(await mails()).toEqual({ sent: 12, people: 12 });
    const { unclear_changes } = await where(office, rollout);
    expect(unclear_changes).toMatchObject([
      {
        check: expect.stringMatching(
          /^The customer sends from another mailbox by now\. Look among the sent mails of Gmail \(\S+@\S+\) for the announcement of phase_it to usr_\S+, header X-MFA-Rollout-Key: \S+\.$/,
        ),
      },
    ]);
    await answer(office, rollout, true);
    expect((await send()).structured).toMatchObject({ status: "done", changes_done: 12 });
    expect(await mails()).toEqual({ sent: 12, people: 12 });
  });

  it("goes out from the new mailbox when a person has seen that it did not go out from the old one", async () => {
    await using office = await startHarness();
    const { rollout, send, mails } = await withOtherMailbox(office, { ...sending, kind: "lost_request" }, cannotLook);
    expect((await send()).structured).toMatchObject({ code: "ERR_OUTCOME_UNKNOWN" });
    expect(await mails()).toEqual({ sent: 11, people: 11 });
    await answer(office, rollout, false);
    expect((await send()).structured).toMatchObject({ status: "done", changes_done: 12 });
    expect(await mails()).toEqual({ sent: 12, people: 12 });
  });

  it("goes out from the new mailbox without a question when the old one refused it", async () => {
    await using office = await startHarness();
    const refused = { ...sending, kind: "status", status: 400 } as const;
    const { send, mails } = await withOtherMailbox(office, refused);
    expect((await send()).structured).toMatchObject({ status: "done", changes_done: 12 });
    expect(await mails()).toEqual({ sent: 12, people: 12 });
  });
});
