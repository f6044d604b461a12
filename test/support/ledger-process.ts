/**
 * A second process on a data directory, for tests: `node ledger-process.ts <dir> <rollout> append <count>` appends that many
 * steps one by one; `… hold` takes the lock, says `held`, keeps it until its input ends and then appends a step; `… make`
 * makes a rollout, a document and an approver's key.
 */
import { once } from "node:events";
import { join } from "node:path";
import { createApproverKey } from "../../src/approvals/keys.ts";
import { instant } from "../../src/domain/model/time.ts";
import type { RolloutEvent } from "../../src/domain/rollout/events.ts";
import { FileDocumentStore } from "../../src/ledger/file-document-store.ts";
import { FileRolloutStore } from "../../src/ledger/file-rollout-store.ts";
import { started } from "./data-directory.ts";

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
  default:
    throw new RangeError(`unknown mode ${mode}`);
}
