import { execFile, spawnSync } from "node:child_process";
import { chmod, type FileHandle, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import { sha256 } from "../../src/domain/model/ids.ts";
import { LedgerError } from "../../src/errors.ts";
import { verifyLedger } from "../../src/ledger/verify-ledger.ts";
import { dataDirectory, ROLLOUT, started, step } from "../support/data-directory.ts";
import { disk, eio } from "../support/disk.ts";
import { notPrivate } from "../support/file-modes.ts";

const PROCESS = join(import.meta.dirname, "../support/ledger-process.ts");
const run = promisify(execFile);

afterEach(() => {
  vi.restoreAllMocks();
});

/** Linux has a program that limits a running process. */
const canLimit = spawnSync("prlimit", ["--version"]).status === 0;
/** As root, a process that lacks the right to pass over a file's mode. */
const ordinary =
  process.getuid?.() === 0
    ? ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps=-all"]
    : ["env"];
const canBeOrdinary = spawnSync(ordinary[0] ?? "", [...ordinary.slice(1), "true"]).status === 0;

describe("a full disk", () => {
  it.skipIf(!canLimit)(
    "at any byte of a first entry, of one more and of three at once leaves the ledger as it was, and room ends it",
    { timeout: 120_000 },
    async () => {
      await using place = await dataDirectory();
      await run(process.execPath, [PROCESS, place.dir, ROLLOUT, "fill"]);
      expect(await verifyLedger(place.ledgerPath)).toEqual({ ok: true, entries: 5 });
      expect((await readdir(dirname(place.ledgerPath))).sort()).toEqual([
        "ledger.jsonl",
        "rollout.json",
        "rollout.lock",
      ]);
    },
  );
});

describe("appends that wait for each other", () => {
  const many = Array.from({ length: 20 }, (_, n) => step(`${n}`));
  const summaries = async (path: string): Promise<readonly string[]> =>
    (await readFile(path, "utf8"))
      .split("\n")
      .slice(1, -1)
      .map((line) => JSON.parse(line).data.summary);

  it("are made durable together, in their order, with one look at the clock", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    await rollout.append(step("first"));
    const synced = vi.spyOn(await disk(), "sync");
    const asked = vi.spyOn(place.clock, "now");
    await rollout.exclusively(() => Promise.all(many.map((event) => rollout.append(event))));
    expect(await summaries(place.ledgerPath)).toEqual(["first", ...many.map((_, n) => `${n}`)]);
    expect([synced.mock.calls.length, asked.mock.calls.length]).toEqual([1, 1]);
  });

  it("share the next write when they come during one, and none is known before it is durable", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    const handle = await disk();
    const sync = handle.sync;
    const durable: number[] = [];
    await rollout.exclusively(async () => {
      let rest: Promise<unknown> = Promise.resolve();
      const synced = vi.spyOn(handle, "sync").mockImplementation(async function (this: FileHandle) {
        if (synced.mock.calls.length === 1) rest = Promise.all(many.map((event) => rollout.append(event)));
        await sync.call(this);
        durable.push((await summaries(place.ledgerPath)).length);
      });
      await rollout.append(step("first"));
      expect((await rollout.state()).seq).toBeGreaterThanOrEqual(2);
      await rest;
      expect(durable).toEqual([1, 21]);
    });
  });

  it("fail together and leave nothing, when the disk or the clock does", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    const before = await readFile(place.ledgerPath);
    const attempt = () =>
      rollout.exclusively(() =>
        Promise.allSettled([step("a"), step("b"), step("c")].map((one) => rollout.append(one))),
      );
    vi.spyOn(await disk(), "sync").mockRejectedValueOnce(eio());
    expect((await attempt()).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    vi.spyOn(place.clock, "now").mockRejectedValueOnce(new Error("no clock"));
    expect((await attempt()).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(await readFile(place.ledgerPath)).toEqual(before);
    expect((await attempt()).map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
    expect(await summaries(place.ledgerPath)).toEqual(["a", "b", "c"]);
  });
});

describe("a disk that cannot make a line durable", () => {
  it("has the line taken back, and takes it when it can again", async () => {
    await using place = await dataDirectory();
    const rollout = await place.store().create(ROLLOUT, started());
    const before = await readFile(place.ledgerPath);
    vi.spyOn(await disk(), "sync").mockRejectedValueOnce(eio());
    await expect(rollout.append(step("two"))).rejects.toThrow(LedgerError);
    expect(await readFile(place.ledgerPath)).toEqual(before);
    expect((await rollout.append(step("two"))).seq).toBe(2);
    expect(await verifyLedger(place.ledgerPath)).toEqual({ ok: true, entries: 2 });
  });

  it.each(["sync", "truncate"] as const)(
    "nor take it back (%s) stops the process for good, not the next one",
    async (call) => {
      await using place = await dataDirectory();
      const rollout = await place.store().create(ROLLOUT, started());
      vi.spyOn(await disk(), "sync").mockRejectedValueOnce(eio());
      const takingBack = vi.spyOn(await disk(), call);
      if (call === "sync") takingBack.mockRejectedValueOnce(eio()).mockRejectedValueOnce(eio());
      else takingBack.mockRejectedValueOnce(eio());
      await expect(rollout.append(step("two"))).rejects.toThrow(/could not be taken back/);
      vi.restoreAllMocks();
      await expect(rollout.state()).rejects.toThrow(LedgerError);
      await expect(rollout.append(step("two"))).rejects.toThrow(LedgerError);

      const next = await place.store().open(ROLLOUT);
      const { seq } = await next.append(step("three"));
      expect(await verifyLedger(place.ledgerPath)).toEqual({ ok: true, entries: seq });
    },
  );

  it("is asked to before anybody acts on a line whose writer may have died", async () => {
    await using place = await dataDirectory();
    const first = await place.store().create(ROLLOUT, started());
    await (await place.store().open(ROLLOUT)).append(step("by another process"));
    const synced = vi.spyOn(await disk(), "sync");
    await first.exclusively(async () => expect(synced).toHaveBeenCalled());
    synced.mockClear();
    await first.exclusively(async () => expect(synced).not.toHaveBeenCalled());
  });
});

describe("a data directory", () => {
  it.skipIf(!canBeOrdinary)("that is read-only is read and not written", async () => {
    await using place = await dataDirectory();
    await place.store().create(ROLLOUT, started());
    const directory = dirname(place.ledgerPath);
    const before = await readFile(place.ledgerPath);
    for (const name of await readdir(directory)) await chmod(join(directory, name), 0o400);
    await chmod(directory, 0o500);
    const [command = "", ...args] = [...ordinary, process.execPath, PROCESS, place.dir, ROLLOUT];
    const tried = run(command, [...args, "append", "1"]);
    await expect(tried).rejects.toMatchObject({
      stderr: expect.stringMatching(/LedgerError: The rollout cannot be locked/),
    });
    expect((await run(command, [...args, "read"])).stdout).toBe("1\n");
    expect(await readFile(place.ledgerPath)).toEqual(before);
    await chmod(directory, 0o700);
  });

  it.each(["000", "022", "077"])("is its owner's alone whatever the process's umask (%s)", async (umask) => {
    await using place = await dataDirectory();
    const home = join(place.dir, "home");
    await run("sh", ["-c", `umask ${umask} && exec "$@"`, "sh", process.execPath, PROCESS, home, ROLLOUT, "make"]);
    const { open, names } = await notPrivate(home);
    expect(open).toEqual([]);
    expect(names).toContain(join("rollouts", ROLLOUT, "ledger.jsonl"));
  });
});

describe("a document", () => {
  it.each(["", "../../rollouts", "A".repeat(64), "0".repeat(64)])(
    "that cannot be one (%j) is missing",
    async (hash) => {
      await using place = await dataDirectory();
      await expect(place.documents.get(sha256(hash))).rejects.toThrow(LedgerError);
    },
  );
});
