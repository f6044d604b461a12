import { z } from "zod";
import type { World } from "../../src/sandbox/world/world.ts";

const Raisers = z.object({ raiseMfaTickets: z.array(z.object({ mail: z.string() })) });

/** Sends those who are going to ask the helpdesk the mail that makes them ask, within the next 23 hours. */
export function raiseTickets(world: World): void {
  const headers = { "X-MFA-Rollout-Key": "any" };
  const mail = { cc: [], subject: "MFA", headers, text: "", html: "", sentAt: new Date(world.now()).toISOString() };
  for (const raiser of Raisers.parse(world.dump()).raiseMfaTickets) world.deliver({ ...mail, to: [raiser.mail] });
}
