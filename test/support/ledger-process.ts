/**
 * A second process on a data directory, for tests: `node ledger-process.ts <dir> <rollout> append <count>` appends that many
 * steps one by one; `… hold` takes the lock, says `held`, keeps it until its input ends and then appends a step; `… read` prints how many
 * entries there are; `… make`
 * makes a rollout, a document and an approver's key; `… fill` starts a rollout, then appends one event, then three at once, each
 * with the disk full at every byte of it.
 */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createApproverKey } from "../../src/approvals/keys.ts";
import { instant } from "../../src/domain/model/time.ts";
import type { RolloutEvent } from "../../src/domain/rollout/events.ts";
import { LedgerError } from "../../src/errors.ts";
import { isCode } from "../../src/ledger/durable-files.ts";
import { FileDocumentStore } from "../../src/ledger/file-document-store.ts";
import { FileRolloutStore } from "../../src/ledger/file-rollout-store.ts";
import { started } from "./data-directory.ts";

/** More than any append here needs, in bytes. */
const MOST_ROOM = 5_000;

const [dir = "", id = "", mode = "", count = "0"] = process.argv.slice(2);
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const clock = { now: async () => instant(Date.now()) };
const store = new FileRolloutStore({
  dir,
  clock,
  actor: `process ${process.pid}`,
  logger: silent,
});
const step = (summary: string): RolloutEvent => ({
  type: "step_done",
  data: { tool: `process ${process.pid}`, argsKey: "{}", summary },
});

switch (mode) {
  case "append": {
    const rollout = await store.open(id);
    for (let n = 0; n < Number(count); n++) await rollout.append(step(`${n}`));
    break;
  }
  case "read":
    process.stdout.write(`${(await (await store.open(id)).state()).seq}\n`);
    break;
  case "hold": {
    const rollout = await store.open(id);
    await rollout.exclusively(async () => {
      process.stdout.write("held\n");
      process.stdin.resume();
      await once(process.stdin, "end");
      await rollout.append(step("held to the end"));
    });
    break;
  }
  case "make":
    await store.create(id, started(id));
    await new FileDocumentStore({ dir }).put("a document");
    await createApproverKey(join(dir, "keys"), "Robin", "correct horse battery staple");
    break;
  case "fill": {
    await untilThereIsRoom(() => store.create(id, started(id)));
    const rollout = await store.open(id);
    await untilThereIsRoom(() => rollout.append(step("one")));
    await untilThereIsRoom(() => rollout.append(step("one"), step("of"), step("three")));
    break;
  }
  default:
    throw new RangeError(`unknown mode ${mode}`);
}

/**
 * Appends with ever more room, from none to just enough. The kernel's limit on the size of a file stands for a full disk:
 * it too lets through what still fits, then refuses.
 */
async function untilThereIsRoom(append: () => Promise<unknown>): Promise<void> {
  process.on("SIGXFSZ", () => {}); // Unheard it would end the process; the write fails all the same.
  const before = await onDisk();
  for (let room = 0; room <= MOST_ROOM; room++) {
    limitFiles(`${before.length + room}`);
    const failed = await append().then(
      () => null,
      (error: unknown) => error,
    );
    const after = await onDisk();
    if (failed === null) {
      if (after.length !== before.length + room) throw new Error(`${room} bytes of room: not what was written`);
      limitFiles("unlimited");
      return;
    }
    if (!(failed instanceof LedgerError)) throw new Error(`${room} bytes of room: not refused`, { cause: failed });
    if (!after.equals(before)) throw new Error(`${room} bytes of room: something stays`);
    const isThere = (await store.list()).includes(id);
    if (isThere !== before.length > 0) throw new Error(`${room} bytes of room: a rollout that was not started`);
  }
  throw new Error("refused for ever");
}

/** The ledger's bytes; none before it is made. */
async function onDisk(): Promise<Buffer> {
  try {
    return await readFile(join(dir, "rollouts", id, "ledger.jsonl"));
  } catch (error) {
    if (isCode(error, "ENOENT")) return Buffer.alloc(0);
    throw error;
  }
}

function limitFiles(bytes: string): void {
  execFileSync("prlimit", ["--pid", `${process.pid}`, `--fsize=${bytes}:unlimited`]);
}
