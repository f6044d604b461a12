/** A process that runs trials one after another. Started by `run.ts`. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeApproverKey } from "./approver-key.ts";
import { runTrial, type Trial } from "./trial.ts";
import { WarmServers } from "./warm-servers.ts";

const place = await mkdtemp(join(tmpdir(), "mfa-rollout-torture-key-"));
const approver = await makeApproverKey(place);
await rm(place, { recursive: true });

const servers = new WarmServers(process.env.TORTURE_WITHOUT ?? null);

process.on("message", async (trial) => {
  process.send?.(await runTrial(trial as Trial, { approver, servers })); // only run.ts speaks to us
});

process.on("disconnect", () => process.exit());
