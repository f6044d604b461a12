import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveOverHttp } from "../../src/server/http.ts";
import { jsonLogger } from "../../src/server/json-logger.ts";
import { footprintOf, secretsOf } from "../support/footprint.ts";
import { garbage } from "../support/garbage.ts";
import { type Harness, startHarness } from "../support/harness.ts";
import { inTime, LONGEST_REFUSAL_MS } from "../support/in-time.ts";

const MAIN = join(import.meta.dirname, "..", "..", "src", "main.ts");
const INITIALIZE = {
  jsonrpc: "2.0",
  id: "hello",
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "garbage", version: "0.0.0" } },
};
const HEADERS = { "content-type": "application/json", accept: "application/json, text/event-stream" };

const MEGABYTE = 1_000_000;
/** The SDK's reader copies and searches all of a line at every piece of it, so ten megabytes take their time. */
const LONGEST_MEGABYTES_MS = 10_000;

describe("garbage on the wire", () => {
  let office: Harness;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness({ employees: 60 });
    rollout = await office.reconciled();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  it("over stdio is survived: the next request is answered, and standard output stays the protocol's", {
    timeout: 60_000,
  }, async () => {
    const before = await footprintOf(office);
    const child = spawn(process.execPath, [MAIN, "serve"], { env: office.environment, stdio: "pipe" });
    const log: string[] = [];
    child.stderr.on("data", (chunk: Buffer) => void log.push(chunk.toString("utf8")));
    const answers = answersOf(child);
    await answers.after(INITIALIZE);
    for (const [index, line] of garbage(rollout).entries()) {
      child.stdin.write(line);
      child.stdin.write("\n");
      const ping = { jsonrpc: "2.0", id: `ping ${index}`, method: "ping" };
      const { result } = await inTime(
        () => answers.after(ping),
        () => (line.length > MEGABYTE ? LONGEST_MEGABYTES_MS : LONGEST_REFUSAL_MS),
      );
      expect(result, String(line).slice(0, 100)).toEqual({});
    }
    child.stdin.end();
    expect(await once(child, "exit")).toEqual([0, null]);
    for (const secret of secretsOf(office)) expect(log.join("").includes(secret)).toBe(false);
    expect(log.join("").length, "what was logged of it").toBeLessThan(100_000);
    expect(await footprintOf(office)).toEqual(before);
  });

  it("over HTTP gets a status or an error, and the next request is answered", { timeout: 60_000 }, async () => {
    const before = await footprintOf(office);
    const logger = jsonLogger((line) => void office.log.push(line));
    const service = await serveOverHttp(office.build, { port: 0, logger });
    const post = async (body: string | Buffer, headers: Readonly<Record<string, string>> = HEADERS) => {
      const response = await fetch(service.address, { method: "POST", headers, body });
      return { status: response.status, text: await response.text(), session: response.headers.get("mcp-session-id") };
    };
    const { session } = await post(JSON.stringify(INITIALIZE));
    const inSession = { ...HEADERS, "mcp-session-id": session ?? "", "mcp-protocol-version": "2025-11-25" };
    for (const line of garbage(rollout)) {
      for (const headers of [HEADERS, inSession, { ...HEADERS, "mcp-session-id": "../../etc" }]) {
        const { status, text } = await inTime(() => post(line, headers));
        const shown = `${String(line).slice(0, 100)} got ${status} ${text.slice(0, 200)}`;
        expect([200, 202, 400, 404, 406, 413, 415], shown).toContain(status);
        for (const secret of secretsOf(office)) expect(text.includes(secret)).toBe(false);
        expect(text, shown).not.toMatch(/ at .*\.(ts|js|mjs|cjs):\d+/);
      }
      const { status, text } = await inTime(() => post('{"jsonrpc":"2.0","id":"ping","method":"ping"}', inSession));
      expect([status, text.includes('"id":"ping"')], String(line).slice(0, 100)).toEqual([200, true]);
    }
    await service.close();
    expect(await footprintOf(office)).toEqual(before);
  });
});

/** What a server process says, as JSON by the id of the request; a line that is no JSON-RPC fails. */
function answersOf({ stdin, stdout }: ChildProcess) {
  if (stdin === null || stdout === null) throw new TypeError("the child has pipes");
  const waiting = new Map<string, (answer: Readonly<Record<string, unknown>>) => void>();
  createInterface({ input: stdout }).on("line", (line) => {
    const answer = JSON.parse(line) as Readonly<Record<string, unknown>>; // checked on the next line
    expect(answer.jsonrpc).toBe("2.0");
    waiting.get(String(answer.id))?.(answer);
  });
  return {
    async after(request: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
      const { promise, resolve } = Promise.withResolvers<Readonly<Record<string, unknown>>>();
      waiting.set(String(request.id), resolve);
      stdin.write(`${JSON.stringify(request)}\n`);
      return promise;
    },
  };
}
