import { InputError } from "../../errors.ts";

type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=";

/**
 * One comparison of ConnectWise's query language, e.g. `company/identifier = "LarkfieldFoods"`. Every text that goes into
 * a query passes here, because the language has no escape for a double quote.
 *
 * @param value - A `Date` is compared to the second.
 * @throws {InputError} the text holds a double quote, which would end it and let the rest be read as conditions.
 * @see ConnectWise PSA Developer Guide, "Conditions"
 */
export function condition(field: string, operator: Operator, value: string | number | boolean | Date): string {
  return `${field} ${operator} ${literal(value)}`;
}

export const allOf = (...conditions: readonly string[]): string => conditions.join(" and ");

function literal(value: string | number | boolean | Date): string {
  if (value instanceof Date) return `[${value.toISOString().replace(/\.\d{3}Z$/, "Z")}]`;
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value);
  if (/["\p{Cc}]/u.test(value)) {
    throw new InputError("A text to look for in ConnectWise holds a double quote or a control character.", {
      nextStep: "Leave it out: ConnectWise's query language cannot express it.",
    });
  }
  return `"${value}"`;
}
