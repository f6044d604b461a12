import type { Answers } from "./answers.ts";
import type { Part } from "./form.ts";

export interface Question {
  readonly path: string;
  readonly meaning: string;
  /** What Enter alone answers; "" where no answer is needed, `null` where one has to be typed. */
  readonly usual: string | null;
  /** What may be answered; empty where that is free. */
  readonly names: readonly string[];
}

/** Whoever fills in the form: a person at a terminal, or the options of the command. */
export interface Respondent {
  /** Begins a part of the form. */
  section(title: string): void;
  /** What was given for a path before anybody is asked; `undefined` where nothing was. */
  given(path: string): string | undefined;
  /** @returns "" where nobody answers; the part is left out then. */
  answer(question: Question): Promise<string>;
  /** Tells what is wrong with an answer. @returns whether to ask again. */
  refuse(problem: string, path: string): boolean;
}

/** What may be left out and is worth a question. */
const WORTH_ASKING: ReadonlySet<string> = new Set([
  "tenant.cloud",
  "msp.gdap",
  "insurer.form",
  "hr.workers.columns.manager_id",
  "hr.workers.columns.leave_until",
]);

/** The ways to prove that we are the app, of which a file has one. */
const CREDENTIALS = ["tenant.client_secret", "tenant.certificate", "tenant.workload_token_file"];

const YES_OR_NO = ["no", "yes"];

/** Fills in a customer's form, part by part. */
export class Interview {
  readonly #answers: Answers;
  readonly #respondent: Respondent;
  readonly #suggest: (path: string) => string;
  #credential: string | null = null;

  /** @param parties.suggest - Where the secret of a setting may be kept, as a reference. */
  constructor(parties: {
    readonly answers: Answers;
    readonly respondent: Respondent;
    readonly suggest: (path: string) => string;
  }) {
    this.#answers = parties.answers;
    this.#respondent = parties.respondent;
    this.#suggest = parties.suggest;
  }

  async fill(form: readonly Part[]): Promise<void> {
    for (const part of form) {
      const isLeaf = !["record", "choice", "list"].includes(part.shape.kind);
      if (!isLeaf || part === form[0]) this.#respondent.section(isLeaf ? "The customer" : part.meaning);
      await this.#part(part);
    }
    await this.#mend(form);
  }

  /** Asks again for what turns out wrong only when all is known: parts that do not go together. */
  async #mend(form: readonly Part[]): Promise<void> {
    for (;;) {
      const wrong = this.#answers.firstProblem();
      const part = wrong === null ? undefined : partAt(form, wrong.path);
      if (wrong === null || part === undefined) return;
      this.#answers.remove(wrong.path);
      if (!this.#respondent.refuse(wrong.problem, wrong.path)) return;
      await this.#part(part);
      if (!this.#answers.has(wrong.path)) return;
    }
  }

  async #part(part: Part): Promise<void> {
    const { path, meaning, shape } = part;
    switch (shape.kind) {
      case "fixed":
        this.#answers.set(path, shape.value);
        return;
      case "record":
        if (path.includes(".") && meaning !== "") this.#respondent.section(meaning);
        return this.#parts(shape.parts, path);
      case "choice": {
        const question = path.includes(".") ? meaning : "Which one";
        const kind = await this.#value(`${path}.kind`, {
          meaning: question,
          usual: null,
          names: Object.keys(shape.options),
        });
        // The kind itself is set by now, as chosen.
        return this.#parts(
          (shape.options[kind] ?? []).filter(({ shape: { kind } }) => kind !== "fixed"),
          path,
        );
      }
      case "list":
        return this.#list(path, shape);
      default:
        await this.#value(path, {
          meaning: shape.kind === "secret" ? `${meaning}: where it is kept, file:/path or env:NAME` : meaning,
          ...this.#expected(part),
        });
    }
  }

  async #parts(parts: readonly Part[], path: string): Promise<void> {
    for (const part of parts) {
      if (CREDENTIALS.includes(part.path)) this.#credential ??= await this.#chooseCredential();
      if (this.#isAsked(part)) await this.#part(part);
    }
    // What holds of the whole record can be judged once its parts are right.
    const problem = this.#answers.has(path) ? this.#answers.problemAt(path) : null;
    if (problem !== null) this.#respondent.refuse(problem, path);
  }

  #isAsked({ path, required }: Part): boolean {
    if (CREDENTIALS.includes(path)) return path === this.#credential;
    return required || WORTH_ASKING.has(path) || this.#respondent.given(path) !== undefined;
  }

  /** The one that was given, or the one that is chosen. */
  async #chooseCredential(): Promise<string> {
    const given = CREDENTIALS.find((path) => this.#respondent.given(path) !== undefined);
    if (given !== undefined) return given;
    const names = CREDENTIALS.map((path) => path.slice("tenant.".length));
    const [usual = ""] = names;
    const question = { path: "tenant", meaning: "What the app signs in with", usual, names };
    return `tenant.${(await this.#respondent.answer(question)) || usual}`;
  }

  async #list(path: string, { item, least }: Extract<Part["shape"], { kind: "list" }>): Promise<void> {
    for (let index = 0; ; index++) {
      const parts = item.shape.kind === "record" ? item.shape.parts : [{ ...item, meaning: "One of them" }];
      const [first, ...rest] = parts.map((part) => {
        return { ...part, path: `${path}.${index}${part.path.slice(`${path}.0`.length)}` };
      });
      if (first === undefined) return;
      const usual = index < least ? null : "";
      const meaning = usual === "" ? `${first.meaning}, if there are more` : first.meaning;
      const text = await this.#value(first.path, { meaning, usual, names: [] });
      if (text === "" && index >= least) return;
      for (const part of rest) if (this.#isAsked(part)) await this.#part(part);
    }
  }

  /** Asks until an answer is right. @returns "" where there is none. */
  async #value(path: string, question: Omit<Question, "path">): Promise<string> {
    for (;;) {
      const text = this.#respondent.given(path) ?? (await this.#respondent.answer({ path, ...question }));
      if (text === "") return "";
      this.#answers.set(path, question.names === YES_OR_NO ? text === "yes" : text);
      const problem = this.#answers.problemAt(path);
      if (problem === null) return text;
      this.#answers.remove(path);
      if (!this.#respondent.refuse(problem, path)) return "";
    }
  }

  #expected({ path, required, shape }: Part): Omit<Question, "path" | "meaning"> {
    const isCredential = CREDENTIALS.includes(path);
    if (shape.kind === "secret") return { usual: required || isCredential ? this.#suggest(path) : "", names: [] };
    if (shape.kind === "flag") return { usual: "", names: YES_OR_NO };
    if (shape.kind === "name") return { usual: shape.usual ?? "", names: shape.names };
    return { usual: required || isCredential ? null : "", names: [] };
  }
}

/** The part of this path, wherever in the form it is. */
function partAt(parts: readonly Part[], path: string): Part | undefined {
  for (const part of parts) {
    if (part.path === path) return part;
    if (!path.startsWith(`${part.path}.`)) continue;
    const { shape } = part;
    if (shape.kind === "record") return partAt(shape.parts, path);
    if (shape.kind === "choice") return partAt(Object.values(shape.options).flat(), path);
    return part;
  }
  return undefined;
}
