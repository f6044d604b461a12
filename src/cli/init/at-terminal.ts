import { createInterface, type Interface } from "node:readline/promises";
import { styleText } from "node:util";
import { CancelledError } from "../../errors.ts";
import type { Given } from "./given.ts";
import type { Question, Respondent } from "./interview.ts";

const dim = (text: string): string => styleText("dim", text, { stream: process.stdout });

/** Asks a person, line by line. What the options give is not asked for again. */
export class PersonRespondent implements Respondent, Disposable {
  readonly #given: Given;
  readonly #print: (line: string) => void;
  readonly #lines: Interface;
  readonly #gone = new AbortController();
  #title: string | null = null;

  constructor(given: Given, print: (line: string) => void) {
    this.#given = given;
    this.#print = print;
    this.#lines = createInterface({ input: process.stdin, output: process.stdout });
    this.#lines.once("SIGINT", () => this.#gone.abort());
    this.#lines.once("close", () => this.#gone.abort());
  }

  /** A part of which everything was given shows no title. */
  section(title: string): void {
    this.#title = title;
  }

  given(path: string): string | undefined {
    return this.#given.get(path);
  }

  /** @throws {CancelledError} the person leaves. */
  async answer(question: Question): Promise<string> {
    if (this.#title !== null) this.#print(`\n${styleText("bold", this.#title, { stream: process.stdout })}`);
    this.#title = null;
    for (;;) {
      const text = (await this.#ask(prompt(question))).trim() || question.usual;
      if (text === null) this.#tell("This one is needed.");
      else if (question.names.length === 0 || text === "") return text;
      else {
        const name = question.names[Number(text) - 1] ?? question.names.find((one) => one === text.toLowerCase());
        if (name !== undefined) return name;
        this.#tell(`Type one of ${question.names.join(", ")}, or its number.`);
      }
    }
  }

  refuse(problem: string, path: string): boolean {
    this.#given.drop(path);
    this.#tell(`${path}: ${problem}.`);
    return true;
  }

  [Symbol.dispose](): void {
    this.#lines.close();
  }

  async #ask(text: string): Promise<string> {
    try {
      return await this.#lines.question(text, { signal: this.#gone.signal });
    } catch {
      throw new CancelledError("You left before the end, so nothing was written.", {
        nextStep: "Start again; what you know already can be given with --set.",
      });
    }
  }

  #tell(problem: string): void {
    this.#print(styleText("red", `  ✗ ${problem}`, { stream: process.stdout }));
  }
}

function prompt({ path, meaning, usual, names }: Question): string {
  const choices = names.map((name, index) => `\n    ${index + 1}  ${name}`).join("");
  const hint = usual === null ? "" : dim(`[${usual === "" ? "none" : usual}] `);
  return `\n  ${meaning} ${dim(`(${path})`)}${choices}\n  ${hint}> `;
}
