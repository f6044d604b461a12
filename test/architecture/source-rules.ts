import ts from "typescript";
import { lineOf, linesOf, nodesOf } from "./source-files.ts";

/** A rule of CONTRIBUTING.md that neither the compiler nor the linter holds. */
export interface SourceRule {
  readonly name: string;
  /** Whether a file of this path is under the rule. */
  readonly covers: (path: string) => boolean;
  /** Whether this node breaks it. */
  readonly breaks: (node: ts.Node) => boolean;
}

const MOST_LINES_OF_A_FILE = 300;
const MOST_LINES_OF_A_FUNCTION = 60;

const everywhere = (): boolean => true;
const inDomain = (path: string): boolean => path.startsWith("src/domain/");
const isExported = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
const reads = (node: ts.Node, object: string): boolean =>
  ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === object;
const calls = (node: ts.Node, names: readonly string[]): boolean =>
  ts.isCallExpression(node) && ts.isIdentifier(node.expression) && names.includes(node.expression.text);

/** Reading the world's time or chance: `Date.now()`, `new Date()`, `Math.random()`. A date made of given facts is none. */
const asksTheWorld = (node: ts.Node): boolean =>
  (reads(node, "Date") && node.getText() === "Date.now") ||
  (reads(node, "Math") && node.getText() === "Math.random") ||
  (ts.isNewExpression(node) && node.expression.getText() === "Date" && (node.arguments?.length ?? 0) === 0);

/** Products behind ports, by whatever name their vendors give them. */
const REPLACEABLE =
  /bamboo|workday|\bgmail|google|outlook|exchange online|power.?bi\b|fabric|looker|bigquery|connectwise|\bteams\b|autotask|slack/i;

const WORLDLY = ["fetch", "setTimeout", "setInterval", "setImmediate", "queueMicrotask"];

export const sourceRules: readonly SourceRule[] = [
  {
    // The main file hands the environment to `config`; the demo's processes are started and set up by the demo itself.
    name: "the environment is read in one place",
    covers: (path) => !/^src\/(config\/|main\.ts$|cli\/demo\/)/.test(path),
    breaks: (node) => reads(node, "process") && node.getText() === "process.env",
  },
  { name: "nothing writes to the console", covers: everywhere, breaks: (node) => reads(node, "console") },
  {
    name: "exports have names",
    covers: everywhere,
    breaks: (node) =>
      ts.isExportAssignment(node) ||
      (ts.canHaveModifiers(node) &&
        (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)),
  },
  {
    name: "no file passes others' exports on",
    covers: everywhere,
    breaks: (node) => ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined,
  },
  {
    name: "no type is given up",
    covers: everywhere,
    breaks: (node) => node.kind === ts.SyntaxKind.AnyKeyword || ts.isNonNullExpression(node),
  },
  {
    name: `a file has at most ${MOST_LINES_OF_A_FILE} lines`,
    covers: everywhere,
    breaks: (node) => ts.isSourceFile(node) && node.getLineStarts().length - 1 > MOST_LINES_OF_A_FILE,
  },
  {
    name: `a function has at most ${MOST_LINES_OF_A_FUNCTION} lines`,
    covers: everywhere,
    breaks: (node) => ts.isFunctionLike(node) && linesOf(node) > MOST_LINES_OF_A_FUNCTION,
  },
  {
    name: "the domain knows no clock, chance or network",
    covers: inDomain,
    breaks: (node) => asksTheWorld(node) || calls(node, WORLDLY),
  },
  {
    // Entra ID is the product's own word. What the page of guarantees says of each vendor is not for a tool.
    name: "a tool names no vendor that another may stand in for",
    covers: (path) => /^(tools|prompts|src\/kit)\//.test(path) && !path.endsWith("/guarantees.ts"),
    breaks: (node) => ts.isSourceFile(node) && REPLACEABLE.test(node.text),
  },
  {
    name: "a function that the domain exports says what it promises",
    covers: inDomain,
    breaks: (node) =>
      ts.isFunctionDeclaration(node) && isExported(node) && ts.getJSDocCommentsAndTags(node).length === 0,
  },
];

/** Where a file breaks a rule, as `path:line`. */
export function breaches(rule: SourceRule, file: ts.SourceFile): readonly string[] {
  if (!rule.covers(file.fileName)) return [];
  return [...nodesOf(file)].filter(rule.breaks).map((node) => `${file.fileName}:${lineOf(node)}`);
}
