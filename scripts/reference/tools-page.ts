import type { Tool } from "../../src/kit/define-tool.ts";
import { catalog } from "../../src/server/catalog.ts";
import { code, markdownTable, page } from "./markdown-table.ts";
import { schemaFields } from "./schema-fields.ts";

const CLASSES = markdownTable(
  ["class", "what it may do", "signature"],
  [
    ["observe", "reads the customer's systems and our own state", "none"],
    ["record", "writes our own state only", "none"],
    ["contact", "reaches people, or writes to the customer's systems", "a person's, under the exact plan"],
    ["enforce", "changes who can sign in", "a person's, under the exact plan"],
  ],
);

/** `docs/reference/tools.md`. */
export const toolsPage = (): string =>
  page(
    "Tools",
    `${catalog.length} tools, in the order of the work. A tool's class says what it may do:`,
    CLASSES,
    ...catalog.map(section),
  );

function section(tool: Tool): string {
  const { name, title, description, approval, connectors, annotations } = tool;
  const facts = [
    `class ${approval}`,
    connectors.length === 0 ? "no vendor" : connectors.join(", "),
    annotations.idempotentHint ? "idempotent" : "not idempotent",
  ];
  const answer = schemaFields(tool.output).map(({ path }) => path);
  const top = answer.filter((path) => !/[.[]/.test(path)).map(code);
  return [
    `## ${code(name)}: ${title}`,
    description,
    `${facts.join(" · ")}`,
    inputTable(tool),
    `Answers with ${top.join(", ")}.`,
  ].join("\n\n");
}

function inputTable({ input }: Tool): string {
  const fields = schemaFields(input);
  if (fields.length === 0) return "Takes no arguments.";
  const rows = fields.map(({ path, type, required, default: preset, description }) => [
    code(path),
    type,
    required ? "yes" : preset === "" ? "no" : `no, ${code(preset)}`,
    description,
  ]);
  return markdownTable(["argument", "type", "required", "meaning"], rows);
}

/** The README's table: a row a tool, with the first sentence of its description. */
export function toolsTable(): string {
  const rows = catalog.map(({ name, approval, description }) => [code(name), approval, firstSentence(description)]);
  return markdownTable(["tool", "class", "does"], rows);
}

const firstSentence = (text: string): string => text.split(/(?<=\.)\s/)[0] ?? text;
