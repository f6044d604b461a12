import { Liquid } from "liquidjs";
import { plainLine } from "../domain/model/plain-line.ts";
import { ConfigurationError } from "../errors.ts";

/**
 * Liquid as procedures may use it: variables, filters, `if` and `unless`. No files, no loops, and no way around the
 * escaping (`raw`). A variable that is not filled in is an error and never an empty string.
 */
const engine = restricted(
  new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    templates: {},
    outputEscape: (value) => seal(String(value)),
  }),
);

function restricted(liquid: Liquid): Liquid {
  for (const tag of Object.keys(liquid.tags)) if (tag !== "if" && tag !== "unless") delete liquid.tags[tag];
  liquid.unregisterFilter("raw");
  return liquid;
}

/*
 * Values are untrusted, and Markdown is read after Liquid. So a value travels through Markdown sealed in letters and
 * digits that mean nothing there, and is opened only in the finished structure, where the HTML writer escapes it.
 */
const seal = (value: string): string => `zqv${Buffer.from(value).toString("hex")}vqz`;
const SEALED = /zqv([0-9a-f]*)vqz/g;

/** Fills in a template; what the values hold stays sealed until `open`. @throws {ConfigurationError} the template is wrong. */
export function fillSealed(template: string, values: Readonly<Record<string, string>>): string {
  return explained(() => String(engine.parseAndRenderSync(template, values)));
}

/** Puts every sealed value back, each as `write` gives it: one plain line unless told otherwise. */
export const open = (text: string, write: (value: string) => string = plainLine): string =>
  text.replace(SEALED, (_, hex: string) => write(Buffer.from(hex, "hex").toString("utf8")));

/** The value when the text is one sealed value and nothing else. */
export const openWhole = (text: string): string | null => (/^zqv[0-9a-f]*vqz$/.test(text) ? open(text) : null);

/** Names of the variables that a template uses. @throws {ConfigurationError} the template is wrong. */
export const variablesOf = (template: string): readonly string[] =>
  explained(() => engine.globalVariablesSync(template));

function explained<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new ConfigurationError("A text of the procedure has a mistake in its {{ }} or {% %} parts.", {
      nextStep: "Use only the documented variables, filters, and the tags if and unless; close every bracket.",
      cause,
    });
  }
}
