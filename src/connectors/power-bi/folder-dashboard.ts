import { randomUUID } from "node:crypto";
import { access, constants, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  CancelledError,
  ConfigurationError,
  ConnectorPermissionError,
  ConnectorUnavailableError,
  type RolloutError,
} from "../../errors.ts";
import type { Check } from "../../ports/check.ts";
import type { DashboardPort, DashboardSnapshot } from "../../ports/dashboard.ts";
import { ANSWER_MS, cancelled } from "../http/pause.ts";
import { snapshotCsv, snapshotFileName } from "./snapshot-csv.ts";

interface Call {
  readonly signal: AbortSignal;
}

const PERMISSION = "the right to write files there";

/**
 * One CSV file for each snapshot in a folder, which Power BI, Fabric or Excel reads as a whole. A file is written beside
 * its place, made durable and then named, so that whoever reads the folder sees it whole or not at all; its name is made
 * of the snapshot's id, so that it is found again for certain and is there once however often it is written.
 */
export class FolderDashboard implements DashboardPort {
  readonly source: string;
  readonly #folder: string;
  readonly #timeoutMs: number;
  /** Settles when all that was left behind is done. */
  #overdue: Promise<unknown> = Promise.resolve();

  /**
   * @param folder - Absolute; made where it is missing, but not what it lies in.
   * @param patience - Its `timeoutMs` is the longest wait for one look or one file; `ANSWER_MS` unless told.
   */
  constructor(folder: string, { timeoutMs = ANSWER_MS }: { readonly timeoutMs?: number } = {}) {
    this.#folder = folder;
    this.#timeoutMs = timeoutMs;
    this.source = `Folder ${folder}`;
  }

  checks(): readonly Check[] {
    return [
      async ({ signal }) => {
        await this.#attempt(signal, async () => {
          await this.#there();
          await access(this.#folder, constants.W_OK | constants.X_OK);
        });
        return [
          { state: "good", text: "The folder is there and may be written to." },
          { state: "unknown", text: "Whether the report is refreshed from it shows only there." },
        ];
      },
    ];
  }

  async prepare({ signal }: Call): Promise<{ readonly place: string }> {
    await this.#attempt(signal, async () => {
      await mkdir(this.#folder).catch((error: unknown) => {
        if (codeOf(error) !== "EEXIST") throw error;
      });
      await this.#there();
      await syncDirectory(this.#folder);
    });
    return { place: this.source };
  }

  async append(snapshot: DashboardSnapshot, { signal }: Call): Promise<void> {
    const path = join(this.#folder, snapshotFileName(snapshot.snapshotId));
    const temporary = join(this.#folder, `.${randomUUID()}.tmp`);
    await this.#attempt(signal, async () => {
      // Outside of what removes it: one that is there already is another process's.
      const opened = await open(temporary, "wx", 0o640);
      try {
        {
          await using file = opened;
          await file.writeFile(snapshotCsv(snapshot));
          await file.sync();
        }
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => {});
        throw error;
      }
      await syncDirectory(this.#folder);
    });
  }

  async hasSnapshot(snapshotId: string, { signal }: Call): Promise<"present" | "absent"> {
    return this.#attempt(signal, async () => {
      // The folder first: a share that is not mounted is not an empty one.
      await this.#there();
      try {
        await stat(join(this.#folder, snapshotFileName(snapshotId)));
        return "present";
      } catch (error) {
        if (codeOf(error) === "ENOENT") return "absent";
        throw error;
      }
    });
  }

  async #there(): Promise<void> {
    // With a slash at its end a path names a directory or nothing.
    await stat(join(this.#folder, "/"));
  }

  /**
   * What the disk has begun cannot be called off, so late work is left behind: a file that it still writes is the same
   * one as its next writing. It keeps one of the four threads that all of the server's files need, so nothing more is
   * begun before it is done.
   */
  async #attempt<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (signal.aborted) throw cancelled();
    const until = AbortSignal.any([signal, AbortSignal.timeout(this.#timeoutMs)]);
    try {
      await before(until, this.#overdue);
      const working = work();
      return await before(until, working).catch((error: unknown) => {
        if (error instanceof GivenUp) this.#overdue = Promise.allSettled([this.#overdue, working]);
        throw error;
      });
    } catch (error) {
      if (!(error instanceof GivenUp)) throw this.#fault(error);
      throw signal.aborted ? givenUp() : this.#unanswered();
    }
  }

  #unanswered(): ConnectorUnavailableError {
    return new ConnectorUnavailableError(`The dashboard's folder ${this.#folder} does not answer.`, {
      nextStep: "Have a person check the server of the share that holds the folder, then call this tool again.",
      details: { folder: this.#folder, code: "TIMEOUT" },
    });
  }

  #fault(cause: unknown): RolloutError {
    const code = codeOf(cause);
    const details = { folder: this.#folder, code };
    if (code === "ENOENT" || code === "ENOTDIR") {
      return new ConfigurationError(`The dashboard's folder ${this.#folder} is not there.`, {
        nextStep: "Make the folder, or mount the share that holds it, or correct dashboard.folder.",
        details,
        cause,
      });
    }
    if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
      return new ConnectorPermissionError(`The dashboard's folder ${this.#folder} may not be written to.`, {
        nextStep: "Give the account that the server runs as the right to write files in that folder.",
        details: { ...details, permission: PERMISSION },
        cause,
      });
    }
    return new ConnectorUnavailableError(`The dashboard's folder ${this.#folder} cannot be used.`, {
      nextStep: "Have a person check its free space and, where it is a share, its server, then call this tool again.",
      details,
      cause,
    });
  }
}

/** Makes a name in a directory durable. Windows cannot open a directory, and network shares may refuse the call. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === "win32") return;
  await using directory = await open(path, "r");
  await directory.sync().catch((error: unknown) => {
    if (codeOf(error) !== "EINVAL" && codeOf(error) !== "ENOTSUP") throw error;
  });
}

const codeOf = (error: unknown): string | null =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;

class GivenUp extends Error {}

/** What the work comes to. @throws {GivenUp} the signal came first. */
async function before<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const leave = (): void => reject(new GivenUp());
  if (signal.aborted) leave();
  signal.addEventListener("abort", leave, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}

const givenUp = (): CancelledError =>
  new CancelledError("The call was cancelled before the dashboard's folder answered.", {
    nextStep: "Call the tool again if the work is still wanted.",
  });
