import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** One problem of a customer's file: where it is, and what has to be there. Never what stands there: it may be a secret. */
export const problemOf = (issue: Issue): string => `${issue.path.join(".") || "the file"}: ${whatIsWrong(issue)}`;

/** What has to be there, in our words where the schema says none of its own. */
export function whatIsWrong(issue: Issue): string {
  switch (issue.code) {
    case "unrecognized_keys":
      return `has no setting ${issue.keys.join(", ")}; docs/reference/configuration.md lists those there are`;
    case "invalid_type":
      return issue.input === undefined ? "is missing" : `must be ${TYPES[issue.expected] ?? issue.expected}`;
    case "invalid_union":
      return "must be one of the kinds that docs/reference/configuration.md lists";
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}`;
    case "too_small":
      return issue.message.startsWith("Too small") ? "must not be empty or less than it may be" : issue.message;
    case "invalid_format":
      return FORMATS[issue.format] ?? issue.message;
    default:
      return issue.message;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  object: "a record of settings",
  array: "a list",
  string: "text; put it in quotes",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
};

const FORMATS: Readonly<Record<string, string>> = {
  guid: "must be an id such as 01234567-89ab-4cde-8f01-23456789abcd",
  email: "must be a mail address",
  url: "must be an address that begins with https://",
};
