/**
 * A second process on a data directory, for tests: `node ledger-process.ts <dir> <rollout> append <count>` appends that many
 * steps one by one; `… hold` takes the lock, says `held` and keeps it until it is killed.
 */
import { once } from "node:events";
import { instant } from "../../src/domain/model/time.ts";
import { FileRolloutStore } from "../../src/ledger/file-rollout-store.ts";

const [dir = "", id = "", mode = "", count = "0"] = process.argv.slice(2);
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const clock = { now: async () => instant(Date.now()) };
const store = new FileRolloutStore({
  dir,
  clock,
  actor: `process ${process.pid}`,
  logger: silent,
});
const rollout = await store.open(id);

if (mode === "append") {
  for (let n = 0; n < Number(count); n++) {
    await rollout.append({
      type: "step_done",
      data: { tool: `process ${process.pid}`, argsKey: "{}", summary: `${n}` },
    });
  }
} else {
  await rollout.exclusively(async () => {
    process.stdout.write("held\n");
    process.stdin.resume();
    await once(process.stdin, "end");
  });
}
