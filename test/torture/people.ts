import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { pendingPlans } from "../../src/cli/approvals.ts";
import { recordSignoff, signPlans } from "../../src/cli/demo/people.ts";
import type { Next, Surroundings } from "../../src/cli/drive/follow.ts";
import { humanParts } from "../../src/cli/human-parts.ts";
import type { SandboxReady } from "../../src/cli/sandbox/sandbox-process.ts";
import { readSettings } from "../../src/config/environment.ts";
import { RolloutError } from "../../src/errors.ts";
import type { ApproverKey } from "./approver-key.ts";

/** A moment nearer than this is waited for: the world's clock runs. */
const CLOSE_MS = 1_000;
/** People who have not helped for so long, in real time, never will. */
const PATIENCE_MS = 300_000;
const LOOK_MS = 1_000;
/** A rollout takes some hundred steps; one that takes more than this does not end. */
const MOST_STEPS = 2_000;

/** The people and the time around the rollout. They act when they are waited for, in this process. */
export function surroundings(
  ready: SandboxReady,
  environment: Readonly<Record<string, string>>,
  approver: ApproverKey,
): Surroundings {
  const parts = { ...humanParts(readSettings(environment), () => {}), openKey: async () => approver.key };
  let waitingFor = "";
  let since = 0;
  let steps = 0;
  let trouble = "nothing";
  /** What the people saw, for whoever looks into a run that came to a stop. */
  const whyNobodyHelps = async (next: Next): Promise<string> => {
    const { plans, damaged } = await pendingPlans(parts);
    const seen = {
      now: await worldTime(ready.clockUrl),
      pending: plans.map(({ record }) => record.id),
      damaged,
      trouble,
    };
    return `nobody can help: ${next.why} ${JSON.stringify(seen)}`;
  };
  return {
    async waitUntil(until) {
      const left = Date.parse(until) - Date.parse(await worldTime(ready.clockUrl));
      if (left <= CLOSE_MS) return pause(Math.max(left, 0) + 1);
      const moved = await control(ready.controlUrl, "/clock", { now: until });
      // Another driver may have moved it beyond already.
      if (!moved && Date.parse(await worldTime(ready.clockUrl)) < Date.parse(until))
        throw new Error("the clock stands");
    },
    async waitForPeople(next: Next) {
      if (next.wait_for === "person") throw new Error(await whyNobodyHelps(next));
      const what = `${next.wait_for} ${next.plan_id ?? next.why}`;
      const isFirstLook = what !== waitingFor;
      if (isFirstLook) [waitingFor, since, trouble] = [what, Date.now(), "nothing"];
      try {
        await (next.wait_for === "signoff"
          ? recordSignoff(parts, { controlUrl: ready.controlUrl, contact: "Morgan Ellery" })
          : signPlans(parts));
      } catch (error) {
        if (!(error instanceof RolloutError)) throw error; // the other driver's people may have acted first
        trouble = `${error.code} ${error.message}`;
      }
      if (Date.now() - since > PATIENCE_MS) {
        waitingFor = "";
        throw new Error(await whyNobodyHelps(next));
      }
      if (!isFirstLook) await pause(LOOK_MS);
    },
    async resolve() {
      for (const { id } of ready.world.legacyClientUser) {
        await control(ready.controlUrl, `/world/legacy-clients/${id}/retire`);
      }
      return { resolution: "remediated", by: "Priya Raman", why: "The old importer was replaced." };
    },
    report() {
      steps += 1;
      if (steps > MOST_STEPS) throw new Error(`the rollout does not end within ${MOST_STEPS} steps`);
    },
  };
}

async function control(controlUrl: string, path: string, body: unknown = {}): Promise<boolean> {
  return (await fetch(new URL(path, controlUrl), { method: "POST", body: JSON.stringify(body) })).ok;
}

async function worldTime(clockUrl: string): Promise<string> {
  return z.object({ now: z.string() }).parse(await (await fetch(clockUrl)).json()).now;
}
