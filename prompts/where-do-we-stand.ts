import { z } from "zod";
import { definePrompt } from "../src/kit/define-prompt.ts";
import { rolloutField } from "../src/kit/fields.ts";

export const whereDoWeStand = definePrompt({
  name: "where_do_we_stand",
  title: "Where do we stand?",
  description: "Reports on a rollout as it is now, for a technician or the customer. Changes nothing.",
  input: z.strictObject({ rollout: rolloutField }),
  offers: { rollout: "rollouts" },
  write: ({
    rollout,
  }) => `Where does the MFA rollout ${JSON.stringify(rollout)} stand? Call get_rollout with it, and call no tool that changes anything.
Answer in at most ten lines: days left to the deadline; for each phase how many users are in scope, how many can use MFA, and whether its policy is report-only or enforced; what waits for a signature; open findings; holdouts; and what happens next, when, and who has to act.
Use only what the tool said. Call a user protected only where the phase's policy is enforced.`,
});
