import { InputError } from "../../errors.ts";
import type { Question, Respondent } from "./interview.ts";

/** The settings that the command's options give, each of which has to be one that the form knows. */
export class Given {
  readonly #values = new Map<string, string>();
  readonly #used = new Set<string>();

  /** @param settings - `path=value` each. @throws {InputError} one is not. */
  constructor(settings: readonly string[]) {
    for (const setting of settings) {
      const at = setting.indexOf("=");
      if (at < 1) {
        throw new InputError('--set takes a setting and its value, as in --set name="Larkfield Foods".', {
          nextStep: "Correct it; docs/reference/configuration.md lists the settings.",
        });
      }
      this.#values.set(setting.slice(0, at), setting.slice(at + 1));
    }
  }

  get(path: string): string | undefined {
    this.#used.add(path);
    return this.#values.get(path);
  }

  drop(path: string): void {
    this.#values.delete(path);
  }

  /** The settings that the form never asked for. Which there are depends on the kinds chosen. */
  unused(): readonly string[] {
    return [...this.#values.keys()].filter((path) => !this.#used.has(path));
  }
}

/** Answers without a person: what was given, and what is usual. What lacks is told all at once. */
export class OptionsRespondent implements Respondent {
  readonly #given: Given;
  readonly #missing: string[] = [];
  readonly #wrong: string[] = [];

  constructor(given: Given) {
    this.#given = given;
  }

  section(): void {}

  given(path: string): string | undefined {
    return this.#given.get(path);
  }

  async answer({ path, meaning, usual, names }: Question): Promise<string> {
    if (usual === null)
      this.#missing.push(`--set ${path}=…  ${meaning}${names.length > 0 ? ` (${names.join(", ")})` : ""}`);
    return usual ?? "";
  }

  refuse(problem: string, path: string): boolean {
    this.#wrong.push(`${path}: ${problem}`);
    return false;
  }

  /** @throws {InputError} something lacks or is wrong. */
  refuseGaps(): void {
    const unused = this.#given.unused();
    const gaps = [
      ...(this.#missing.length > 0 ? ["Missing:", ...this.#missing.map((line) => `  ${line}`)] : []),
      ...(this.#wrong.length > 0 ? ["Wrong:", ...this.#wrong.map((line) => `  ${line}`)] : []),
      ...(unused.length > 0 ? ["No such setting of the kinds chosen:", ...unused.map((path) => `  ${path}`)] : []),
    ];
    if (gaps.length === 0) return;
    throw new InputError(`The customer's file cannot be written yet.\n${gaps.join("\n")}`, {
      nextStep: "Add or correct these options; without --yes, a terminal is asked for them.",
    });
  }
}
