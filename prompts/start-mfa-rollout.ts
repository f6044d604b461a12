import { z } from "zod";
import { definePrompt } from "../src/kit/define-prompt.ts";
import { rolloutArguments, runIt } from "./run-procedure.ts";

export const startMfaRollout = definePrompt({
  name: "start_mfa_rollout",
  title: "Start an MFA rollout",
  description:
    "Starts the rollout for a customer, or goes on with the one under way, and does every step up to the first that needs a person.",
  input: z.strictObject({
    ...rolloutArguments,
    procedure: z
      .string()
      .min(1)
      .max(60)
      .default("insurer-mfa")
      .describe("Procedure id from list_procedures; insurer-mfa unless given"),
  }),
  offers: { customer: "customers", procedure: "procedures" },
  write: runIt,
});
