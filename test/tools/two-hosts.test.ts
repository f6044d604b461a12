import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "@modelcontextprotocol/client";
import { expect, it } from "vitest";
import { z } from "zod";
import { compose } from "../../src/compose.ts";
import { StateError } from "../../src/errors.ts";
import { verifyLedger } from "../../src/ledger/verify-ledger.ts";
import { jsonLogger } from "../../src/server/json-logger.ts";
import { contextOf } from "../../src/server/workspace.ts";
import { classifyExceptions } from "../../tools/classify-exceptions.ts";
import { notPrivate } from "../support/file-modes.ts";
import { type Harness, startHarness } from "../support/harness.ts";
import { serverProcess } from "../support/server-process.ts";

const MAIN = join(import.meta.dirname, "..", "..", "src", "main.ts");

/** A host of its own: it starts its own server process, which shares the data directory with the others. */
async function aHost(office: Harness) {
  const client = new Client({ name: "host", version: "0.0.0" });
  await client.connect(serverProcess(office));
  return {
    async call(name: string, args: Readonly<Record<string, string>>) {
      const { isError, structuredContent } = await client.callTool({ name, arguments: { ...args } });
      const structured = structuredContent as Readonly<Record<string, unknown>>; // our outputs are objects
      return { ...structured, isError: isError === true };
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

it("lets two hosts drive one rollout at once without a lost event, a fork or a double effect", {
  timeout: 120_000,
}, async () => {
  await using office = await startHarness({ employees: 60 });
  const rollout = await office.untilExceptionsSigned();
  await office.call("draft_ca_policy", { rollout, phase: "phase_it" });
  await using one = await aHost(office);
  await using two = await aHost(office);
  const mail = ["send_phase_email", { rollout, phase: "phase_it", kind: "announcement" }] as const;
  const policy = ["apply_ca_policy", { rollout, phase: "phase_it", state: "report_only" }] as const;
  const both = (...calls: readonly (typeof mail | typeof policy)[]) =>
    Promise.all([one, two].flatMap((host) => calls.map(([tool, args]) => host.call(tool, args))));

  const [first, again] = await both(mail);
  expect(first).toMatchObject({ status: "approval_required" });
  expect(again).toEqual(first);
  await office.approvePending();
  const answers = await both(mail, policy);
  await office.approvePending();
  answers.push(...(await both(policy, mail, policy)));
  const late = answers.filter(({ isError }) => isError);
  expect(late).toEqual(
    late.map(() => expect.objectContaining({ code: "ERR_STATE", nextStep: "Call the tool again." })),
  );
  for (const answer of await both(mail, policy)) expect(answer).toMatchObject({ status: "nothing_to_do" });

  const { gmail, entra } = await office.dump();
  const keys = gmail.sent.map(({ headers }) => headers["X-MFA-Rollout-Key"]);
  expect(keys.length).toBeGreaterThan(2);
  expect(new Set(keys).size).toBe(keys.length);
  expect(entra.policies.filter(({ displayName }) => displayName.startsWith("MFA rollout:"))).toHaveLength(1);
  expect(entra.groups.filter(({ mailNickname }) => mailNickname.startsWith(`mfa_${rollout}`))).toHaveLength(3);

  const proposed: string[] = [];
  const intended: string[] = [];
  const done: string[] = [];
  const checked = await verifyLedger(join(office.home, "rollouts", rollout, "ledger.jsonl"), ({ type, data }) => {
    if (type === "plan_proposed") proposed.push(data.tool);
    if (type === "effect_intended") intended.push(data.key);
    if (type === "effect_done") done.push(data.key);
  });
  expect(checked.ok).toBe(true);
  expect(proposed).toEqual(["send_phase_email", "apply_ca_policy"]);
  expect(intended.length).toBeGreaterThan(keys.length);
  expect(new Set(intended).size).toBe(intended.length);
  expect(done.toSorted()).toEqual(intended.toSorted());

  const verify = [MAIN, "verify", join(office.home, "rollouts", rollout), "--customer", "larkfield"];
  const { stdout } = await promisify(execFile)(process.execPath, verify, { env: office.environment });
  expect(stdout).toMatch(/^plan_\w+ {2}send_phase_email {2}completed, \d+ changes begun: plan by .*, good$/m);
  expect(stdout).toMatch(/^Signatures: \d+\. All are good\.$/m);

  const { open, names } = await notPrivate(office.home);
  expect(open).toEqual([]);
  for (const part of ["blobs", "customers", "rollouts", "secrets", "turns"]) {
    expect(
      names.filter((name) => name.startsWith(join(part, "/"))),
      part,
    ).not.toEqual([]);
  }
});

/** What a host has that opened the rollout at this moment, however late it goes on. */
async function opened(office: Harness, rollout: string) {
  const workshop = compose(office.settings, { logger: jsonLogger(() => {}), actor: "server" });
  const context = await contextOf(workshop, { signal: new AbortController().signal, progress: async () => {} });
  return { context, open: await context.open(rollout) };
}

it("refuses what was made from people whom another host has read anew, until the rollout is read again", async () => {
  await using office = await startHarness({ employees: 60 });
  const rollout = await office.start();
  await office.call("reconcile_users", { rollout });
  const { open } = await opened(office, rollout);
  await office.call("reconcile_users", { rollout });
  const act = {
    ...{ tool: "update_dashboard", args: { phase: "phase_it" }, title: "Snapshot", lines: [], content: {} },
    ...{ schema: z.object({}), standingTexts: null, effects: () => [] },
  };
  await expect(open.carryOut(act)).rejects.toThrow(StateError);
  await open.refresh();
  expect(await open.carryOut(act)).toMatchObject({ status: "nothing_to_do" });
});

it("loses no exception that another host has recorded meanwhile", async () => {
  await using office = await startHarness({ employees: 60 });
  const rollout = await office.reconciled();
  const { structured } = await office.call("list_users", { rollout, phase: "phase_finance", limit: 2 });
  const overrides = (structured.users as readonly { user_id: string }[]).map(({ user_id }) => ({
    ...{ user_id, action: "add", reason: `Named for ${user_id}.`, owner: "Morgan Ellery", expires: "2026-12-31" },
  }));
  const [mine, theirs] = overrides.map((override) => ({ rollout, overrides: [override] }));
  const { context, open } = await opened(office, rollout);
  await office.call("classify_exceptions", theirs);
  const before = await office.ledger(rollout);
  await expect(classifyExceptions.run({ ...context, open: async () => open }, mine)).rejects.toMatchObject({
    code: "ERR_STATE",
    message: "The rollout was changed meanwhile; nothing was done.",
    nextStep: "Call the tool again.",
  });
  expect(await office.ledger(rollout)).toBe(before);
  const again = await office.call("classify_exceptions", mine);
  for (const { reason } of overrides) expect(again.structured.table).toContain(reason);
});
