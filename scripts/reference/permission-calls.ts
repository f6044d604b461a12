import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import ts from "typescript";

/** A right that a connector's code names where it needs it. */
export interface PermissionUse {
  readonly permission: string;
  /** Names of the functions that need it. */
  readonly calls: readonly string[];
}

/** The rights named in a connector's entry file and in the files beside it that it imports, by their first use. */
export function permissionUses(entry: string): readonly PermissionUse[] {
  const files = filesBehind(entry, new Map());
  const folder = constantsOf(dirname(entry));
  const uses = new Map<string, Set<string>>();
  for (const file of files.values()) {
    // Two files of a folder may each have a constant of one name.
    const constants = noted(file, new Map(folder));
    for (const { value, call } of named(file)) {
      const permission = textOf(value, constants);
      if (permission !== null) uses.set(permission, (uses.get(permission) ?? new Set()).add(call));
    }
  }
  return [...uses].map(([permission, calls]) => ({ permission, calls: [...calls].sort() }));
}

/** The entry and what it runs of its own folder, directly or through each other. */
function filesBehind(path: string, found: Map<string, ts.SourceFile>): ReadonlyMap<string, ts.SourceFile> {
  if (found.has(path)) return found;
  const file = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
  found.set(path, file);
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    if (statement.importClause?.isTypeOnly === true) continue;
    const from = statement.moduleSpecifier.text;
    if (from === `./${basename(from)}`) filesBehind(join(dirname(path), basename(from)), found);
  }
  return found;
}

/** Every `permission: value` of an object, and every `errors.permission(value)`, with the function around it. */
function* named(node: ts.Node, call = ""): Generator<{ readonly value: ts.Expression; readonly call: string }> {
  const around = nameOfFunction(node) ?? call;
  if (ts.isPropertyAssignment(node) && node.name.getText() === "permission") yield { value: node.initializer, call };
  if (ts.isCallExpression(node) && /\.permission$/.test(node.expression.getText())) {
    const [value] = node.arguments;
    if (value !== undefined) yield { value, call };
  }
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* named(child, around);
}

function nameOfFunction(node: ts.Node): string | null {
  if (!ts.isFunctionDeclaration(node) && !ts.isMethodDeclaration(node)) return null;
  return node.name?.getText().replace("#", "") ?? null;
}

/** Text constants of a folder by name, and by `NAME.key` where an object holds them. */
function constantsOf(folder: string): ReadonlyMap<string, string> {
  const constants = new Map<string, string>();
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    noted(ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true), constants);
  }
  return constants;
}

/** The same constants, with those of a file. */
function noted(file: ts.SourceFile, constants: Map<string, string>): ReadonlyMap<string, string> {
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement))
      for (const declared of statement.declarationList.declarations) note(declared, constants);
  }
  return constants;
}

function note({ name, initializer }: ts.VariableDeclaration, constants: Map<string, string>): void {
  const value = initializer !== undefined && ts.isAsExpression(initializer) ? initializer.expression : initializer;
  if (value === undefined) return;
  if (ts.isStringLiteralLike(value)) constants.set(name.getText(), value.text);
  if (!ts.isObjectLiteralExpression(value)) return;
  for (const property of value.properties) {
    if (ts.isPropertyAssignment(property) && ts.isStringLiteralLike(property.initializer)) {
      constants.set(`${name.getText()}.${property.name.getText()}`, property.initializer.text);
    }
  }
}

/** `null` for a right that was handed in; whoever handed it in names it. @throws {TypeError} it cannot be told. */
function textOf(value: ts.Expression, constants: ReadonlyMap<string, string>): string | null {
  if (ts.isStringLiteralLike(value)) return value.text;
  if (ts.isTemplateExpression(value) || value.getText().endsWith("permission")) return null;
  const known = constants.get(value.getText());
  if (known === undefined)
    throw new TypeError(`no text for the permission ${value.getText()} in ${value.getSourceFile().fileName}`);
  return known;
}
