import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import type { Procedure, ProcedureStep } from "../domain/model/procedure.ts";
import { NotFoundError, StateError } from "../errors.ts";
import type { ProcedureShelf } from "../ports/procedure-shelf.ts";
import { listProcedures, loadProcedure } from "./procedure.ts";
import { WEEKDAYS } from "./procedure-schema.ts";

/** Procedures as folders: those shipped beside the program, and those saved under the data directory. */
export class FolderProcedureShelf implements ProcedureShelf {
  readonly #shipped: string;
  readonly #saved: string;

  constructor(folders: { readonly shipped: string; readonly saved: string }) {
    this.#shipped = folders.shipped;
    this.#saved = folders.saved;
  }

  async list(): Promise<readonly Procedure[]> {
    return (await listProcedures([this.#shipped, this.#saved])).procedures;
  }

  async get(id: string, hash?: string): Promise<Procedure> {
    const { procedures, broken } = await listProcedures([this.#shipped, this.#saved]);
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
    const draft = join(this.#saved, `.${procedure.id}-${procedure.version}.new`); // hidden from `list` until it is whole
    await rm(draft, { recursive: true, force: true });
    for (const [path, text] of [["procedure.yaml", asYaml(procedure)] as const, ...Object.entries(procedure.texts)]) {
      await mkdir(dirname(join(draft, path)), { recursive: true, mode: 0o700 });
      await writeFile(join(draft, path), text, { mode: 0o600 });
    }
    const made = await loadProcedure(draft);
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
}

/** The file as `procedure-schema.ts` reads it. */
function asYaml(procedure: Omit<Procedure, "hash">): string {
  const { id, version, title, description, parameters, settings, prepare, eachPhase, nextPhaseAfter, close, lessons } =
    procedure;
  return stringify({
    ...{ id, version, title, description, parameters },
    settings: {
      report_only_hours: settings.reportOnlyHours,
      lead_days: settings.leadDays,
      judge_hours: settings.judgeHours,
      evidence_max_age_hours: settings.evidenceMaxAgeHours,
      not_capable_percent: settings.notCapablePercent,
      not_capable_count: settings.notCapableCount,
      blocked_users: settings.blockedUsers,
      holdout_days: settings.holdoutDays,
      frozen: {
        weekdays: settings.frozen.weekdays.map((day) => WEEKDAYS[day]),
        dates: settings.frozen.dates,
        month_end_days: settings.frozen.monthEndDays,
      },
    },
    prepare: prepare.map(stepAsWritten),
    each_phase: eachPhase.map(stepAsWritten),
    next_phase_after: nextPhaseAfter,
    close: close.map(stepAsWritten),
    lessons,
  });
}

function stepAsWritten({ id, tool, args, wait }: ProcedureStep): Record<string, unknown> {
  const written = wait === null || "after" in wait ? wait : { days_before_enforcement: wait.daysBeforeEnforcement };
  return { id, tool, ...(Object.keys(args).length > 0 && { args }), ...(written !== null && { wait: written }) };
}
