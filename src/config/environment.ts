import envPaths from "env-paths";
import { z } from "zod";
import { ConfigurationError } from "../errors.ts";

/** The variables of ours. Secrets have names of the customer file's choosing (`env:NAME`). */
export const Environment = z.object({
  MFA_ROLLOUT_HOME: z
    .string()
    .min(1)
    .optional()
    .describe("Data directory: customers, rollouts, documents, saved procedures. Default: the platform's usual place"),
  MFA_ROLLOUT_CLOCK_URL: z
    .url()
    .optional()
    .describe('URL that answers {"now": "<ISO 8601>"}, such as the sandbox\'s clock. Default: the system\'s clock'),
  MFA_ROLLOUT_ANSWER_SECONDS: z.coerce
    .number()
    .positive()
    .max(300)
    .optional()
    .describe(
      "Longest wait for one answer of a vendor, in seconds; bulk reads of Microsoft Graph get four times that, reports of Workday six. Default: 20",
    ),
  MFA_ROLLOUT_KEYS: z
    .string()
    .min(1)
    .optional()
    .describe("Approvers only: directory of their own encrypted keys. Never set it for the server"),
  MFA_ROLLOUT_PASSPHRASE_FILE: z
    .string()
    .min(1)
    .optional()
    .describe("Approvers only: file with the passphrase, mode 600, for a process without a terminal"),
});

/** What the process's environment says. This file and `secret.ts` are the only readers of it. */
export interface Settings {
  /** Data directory: customers, rollouts, documents, saved procedures. */
  readonly home: string;
  /** `null`: the system's clock. Else a URL that answers `{"now": "<ISO 8601>"}`. */
  readonly clockUrl: string | null;
  /** Longest wait for one answer of a vendor, in ms. `null`: the connectors' own. */
  readonly answerMs: number | null;
  /** Where an approver's own encrypted keys are; never below `home`, which the server reads. */
  readonly keys: string;
  /** For an approver's process without a terminal. The server never reads it. */
  readonly passphraseFile: string | null;
  readonly environment: NodeJS.ProcessEnv;
}

/** @throws {ConfigurationError} a variable of ours has a value that cannot be used. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const read = Environment.safeParse(environment);
  if (!read.success) {
    const names = read.error.issues.map((issue) => issue.path.join("."));
    throw new ConfigurationError(`These environment variables have unusable values: ${names.join(", ")}.`, {
      nextStep: "Correct or unset them, then start again.",
    });
  }
  const paths = envPaths("mfa-rollout", { suffix: "" });
  return {
    home: read.data.MFA_ROLLOUT_HOME ?? paths.data,
    clockUrl: read.data.MFA_ROLLOUT_CLOCK_URL ?? null,
    answerMs: milliseconds(read.data.MFA_ROLLOUT_ANSWER_SECONDS),
    keys: read.data.MFA_ROLLOUT_KEYS ?? paths.config,
    passphraseFile: read.data.MFA_ROLLOUT_PASSPHRASE_FILE ?? null,
    environment,
  };
}

const milliseconds = (seconds: number | undefined): number | null =>
  seconds === undefined ? null : Math.ceil(seconds * 1_000);
