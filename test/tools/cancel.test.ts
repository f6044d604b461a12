import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { describe, expect, it } from "vitest";
import { type Harness, startHarness } from "../support/harness.ts";
import { serverProcess } from "../support/server-process.ts";

const MAIN = join(import.meta.dirname, "..", "..", "src", "main.ts");

/** A signed announcement to the 12 of IT, each sending of which takes a while. */
async function slowAnnouncement(office: Harness) {
  const rollout = await office.untilExceptionsSigned();
  const args = { rollout, phase: "phase_it", kind: "announcement" };
  await office.call("send_phase_email", args);
  await office.approvePending();
  await office.box.fail({ vendor: "gmail", path: "/drafts/send$", kind: "delay", delayMs: 1_200, times: 99 });
  const sent = async (): Promise<number> => (await office.dump()).gmail.sent.length;
  return {
    rollout,
    args,
    sent,
    /** Waits until the first have been drafted, which takes no time, and are being sent, before the rest is begun. */
    someAreUnderWay: () =>
      expect
        .poll(async () => (await office.dump()).gmail.drafts.length, { interval: 20, timeout: 20_000 })
        .toBeGreaterThan(0),
    /** Waits until nobody works on the rollout. */
    async idle(): Promise<void> {
      await (await office.office.parts.store.open(rollout)).exclusively(async () => {});
    },
    /** The same call again sends exactly what is left, each once. */
    async expectTheRest(): Promise<void> {
      await office.mend();
      const before = await sent();
      expect(before).toBeLessThan(12);
      const { structured } = await office.call("send_phase_email", args);
      expect(structured).toMatchObject({ status: "done", changes_done: 12, changes_total: 12 });
      const keys = (await office.dump()).gmail.sent.map(({ headers }) => headers["X-MFA-Rollout-Key"]);
      expect(keys).toHaveLength(12);
      expect(new Set(keys).size).toBe(12);
    },
  };
}

/** Every exchange with a vendor so far, one JSON line each. */
const requests = async ({ box }: Harness): Promise<string> =>
  (await fetch(new URL("/requests.jsonl", box.sandbox.controlUrl))).text();

/** Resolves when the server has written that it refused a call as cancelled. */
const refusedAsCancelled = ({ log }: Harness) =>
  expect
    .poll(() => log.filter((line) => line.includes("ERR_CANCELLED")), { interval: 20, timeout: 10_000 })
    .toHaveLength(1);

describe("a call that its host cancels", () => {
  it("in the middle of a campaign sends no further mail, says how far it got, and goes on when asked again", async () => {
    await using office = await startHarness();
    const announcement = await slowAnnouncement(office);
    const stop = new AbortController();
    const call = office.call("send_phase_email", announcement.args, { signal: stop.signal });
    const refused = expect(call).rejects.toThrow();
    await announcement.someAreUnderWay();
    stop.abort();
    await refused;
    await announcement.idle();
    const { structured } = await office.call("get_rollout", { rollout: announcement.rollout });
    const sent = await announcement.sent();
    expect(structured.phases).toContainEqual(expect.objectContaining({ phase: "phase_it", announced: sent }));
    expect(office.log.join("")).toContain(`"done":${sent},"total":12`);
    await announcement.expectTheRest();
  });

  it.each(["legacy", "auto"] as const)(
    "over stdio, in the protocol era %s, stops as well",
    { timeout: 60_000 },
    async (mode) => {
      await using office = await startHarness();
      const announcement = await slowAnnouncement(office);
      const transport = serverProcess(office);
      const client = new Client({ name: "tool-tests", version: "0.0.0" }, { versionNegotiation: { mode } });
      await client.connect(transport);
      const stop = new AbortController();
      const call = client.callTool({ name: "send_phase_email", arguments: announcement.args }, { signal: stop.signal });
      const refused = expect(call).rejects.toThrow();
      await announcement.someAreUnderWay();
      stop.abort();
      await refused;
      await announcement.idle();
      expect(
        (await client.callTool({ name: "get_rollout", arguments: { rollout: announcement.rollout } })).isError,
      ).not.toBe(true);
      await announcement.expectTheRest();
      await client.close();
    },
  );

  it("while another call works on the rollout stops waiting for it", async () => {
    await using office = await startHarness();
    const { rollout, args } = await slowAnnouncement(office);
    const stop = new AbortController();
    await (await office.office.parts.store.open(rollout)).exclusively(async () => {
      const refused = expect(office.call("send_phase_email", args, { signal: stop.signal })).rejects.toThrow();
      await office.call("get_rollout", { rollout }); // Answered after the other call has arrived, without the lock.
      stop.abort();
      await refused;
      await refusedAsCancelled(office);
    });
    expect((await office.dump()).gmail.drafts).toEqual([]);
  });

  it.each([
    { reading: "the employees", vendor: "bamboohr", path: "." },
    { reading: "the accounts", vendor: "graph", path: "/users" },
  ])("while it reads $reading, which never come, stops reading", async ({ vendor, path }) => {
    await using office = await startHarness();
    const rollout = await office.start();
    await office.box.fail({ vendor, path, kind: "hang", times: 99 });
    const stop = new AbortController();
    const refused = expect(office.call("reconcile_users", { rollout }, { signal: stop.signal })).rejects.toThrow();
    await expect.poll(() => requests(office), { interval: 20, timeout: 10_000 }).toContain('"fault":"hang"');
    stop.abort();
    await refused;
    await refusedAsCancelled(office);
    expect(await office.ledger(rollout)).not.toContain("users_reconciled");
  });
});

describe("a vendor that never answers", () => {
  it("does not keep the server from other calls, and its call ends and can be made again", async () => {
    await using office = await startHarness({ environment: { MFA_ROLLOUT_ANSWER_SECONDS: "1.5" } });
    const announcement = await slowAnnouncement(office);
    await office.mend();
    await office.box.fail({ vendor: "gmail", path: "/drafts", kind: "hang", times: 99 });
    let ended = false;
    const sending = office.call("send_phase_email", announcement.args).finally(() => {
      ended = true;
    });
    await expect
      .poll(() => office.ledger(announcement.rollout), { interval: 20, timeout: 10_000 })
      .toContain("effect_intended");
    expect((await office.call("get_rollout", { rollout: announcement.rollout })).isError).toBe(false);
    expect(ended).toBe(false);
    expect((await sending).structured).toMatchObject({ code: "ERR_CONNECTOR_UNAVAILABLE", remedy: "wait" });
    await announcement.expectTheRest();
  });
});

describe("a server in the middle of a campaign", () => {
  const endings: Readonly<Record<string, (server: ChildProcess) => void>> = {
    "gets SIGTERM": (server) => void server.kill("SIGTERM"),
    "gets SIGINT": (server) => void server.kill("SIGINT"),
    "loses its host": (server) => void server.stdin?.end(),
  };

  it.each(Object.keys(endings))(
    "that %s begins no other mail, ends, and leaves the rollout free",
    { timeout: 60_000 },
    async (how) => {
      await using office = await startHarness();
      const announcement = await slowAnnouncement(office);
      const server = spawn(process.execPath, [MAIN, "serve"], {
        env: office.environment,
        stdio: ["pipe", "pipe", "ignore"],
      });
      const say = (message: unknown): void =>
        void server.stdin?.write(`${JSON.stringify({ jsonrpc: "2.0", ...Object(message) })}\n`);
      const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "tests", version: "0" } };
      say({ id: 1, method: "initialize", params });
      say({ method: "notifications/initialized" });
      say({ id: 2, method: "tools/call", params: { name: "send_phase_email", arguments: announcement.args } });
      await announcement.someAreUnderWay();
      endings[how]?.(server);
      expect(await once(server, "exit")).toEqual([0, null]);
      await announcement.expectTheRest();
    },
  );
});
