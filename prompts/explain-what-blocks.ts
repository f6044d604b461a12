import { z } from "zod";
import { definePrompt } from "../src/kit/define-prompt.ts";
import { phaseField, rolloutField } from "../src/kit/fields.ts";

export const explainWhatBlocks = definePrompt({
  name: "explain_what_blocks",
  title: "What blocks this rollout?",
  description:
    "Explains what keeps a rollout, or one of its phases, from going on, and who can clear it away. Changes nothing.",
  input: z.strictObject({ rollout: rolloutField, phase: phaseField.optional() }),
  offers: { rollout: "rollouts", phase: "phases" },
  write: ({
    rollout,
    phase,
  }) => `What keeps ${phase === undefined ? "the MFA rollout" : `phase ${JSON.stringify(phase)} of the MFA rollout`} ${JSON.stringify(rollout)} from going on? Call get_rollout with it. For people who cannot use MFA yet call list_users; for accounts that are carved out read the artifact "exceptions" with get_artifact. Call no tool that changes anything.
Give each blocker a line: what stands in the way, the evidence with its count, what happens if it is ignored, and who clears it away with which tool or command. Put those first that could lock somebody out. If nothing blocks, say what it waits for and until when.`,
});
