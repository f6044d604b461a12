import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { parseDocument } from "yaml";
import { sha256 } from "../domain/model/ids.ts";
import type { Procedure } from "../domain/model/procedure.ts";
import { ConfigurationError } from "../errors.ts";
import { stepProblems, textProblems } from "./procedure-checks.ts";
import { ProcedureFile } from "./procedure-schema.ts";

/** By path inside the folder, `/` between its parts. */
type Files = ReadonlyMap<string, Buffer>;

export interface StoredProcedures {
  /** By id, then by version. */
  readonly procedures: readonly Procedure[];
  /** Folders that hold no usable procedure; one broken folder does not hide the others. */
  readonly broken: readonly { readonly folder: string; readonly error: ConfigurationError }[];
}

/** Procedures read before, by hash: the same files are the same procedure, so they are parsed and checked once. */
export type KnownProcedures = Map<string, Procedure>;

/**
 * Reads and checks one procedure folder.
 *
 * @param known - Is looked into first, and gets what was read.
 * @throws {ConfigurationError} it cannot be read or is wrong; `details.problems` lists everything that is.
 */
export async function loadProcedure(dir: string, known: KnownProcedures = new Map()): Promise<Procedure> {
  const name = basename(dir);
  const files = await readFiles(dir, name);
  const hash = hashOf(files);
  const before = known.get(hash);
  if (before !== undefined) return before;
  const texts = Object.fromEntries(
    [...files].flatMap(([path, bytes]) => (path.endsWith(".md") ? [[path, bytes.toString("utf8")]] : [])),
  );
  const file = parseFile(files.get("procedure.yaml"));
  if ("problems" in file) throw wrong(name, file.problems);
  const problems = [...stepProblems(file), ...textProblems(texts, file.parameters)];
  if (problems.length > 0) throw wrong(name, problems);
  const procedure = { ...file, hash, texts };
  known.set(hash, procedure);
  return procedure;
}

/** Loads every procedure under these folders; a folder that is not there holds none. */
export async function listProcedures(dirs: readonly string[], known?: KnownProcedures): Promise<StoredProcedures> {
  const procedures: Procedure[] = [];
  const broken: { folder: string; error: ConfigurationError }[] = [];
  for (const folder of (await Promise.all(dirs.map(subfolders))).flat()) {
    try {
      procedures.push(await loadProcedure(folder, known));
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      broken.push({ folder: basename(folder), error });
    }
  }
  const order = (a: Procedure, b: Procedure): number =>
    a.id < b.id ? -1 : a.id > b.id ? 1 : a.version.localeCompare(b.version, "en", { numeric: true });
  return { procedures: procedures.sort(order), broken };
}

function parseFile(bytes: Buffer | undefined): Omit<Procedure, "hash" | "texts"> | { readonly problems: string[] } {
  if (bytes === undefined) return { problems: ["procedure.yaml: the file is missing"] };
  const document = parseDocument(bytes.toString("utf8"), { uniqueKeys: true });
  if (document.errors.length > 0) {
    const lines = document.errors.map(({ linePos }) => linePos?.[0].line ?? 1);
    return { problems: lines.map((line) => `procedure.yaml: line ${line} is no valid YAML`) };
  }
  const result = ProcedureFile.safeParse(document.toJS());
  if (result.success) return result.data;
  return {
    problems: result.error.issues.map(({ path, message }) => `${path.join(".") || "procedure.yaml"}: ${message}`),
  };
}

async function readFiles(dir: string, name: string): Promise<Files> {
  try {
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(dir, join(entry.parentPath, entry.name)).split(sep).join("/"))
      // What editors and systems leave behind is no part of the procedure.
      .filter((path) => !path.split("/").some((part) => part.startsWith(".")))
      .sort();
    return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(join(dir, path))] as const)));
  } catch (cause) {
    throw new ConfigurationError(`The procedure folder ${name} cannot be read.`, {
      nextStep: "Check that the folder exists and that the server may read it.",
      cause,
    });
  }
}

async function subfolders(dir: string): Promise<string[]> {
  try {
    const entries = await readdir(dir, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
    return names.map((entry) => join(dir, entry.name)).sort();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** Over every file's path and content, sorted by path, so that a renamed file changes it too. */
function hashOf(files: Files) {
  const digest = (bytes: string | Buffer): string => createHash("sha256").update(bytes).digest("hex");
  return sha256(digest([...files].map(([path, bytes]) => `${digest(bytes)}  ${path}\n`).join("")));
}

const wrong = (name: string, problems: readonly string[]): ConfigurationError =>
  new ConfigurationError(`The procedure ${name} has ${problems.length} problems: ${problems.join("; ")}.`, {
    nextStep: "Correct the files in the procedure's folder, then start again.",
    details: { problems },
  });
