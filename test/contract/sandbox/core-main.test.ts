import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { BoxClient } from "./box-client.ts";

const MAIN = join(import.meta.dirname, "../../../src/sandbox/main.ts");

/** Starts the sandbox as a process of its own and reads the line that says it is ready. */
async function start(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  const exited = once(child, "exit");
  const errors: string[] = [];
  child.stderr.on("data", (chunk) => errors.push(String(chunk)));
  const line = await Promise.race([once(createInterface(child.stdout), "line"), exited.then(() => undefined)]);
  return { child, exited, errors, ready: line === undefined ? undefined : JSON.parse(String(line[0])) };
}

describe("the sandbox as a process", () => {
  it("says in one line where everything is, answers for every vendor, and ends with its input", async () => {
    const { child, exited, ready } = await start(
      "--employees",
      "100",
      "--seed",
      "3",
      "--starts-at",
      "2026-11-02T14:00:00Z",
    );
    expect(ready).toMatchObject({
      clockUrl: `${ready.controlUrl}/clock`,
      tenantDomain: "larkfieldfoods.onmicrosoft.com",
      timeZone: "America/Chicago",
      world: { activeEmployees: 100, seed: 3, now: expect.stringMatching(/^2026-11-02T14:00:/) },
      secrets: { bamboohr: { company: "larkfieldfoods" }, gmail: { sender: "it-support@larkfieldfoods.com" } },
    });
    const client = new BoxClient({ ...ready, caPem: await readFile(ready.caFile, "utf8") });
    const hosts = [
      "login.microsoftonline.com",
      "graph.microsoft.com",
      "oauth2.googleapis.com",
      "gmail.googleapis.com",
      "larkfieldfoods.bamboohr.com",
      "api-na.myconnectwise.net",
      "api.powerbi.com",
    ];
    const replies = await Promise.all(hosts.map((host) => client.ask(`https://${host}/nowhere`)));
    expect(replies.map(({ status }) => status >= 400 && status < 500)).toEqual(hosts.map(() => true));
    client.close();
    child.stdin.end();
    expect(await exited).toEqual([0, null]);
    expect(existsSync(ready.caFile)).toBe(false);
  });

  it("ends on SIGTERM and takes its files away", async () => {
    const { child, exited, ready } = await start();
    child.kill("SIGTERM");
    expect(await exited).toEqual([0, null]);
    expect(existsSync(ready.caFile)).toBe(false);
  });

  it("refuses an option that is no number", async () => {
    const { exited, errors, ready } = await start("--seed", "many");
    expect(ready).toBeUndefined();
    expect((await exited)[0]).not.toBe(0);
    expect(errors.join("")).toContain('--seed must be a number, got "many"');
  });
});
