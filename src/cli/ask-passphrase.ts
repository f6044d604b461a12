import { readFile, stat } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { ConfigurationError } from "../errors.ts";

/** Takes keystrokes without showing them. */
const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });

/**
 * Asks at the terminal, without echo. Without a terminal the passphrase comes from the approver's own file.
 * @param file - `MFA_ROLLOUT_PASSPHRASE_FILE`, or `null`.
 * @throws {ConfigurationError} neither a terminal nor a private file.
 */
export async function askPassphrase(prompt: string, file: string | null): Promise<string> {
  if (file !== null) return fromFile(file);
  if (!process.stdin.isTTY) {
    throw new ConfigurationError("A passphrase is needed and there is no terminal to ask at.", {
      nextStep: "Run this command in a terminal, or set MFA_ROLLOUT_PASSPHRASE_FILE for the approver's own process.",
    });
  }
  process.stderr.write(prompt);
  const lines = createInterface({ input: process.stdin, output: unseen, terminal: true });
  try {
    return await lines.question("");
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}

async function fromFile(file: string): Promise<string> {
  const found = await stat(file).catch(() => null);
  if (found === null || (process.platform !== "win32" && (found.mode & 0o077) !== 0)) {
    throw new ConfigurationError("The passphrase file is missing or others may read it.", {
      nextStep: "Give it mode 600, owned by the approver.",
    });
  }
  return (await readFile(file, "utf8")).trim();
}
