import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Procedure } from "../domain/model/procedure.ts";
import { NotFoundError, StateError } from "../errors.ts";
import type { ProcedureShelf } from "../ports/procedure-shelf.ts";
import type { KnownProcedures, StoredProcedures } from "./procedure.ts";

/** Procedures as folders: those shipped beside the program, and those saved under the data directory. */
export class FolderProcedureShelf implements ProcedureShelf {
  readonly #shipped: string;
  readonly #saved: string;
  /** The rollout's procedure is asked for in every call, and its texts take longer to check than all else. */
  readonly #known: KnownProcedures = new Map();

  constructor(folders: { readonly shipped: string; readonly saved: string }) {
    this.#shipped = folders.shipped;
    this.#saved = folders.saved;
  }

  async list(): Promise<readonly Procedure[]> {
    return (await this.#stored()).procedures;
  }

  async get(id: string, hash?: string): Promise<Procedure> {
    const { procedures, broken } = await this.#stored();
    const found = procedures
      .filter((procedure) => procedure.id === id && (hash === undefined || procedure.hash === hash))
      .at(-1);
    if (found !== undefined) return found;
    const spoilt = broken.find(({ folder }) => folder === id || folder.startsWith(`${id}-`));
    if (spoilt !== undefined) throw spoilt.error;
    throw new NotFoundError(
      hash === undefined
        ? "There is no such procedure."
        : "The procedure that this rollout pinned was changed or removed.",
      {
        nextStep:
          hash === undefined
            ? `Use one of: ${[...new Set(procedures.map((procedure) => procedure.id))].join(", ")}.`
            : `Restore the folder of ${id} as it was when the rollout began; a rollout never changes its procedure.`,
      },
    );
  }

  async save(procedure: Omit<Procedure, "hash">): Promise<Procedure> {
    const folder = join(this.#saved, `${procedure.id}-${procedure.version}`);
    const [{ loadProcedure }, { asYaml }] = await Promise.all([
      import("./procedure.ts"),
      import("./procedure-yaml.ts"),
    ]);
    const draft = join(this.#saved, `.${procedure.id}-${procedure.version}.new`); // hidden from `list` until it is whole
    await rm(draft, { recursive: true, force: true });
    for (const [path, text] of [["procedure.yaml", asYaml(procedure)] as const, ...Object.entries(procedure.texts)]) {
      await mkdir(dirname(join(draft, path)), { recursive: true, mode: 0o700 });
      await writeFile(join(draft, path), text, { mode: 0o600 });
    }
    const made = await loadProcedure(draft).catch(async (error: unknown) => {
      await rm(draft, { recursive: true, force: true });
      throw error;
    });
    const known = (await this.list()).find(({ id, version }) => id === made.id && version === made.version);
    if (known !== undefined) {
      await rm(draft, { recursive: true, force: true });
      if (known.hash === made.hash) return known;
      throw new StateError(`${made.id} ${made.version} is stored already with other content.`, {
        nextStep: "Save under another name.",
      });
    }
    await rename(draft, folder);
    return made;
  }

  /** Loads the YAML reader on first use: a server starts without. */
  async #stored(): Promise<StoredProcedures> {
    const { listProcedures } = await import("./procedure.ts");
    return listProcedures([this.#shipped, this.#saved], this.#known);
  }
}
