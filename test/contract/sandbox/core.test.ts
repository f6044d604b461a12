import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../../src/sandbox/core/sandbox.ts";
import type { VendorFactory, VendorResponse } from "../../../src/sandbox/core/vendor.ts";
import { askPlainly, BoxClient } from "./box-client.ts";

/** A vendor that counts what it is asked to do. */
function counter(): { readonly factory: VendorFactory; readonly done: string[] } {
  const done: string[] = [];
  const note = (what: string): VendorResponse => {
    done.push(what);
    return { status: 201, body: { access_token: "very-secret", done: done.length } };
  };
  const factory: VendorFactory = () => ({
    name: "counter",
    hosts: ["api.counter.example", "*.counted.example"],
    routes: [
      { method: "GET", path: "/things/:id/note", handle: (_request, { id }) => ({ status: 200, body: { id } }) },
      { method: "GET", path: "/things/special/note", handle: () => ({ status: 200, body: "special" }) },
      { method: "GET", path: "/:any/special/note", handle: () => ({ status: 200, body: "any" }) },
      { method: "POST", path: "/things", handle: () => note("thing") },
      { method: "GET", path: "/empty", handle: () => ({ status: 204 }) },
      {
        method: "GET",
        path: "/broken",
        handle: () => {
          throw new Error("a bug");
        },
      },
    ],
    notFound: () => ({ status: 404, body: { error: "no such thing" } }),
    htmlPage: "<html>Please sign in</html>",
    failure: (status) => ({ status, body: { error: `counter ${status}` } }),
    dump: () => ({ things: done.length }),
  });
  return { factory, done };
}

describe("the sandbox's core", () => {
  let box: Sandbox;
  let client: BoxClient;
  let done: string[];

  async function start(options: Omit<SandboxOptions, "vendors"> = {}): Promise<void> {
    const vendor = counter();
    done = vendor.done;
    box = await startSandbox({ vendors: [vendor.factory], ...options });
    client = new BoxClient(box);
  }

  beforeEach(() => start());
  afterEach(async () => {
    client.close();
    await box.close();
  });

  const things = "https://api.counter.example/things";

  it("answers over HTTPS for a vendor's real host name", async () => {
    const reply = await client.ask("https://api.counter.example/things/7/note?x=1");
    expect(reply).toMatchObject({ status: 200, text: '{"id":"7"}' });
  });

  it("answers for every host below a starred name", async () => {
    expect((await client.ask("https://one.counted.example/empty")).status).toBe(204);
  });

  it("decodes each part of a path alone, so an encoded slash stays in its parameter", async () => {
    const reply = await client.ask("https://api.counter.example/things/a%2Fb%20c/note");
    expect(reply.text).toBe('{"id":"a/b c"}');
  });

  it("prefers a literal route to one with a parameter", async () => {
    expect((await client.ask("https://api.counter.example/things/special/note")).text).toBe("special");
  });

  it("lets the vendor say that it has no such path", async () => {
    expect(await client.ask("https://api.counter.example/nowhere")).toMatchObject({ status: 404 });
  });

  it("refuses a host that nobody answers for, and records that", async () => {
    await expect(client.ask("https://login.example.org/")).rejects.toThrow();
    const lines = (await client.control("GET", "/requests.jsonl")).text.trim().split("\n");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ vendor: null, method: "CONNECT", status: 403 });
    expect(lines[0]).toContain("login.example.org");
  });

  it("refuses plain HTTP", async () => {
    expect(await askPlainly(box.proxyUrl, "http://api.counter.example/things")).toBe(403);
  });

  it("turns a handler's error into a 500", async () => {
    expect((await client.ask("https://api.counter.example/broken")).status).toBe(500);
  });

  it("keeps a connection for the next request", async () => {
    expect((await client.ask("https://api.counter.example/empty")).reused).toBe(false);
    expect((await client.ask("https://api.counter.example/empty")).reused).toBe(true);
  });

  it("serves a hundred requests at once", async () => {
    const replies = await Promise.all(
      Array.from({ length: 100 }, (_, index) => client.ask(`https://api.counter.example/things/${index}/note`)),
    );
    expect(replies.every(({ status }) => status === 200)).toBe(true);
  });

  it("records every exchange without its credentials", async () => {
    await client.ask(things, {
      method: "POST",
      headers: { authorization: "Bearer hidden", "content-type": "application/x-www-form-urlencoded" },
      body: "grant_type=refresh_token&refresh_token=hidden&client_secret=hidden&scope=x",
    });
    const { text } = await client.control("GET", "/requests.jsonl");
    expect(JSON.parse(text)).toMatchObject({
      vendor: "counter",
      method: "POST",
      url: things,
      requestBody: "grant_type=refresh_token&refresh_token=[removed]&client_secret=[removed]&scope=x",
      status: 201,
      responseBody: '{"access_token":"[removed]","done":1}',
      fault: null,
    });
    expect(text).not.toContain("hidden");
    expect(text).not.toContain("very-secret");
  });

  it("cuts a long body in the record and says so", async () => {
    await client.ask(things, { method: "POST", body: "x".repeat(70_000) });
    const { requestBody } = JSON.parse((await client.control("GET", "/requests.jsonl")).text);
    expect(requestBody).toMatch(/^x{65536}… \[cut here: 70000 bytes in all\]$/);
  });

  it("tells and moves the time", async () => {
    const told = JSON.parse((await client.control("POST", "/clock", { now: "2026-10-06T00:00:00Z" })).text);
    expect(told.now).toMatch(/^2026-10-06T00:00:0/);
    await client.control("POST", "/clock", { advanceHours: 24 });
    expect(JSON.parse((await client.control("GET", "/clock")).text).now).toMatch(/^2026-10-07T00:00:0/);
    expect((await client.control("POST", "/clock", { now: "2026-10-01T00:00:00Z" })).status).toBe(400);
  });

  it("dates its answers by the world's time", async () => {
    await client.control("POST", "/clock", { now: "2026-10-20T12:00:00Z" });
    const { headers } = await client.ask("https://api.counter.example/empty");
    expect(headers.date).toMatch(/^Tue, 20 Oct 2026 12:00:0/);
  });

  it("dumps what each vendor holds, what was asked of it and who is who", async () => {
    await client.ask(things, { method: "POST" });
    const dump = JSON.parse((await client.control("GET", "/vendors.json")).text);
    expect(dump).toMatchObject({
      things: 1,
      requests: { counter: { total: 1, byRoute: { "POST /things": 1 }, throttled: 0 } },
      world: { activeEmployees: 214 },
    });
  });

  it("answers 404 and 400 to control requests it cannot follow", async () => {
    expect((await client.control("GET", "/secrets")).status).toBe(404);
    expect((await client.control("POST", "/faults", [{ kind: "earthquake" }])).status).toBe(400);
    expect((await client.control("POST", "/clock", { advanceHours: -1 })).status).toBe(400);
    expect((await client.control("POST", "/world/legacy-clients/nobody/retire")).status).toBe(400);
  });

  describe("with a fault", () => {
    const inject = (rule: Record<string, unknown>) => client.control("POST", "/faults", [rule]);
    const post = () => client.ask(things, { method: "POST" });
    const lastFault = async () => {
      const lines = (await client.control("GET", "/requests.jsonl")).text.trim().split("\n");
      return JSON.parse(lines.at(-1) ?? "").fault;
    };

    it("answers an error before anything is done, in the vendor's own form, as often as asked", async () => {
      await inject({ kind: "status", status: 429, retryAfterSeconds: 2, times: 2 });
      const first = await post();
      expect(first).toMatchObject({ status: 429, text: '{"error":"counter 429"}' });
      expect(first.headers["retry-after"]).toBe("2");
      expect((await post()).status).toBe(429);
      expect(done).toEqual([]);
      expect((await post()).status).toBe(201);
    });

    it("can answer an error after all was done", async () => {
      await inject({ kind: "status_after", status: 503 });
      expect((await post()).status).toBe(503);
      expect(done).toEqual(["thing"]);
    });

    it("can do all and lose the answer", async () => {
      await inject({ kind: "lost_answer" });
      await expect(post()).rejects.toThrow();
      expect(done).toEqual(["thing"]);
      expect(await lastFault()).toBe("lost_answer");
    });

    it("can break off in the middle of an answer", async () => {
      await inject({ kind: "truncated" });
      await expect(post()).rejects.toThrow();
      expect(done).toEqual(["thing"]);
    });

    it("can put a login page in the way of a write, which is then not done", async () => {
      await inject({ kind: "html" });
      expect(await post()).toMatchObject({ status: 200, text: "<html>Please sign in</html>" });
      expect(done).toEqual([]);
    });

    it("can answer late", async () => {
      await inject({ kind: "delay", delayMs: 5 });
      expect((await post()).status).toBe(201);
      expect(await lastFault()).toBe("delay");
    });

    it("can lose the request, of which nothing is done", async () => {
      await inject({ kind: "lost_request" });
      await expect(post()).rejects.toThrow();
      expect(done).toEqual([]);
    });

    it("can do all and stay silent until the caller gives up", async () => {
      await inject({ kind: "no_answer" });
      const controller = new AbortController();
      const answer = client.ask(things, { method: "POST", signal: controller.signal });
      await expect.poll(() => done).toEqual(["thing"]);
      controller.abort();
      await expect(answer).rejects.toThrow();
    });

    it.each([
      ["accepted", []],
      ["accepted_after", ["thing"]],
    ])("can answer an empty 202: %s does %j", async (kind, doneThen) => {
      await inject({ kind });
      expect(await post()).toMatchObject({ status: 202, text: "" });
      expect(done).toEqual(doneThen);
    });

    it("can do it twice and tell of the second time", async () => {
      await inject({ kind: "twice" });
      expect(JSON.parse((await post()).text).done).toBe(2);
      expect(done).toEqual(["thing", "thing"]);
    });

    it("can answer an error and do it afterwards", async () => {
      await inject({ kind: "late", status: 504, delayMs: 50 });
      expect((await post()).status).toBe(504);
      expect(done).toEqual([]);
      await expect.poll(() => done).toEqual(["thing"]);
    });

    it("strikes only what its rule names, and nothing once rules are withdrawn", async () => {
      await inject({ kind: "status", vendor: "another" });
      await inject({ kind: "status", method: "DELETE" });
      await inject({ kind: "status", path: "^/things$", times: 9 });
      expect((await client.ask("https://api.counter.example/empty")).status).toBe(204);
      expect((await post()).status).toBe(503);
      await client.control("DELETE", "/faults");
      expect((await post()).status).toBe(201);
    });
  });

  it("strikes the same requests at the same background rate again, and never its own control API", async () => {
    const observe = async (): Promise<string[]> => {
      client.close();
      await box.close();
      await start({ faults: 0.3, seed: 7 });
      const seen: string[] = [];
      for (let index = 0; index < 25; index += 1) {
        const reply = await client.ask(things, { method: "POST" }).catch(() => undefined);
        seen.push(String(reply?.status ?? "lost"));
        expect((await client.control("GET", "/clock")).status).toBe(200);
      }
      return seen;
    };
    const first = await observe();
    expect(new Set(first).size).toBeGreaterThan(2);
    expect(await observe()).toEqual(first);
  });

  it("revokes tokens on demand", async () => {
    const token = box.box.tokens.issue({
      audience: "https://api.counter.example",
      subject: "app",
      scopes: [],
      delegated: false,
      expiresAt: box.world.now() + 3_600_000,
    });
    expect(box.box.tokens.check(`Bearer ${token}`, "https://api.counter.example")).toMatchObject({ subject: "app" });
    await client.control("POST", "/tokens/revoke");
    expect(box.box.tokens.check(`Bearer ${token}`, "https://api.counter.example")).toBe("unknown");
  });

  it("writes the record to a file, complete on close, and takes its CA file away", async () => {
    client.close();
    await box.close();
    const directory = await mkdtemp(join(tmpdir(), "sandbox-record-"));
    try {
      await start({ recordFile: join(directory, "requests.jsonl") });
      expect((await stat(box.caFile)).mode & 0o777).toBe(0o600);
      expect(await readFile(box.caFile, "utf8")).toBe(box.caPem);
      await client.ask(things, { method: "POST" });
      expect((await client.control("GET", "/requests.jsonl")).text).toContain('"status":201');
      await box.close();
      expect((await readFile(join(directory, "requests.jsonl"), "utf8")).trim().split("\n")).toHaveLength(1);
      await expect(stat(box.caFile)).rejects.toThrow("ENOENT");
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("closes although clients keep their connections and a request waits", async () => {
    await client.ask(things, { method: "POST" });
    await client.control("POST", "/faults", [{ kind: "delay", delayMs: 600_000 }]);
    const waiting = client.ask(things, { method: "POST" });
    const settled = expect(waiting).rejects.toThrow();
    await box.close();
    await settled;
  });
});
