import { whatIsWrong } from "../../config/customer-problems.ts";
import { CustomerFile } from "../../config/customer-schema.ts";

type Value = string | number | boolean;

/** What a customer's file is to hold, as far as it is known. */
export class Answers {
  readonly #file: Record<string, unknown> = {};

  get file(): Readonly<Record<string, unknown>> {
    return this.#file;
  }

  /** @param path - With a number for an item of a list: `approvers.0.name`. */
  set(path: string, value: Value): void {
    const steps = path.split(".");
    const last = steps.pop() ?? "";
    let at: Record<string, unknown> = this.#file;
    for (const [index, step] of steps.entries()) {
      at[step] ??= /^\d+$/.test(steps[index + 1] ?? last) ? [] : {};
      // Made here, as a record or a list, either of which is written to by name.
      at = at[step] as Record<string, unknown>;
    }
    at[last] = value;
  }

  has(path: string): boolean {
    return path.split(".").reduce<unknown>(step, this.#file) !== undefined;
  }

  remove(path: string): void {
    const [last = "", ...steps] = path.split(".").toReversed();
    const parent = steps.toReversed().reduce<unknown>(step, this.#file);
    if (typeof parent === "object" && parent !== null) Reflect.deleteProperty(parent, last);
  }

  /** The first thing that is wrong with all of it; `null` when it can be written. */
  firstProblem(): { readonly path: string; readonly problem: string } | null {
    const [issue] = this.#issues();
    return issue === undefined ? null : { path: issue.path.join("."), problem: whatIsWrong(issue) };
  }

  /** What is wrong with one answer, by the schema of the whole file; `null` when nothing is. */
  problemAt(path: string): string | null {
    const found = this.#issues().find((issue) => issue.path.join(".") === path);
    return found === undefined ? null : whatIsWrong(found);
  }

  #issues() {
    return CustomerFile.safeParse(this.#file, { reportInput: true }).error?.issues ?? [];
  }
}

const step = (from: unknown, name: string): unknown =>
  typeof from === "object" && from !== null ? Reflect.get(from, name) : undefined;
