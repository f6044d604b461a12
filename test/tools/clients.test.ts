import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as FirstClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as FirstTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { catalog } from "../../src/server/catalog.ts";
import { type Harness, startHarness } from "../support/harness.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const SERVER = { command: process.execPath, args: [join(ROOT, "src", "main.ts"), "serve"] };
/** The Inspector's calls that run side by side: each starts two processes. */
const AT_ONCE = 3;
const CLIENT = { name: "tool-tests", version: "0.0.0" };

/** What a call gives in either SDK, as far as it is read here. */
const Result = z.object({
  isError: z.boolean().default(false),
  content: z.array(z.looseObject({ type: z.string() })).min(1),
  structuredContent: z.record(z.string(), z.unknown()),
});

type CallTool = (name: string, args: Record<string, unknown>) => Promise<z.output<typeof Result>>;

/** The three steps with which the demo begins, up to where a person has to sign. */
async function firstSteps(call: CallTool): Promise<string> {
  const started = await call("start_rollout", { customer: "larkfield", deadline: "2026-10-31", phase_order: ["IT"] });
  const rollout = String(started.structuredContent.rollout);
  expect((await call("reconcile_users", { rollout })).structuredContent).toMatchObject({ employees_active: 60 });
  expect((await call("classify_exceptions", { rollout })).structuredContent).toMatchObject({ total: 14 });
  expect((await call("request_signoff", { rollout })).structuredContent).toMatchObject({ status: "approval_required" });
  return rollout;
}

/** A refusal has to come through whole: a client that only throws it away leaves the model without its next step. */
async function expectRefusal(call: CallTool): Promise<void> {
  const { isError, structuredContent } = await call("get_rollout", { rollout: "rol_nobody" });
  expect(isError).toBe(true);
  expect(structuredContent).toMatchObject({ code: "ERR_NOT_FOUND", nextStep: expect.any(String) });
}

describe("a client", () => {
  it("of the first SDK runs the first three steps over stdio and accepts every answer", async () => {
    await using office = await startHarness({ employees: 60 });
    const client = new FirstClient(CLIENT);
    await client.connect(new FirstTransport({ ...SERVER, env: office.environment, stderr: "ignore" }));
    await client.listTools(); // From now on it checks answers against the tools' output schemas.
    const call: CallTool = async (name, args) => Result.parse(await client.callTool({ name, arguments: args }));
    await firstSteps(call);
    await expectRefusal(call);
    await client.close();
  });

  it.each(["legacy", "auto"] as const)("of the second SDK does so too, connecting in mode %s", async (mode) => {
    await using office = await startHarness({ employees: 60 });
    const client = new Client(CLIENT, { versionNegotiation: { mode } });
    await client.connect(new StdioClientTransport({ ...SERVER, env: office.environment, stderr: "ignore" }));
    await client.listTools();
    const call: CallTool = async (name, args) => Result.parse(await client.callTool({ name, arguments: args }));
    await firstSteps(call);
    await expectRefusal(call);
    await client.close();
  });
});

describe("the MCP Inspector", () => {
  let office: Harness;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness({ employees: 60 });
    rollout = await office.reconciled();
    await office.call("classify_exceptions", { rollout });
    await office.call("generate_compliance_report", { rollout });
  });
  afterAll(() => office[Symbol.asyncDispose]());

  /** Runs the Inspector's command line on the server as a child process. */
  async function inspect(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
    const environment = Object.entries(office.environment).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
    const all = ["--cli", SERVER.command, ...SERVER.args, ...environment, "--format", "json", "--quiet", ...args];
    const child = spawn(process.execPath, [await inspectorFile(), ...all], {
      env: { PATH: office.environment.PATH, HOME: office.environment.HOME },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [out, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
    return { code: Number(code), out };
  }

  it("lists every tool and finds nothing that another host could not read", async () => {
    const { code, out } = await inspect("--method", "tools/list", "--strict");
    expect(code).toBe(0);
    const names = [...out.matchAll(/"name":\s*"([a-z_]+)"/g)].map(([, name]) => name);
    expect(names).toEqual(expect.arrayContaining(catalog.map(({ name }) => name)));
  });

  it("calls every tool over stdio", { timeout: 120_000 }, async () => {
    const args: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
      start_rollout: { customer: "larkfield", deadline: "2026-10-31" },
      list_employees: { customer: "larkfield" },
      list_procedures: {},
      draft_ca_policy: { rollout, phase: "phase_it" },
      apply_ca_policy: { rollout, phase: "phase_it", state: "report_only" },
      send_phase_email: { rollout, phase: "phase_it", kind: "announcement", preview: true },
      foresee_lockouts: { rollout, phase: "phase_it" },
      update_dashboard: { rollout, phase: "phase_it" },
      issue_access_pass: { rollout, user: "usr_nobody" },
      get_artifact: { rollout, artifact: "exceptions" },
      resolve_finding: {
        rollout,
        finding: "fnd_000000000000",
        resolution: "accepted",
        by: "Priya Raman",
        why: "It may break.",
      },
    };
    const outcomes: Record<string, string> = {};
    const waiting = catalog.values();
    const worker = async (): Promise<void> => {
      for (const { name } of waiting) {
        const json = JSON.stringify(args[name] ?? { rollout });
        const { code, out } = await inspect("--method", "tools/call", "--tool-name", name, "--tool-args-json", json);
        outcomes[name] = code === 5 ? (/"code":\s*"(ERR_\w+)"/.exec(out)?.[1] ?? "without a code") : `exit ${code}`;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    expect(outcomes).toEqual({
      start_rollout: "ERR_STATE",
      get_rollout: "exit 0",
      list_employees: "exit 0",
      reconcile_users: "exit 0",
      list_users: "exit 0",
      classify_exceptions: "exit 0",
      request_signoff: "exit 0",
      draft_ca_policy: "exit 0",
      apply_ca_policy: "ERR_GATE_CLOSED",
      send_phase_email: "exit 0",
      fetch_signin_logs: "ERR_STATE",
      resolve_finding: "ERR_NOT_FOUND",
      foresee_lockouts: "ERR_STATE",
      issue_access_pass: "ERR_NOT_FOUND",
      check_tenant: "exit 0",
      open_helpdesk_channel: "exit 0",
      answer_mfa_tickets: "exit 0",
      update_dashboard: "exit 0",
      sync_psa_project: "exit 0",
      chase_non_enrollees: "ERR_GATE_CLOSED",
      generate_compliance_report: "exit 0",
      save_procedure: "exit 0",
      list_procedures: "exit 0",
      get_artifact: "exit 0",
    });
  });
});

/** The file behind the Inspector's command, as its package names it. */
async function inspectorFile(): Promise<string> {
  const folder = join(ROOT, "node_modules", "@modelcontextprotocol", "inspector");
  const { bin } = z
    .object({ bin: z.record(z.string(), z.string()) })
    .parse(JSON.parse(await readFile(join(folder, "package.json"), "utf8")));
  return join(folder, bin["mcp-inspector"] ?? "");
}
