import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";
import { ConfigurationError } from "../errors.ts";
import { isCode, makePrivateDirectory, PRIVATE_FILE, syncDirectory } from "./durable-files.ts";
import { LOCK_WAIT_MS, RolloutLock } from "./rollout-lock.ts";

/** `from` is the hash of the configured token that this one descends from; `null` after a sign-in of its own. */
const Kept = z.strictObject({ version: z.literal(1), from: z.hex().nullable(), token: z.string().min(1) });
type Kept = z.output<typeof Kept>;

const WHAT = "sign-in for Teams";

/**
 * The newest refresh token of a person's sign-in, in a file that only its owner may read. Entra ID ends one that is not
 * used for 90 days, and each use gives a newer one, so what is kept here outlives what the customer's file points to.
 */
export class SignInFile {
  readonly #path: string;
  readonly #lock: RolloutLock;
  readonly #configured: () => Promise<string | null>;

  /** @param configured - The token that the customer's file points to, `null` where it names none. Put anew, it wins. */
  constructor(path: string, configured: () => Promise<string | null>) {
    this.#path = path;
    this.#lock = new RolloutLock(`${path}.lock`, LOCK_WAIT_MS, WHAT);
    this.#configured = configured;
  }

  /**
   * @param signal - Ends the waiting for others who use the sign-in.
   * @throws {ConfigurationError} nobody is signed in, or the file is unreadable or cannot be written; {CancelledError} the
   * caller gave up waiting.
   */
  async renew<T>(
    use: (token: string) => Promise<{ readonly newer: string | null; readonly value: T }>,
    signal?: AbortSignal,
  ): Promise<T> {
    return this.#alone(async () => {
      const configured = await this.#configured();
      const from = configured === null ? null : hashOf(configured);
      const kept = await this.#read();
      // A sign-in of its own counts until the configured token is another one than at that time.
      const token = kept !== null && (configured === null || kept.from === from) ? kept.token : configured;
      if (token === null) throw nobody();
      const { newer, value } = await use(token);
      if (newer !== null && newer !== token) await this.#write({ version: 1, from, token: newer });
      return value;
    }, signal);
  }

  /** Keeps the token of a new sign-in, which counts before the configured one. */
  async keep(token: string): Promise<void> {
    await this.#alone(async () => {
      const configured = await this.#configured().catch(() => null);
      await this.#write({ version: 1, from: configured === null ? null : hashOf(configured), token });
    });
  }

  async #alone<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await makePrivateDirectory(dirname(this.#path)).catch(unwritable);
    return this.#lock.hold(work, signal);
  }

  async #read(): Promise<Kept | null> {
    try {
      return Kept.parse(JSON.parse(await readFile(this.#path, "utf8")));
    } catch (cause) {
      if (isCode(cause, "ENOENT")) return null;
      throw new ConfigurationError("The kept sign-in for Teams cannot be read.", {
        nextStep: "Run `mfa-rollout teams-login` for this customer; it writes the file anew.",
        cause,
      });
    }
  }

  async #write(kept: Kept): Promise<void> {
    try {
      await writeFileAtomic(this.#path, `${JSON.stringify(kept)}\n`, { mode: PRIVATE_FILE });
      await syncDirectory(dirname(this.#path));
    } catch (cause) {
      unwritable(cause);
    }
  }
}

const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex");

function unwritable(cause: unknown): never {
  throw new ConfigurationError("The newer sign-in for Teams cannot be kept in the data directory.", {
    nextStep: "Have free space and permissions of the data directory checked; the sign-in there is still good.",
    cause,
  });
}

const nobody = (): ConfigurationError =>
  new ConfigurationError("Nobody is signed in for Teams.", {
    nextStep: "Run `mfa-rollout teams-login` for this customer and sign in as the person who posts.",
  });
