import { createInterface } from "node:readline/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { Settings } from "../../config/environment.ts";
import { StateError } from "../../errors.ts";
import { connectToServer } from "./connect.ts";
import { call, follow, type Next, type Step, type Surroundings } from "./follow.ts";

/** How often to look again while people or time are waited for. */
const LOOK_MS = 15_000;

/**
 * `mfa-rollout drive`: follows a procedure for a customer without an AI. It stops at what only people do and goes on
 * when they have; it may be ended and started again at any time, because the rollout itself knows where it stands.
 */
export async function drive(
  settings: Settings,
  wanted: { readonly procedure: string; readonly customer: string; readonly deadline: string; readonly order?: string },
  print: (line: string) => void,
): Promise<number> {
  const { client, close } = await connectToServer(definedOnly(settings.environment));
  try {
    const rollout = await startOrResume(client, wanted);
    print(`Following rollout ${rollout}.`);
    await follow(client, rollout, atTheTerminal(print));
    print("Every step of the procedure is done.");
    return 0;
  } finally {
    await close();
  }
}

/** Starts the customer's rollout, or finds the one that is under way. */
export async function startOrResume(
  client: Parameters<typeof call>[0],
  { procedure, customer, deadline, order }: Parameters<typeof drive>[1],
): Promise<string> {
  const phaseOrder = order?.split(",").map((department) => department.trim());
  const started = await call(client, "start_rollout", {
    customer,
    procedure,
    deadline,
    ...(phaseOrder && { phase_order: phaseOrder }),
  });
  if ("structured" in started) return String(started.structured.rollout);
  const { code, message, nextStep } = started.failure;
  const underWay = /rol_[A-Za-z0-9_-]+/.exec(message)?.[0];
  if (code === "ERR_STATE" && underWay !== undefined) return underWay;
  throw new StateError(message, { nextStep });
}

function atTheTerminal(print: (line: string) => void): Surroundings {
  let told = "";
  const tell = (line: string): void => {
    if (line !== told) print(line);
    told = line;
  };
  return {
    async waitUntil(until) {
      tell(`Waiting until ${until}.`);
      await pause(LOOK_MS);
    },
    async waitForPeople(next: Next) {
      tell(`Waiting for ${next.wait_for}: ${next.why}`);
      await pause(LOOK_MS);
    },
    async resolve(findingId) {
      const lines = createInterface({ input: process.stdin, output: process.stdout });
      try {
        const resolution = await lines.question(`Finding ${findingId}. remediated, carved_out or accepted? `);
        const by = await lines.question("Decided by: ");
        const why = await lines.question("Why: ");
        return { resolution, by, why };
      } finally {
        lines.close();
      }
    },
    report(step: Step) {
      if (step.kind === "called") tell(`${step.at} ${step.tool}: ${step.text.split("\n")[0]}`);
      else if (step.kind === "failed")
        tell(`${step.at} ${step.tool}: ${step.failure.message} ${step.failure.nextStep}`);
    },
  };
}

const definedOnly = (environment: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
