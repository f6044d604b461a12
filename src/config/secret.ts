import { readFile, stat } from "node:fs/promises";
import { inspect } from "node:util";
import { z } from "zod";
import { ConfigurationError } from "../errors.ts";

/** Where a secret is, never what it is: `env:NAME` or `file:/absolute/path`. */
export const secretReference = z
  .string()
  .regex(
    /^(env:[A-Za-z_][A-Za-z0-9_]*|file:\/.+)$/,
    "must be env:NAME or file:/absolute/path, never the secret itself",
  );

/** A secret in memory. Printing, logging or serialising it shows `[secret]`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value, for the one place that sends it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [inspect.custom](): string {
    return "[secret]";
  }
}

/**
 * Fetches what a reference points to.
 * @param where - The setting's name in the customer file, for the message.
 * @throws {ConfigurationError} not there, empty, or a file that others may read.
 */
export async function resolveSecret(reference: string, where: string, environment: NodeJS.ProcessEnv): Promise<Secret> {
  const [kind, name] = [reference.slice(0, reference.indexOf(":")), reference.slice(reference.indexOf(":") + 1)];
  const value = kind === "env" ? environment[name] : await readSecretFile(name, where);
  if (value === undefined || value.trim() === "") {
    throw new ConfigurationError(
      `The secret for ${where} is missing: ${kind === "env" ? `the environment variable ${name} is not set` : "its file is empty"}.`,
      {
        nextStep:
          kind === "env" ? `Set ${name} for the process that runs the server.` : "Write the secret into the file.",
      },
    );
  }
  return new Secret(value.trim());
}

async function readSecretFile(path: string, where: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  if (found === null) {
    throw new ConfigurationError(`The file with the secret for ${where} cannot be read.`, {
      nextStep: `Check the file: reference of ${where} in the customer file, and the file's owner.`,
    });
  }
  if (process.platform !== "win32" && (found.mode & 0o077) !== 0) {
    throw new ConfigurationError(`The file with the secret for ${where} can be read by other users.`, {
      nextStep: "Restrict it to its owner: chmod 600.",
    });
  }
  return readFile(path, "utf8");
}

/**
 * The token that a workload platform keeps in a file. It is the platform that decides who may read it, so its mode is not
 * judged. @throws {ConfigurationError} it is not there, or empty.
 */
export async function readWorkloadToken(path: string): Promise<string> {
  const text = (await readFile(path, "utf8").catch(() => "")).trim();
  if (text !== "") return text;
  throw new ConfigurationError("The workload's token file is missing or empty.", {
    nextStep: "Have the platform that runs the server write it, or correct tenant.workload_token_file.",
  });
}
