/**
 * The passcode of a Temporary Access Pass on its way to the one person it is for. However it is printed, logged, thrown
 * or turned into JSON, it shows as `[pass]`; only `reveal` tells it.
 */
export class PassCode {
  readonly #code: string;

  constructor(code: string) {
    this.#code = code;
  }

  reveal(): string {
    return this.#code;
  }

  toString(): string {
    return "[pass]";
  }

  toJSON(): string {
    return "[pass]";
  }

  /** What Node's `inspect` and `console` show. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[pass]";
  }
}
