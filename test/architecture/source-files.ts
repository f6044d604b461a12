import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** Every TypeScript file of the product, parsed. Tests and benchmarks are not among them. */
export function sourceFiles(): readonly ts.SourceFile[] {
  return ["src", "tools", "prompts"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => parse(join(folder, path), readFileSync(join(folder, path), "utf8"))),
  );
}

/** @param path - From the repository's root; rules about folders look at it. */
export const parse = (path: string, text: string): ts.SourceFile =>
  ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);

/** A node and everything below it, in the order of the text. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of childrenOf(node)) yield* nodesOf(child);
}

function childrenOf(node: ts.Node): readonly ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  return children;
}

/** Counted from 1, as editors do. */
export const lineOf = (node: ts.Node): number =>
  node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1;

/** Lines that a node takes, its own comments left out. */
export const linesOf = (node: ts.Node): number =>
  node.getSourceFile().getLineAndCharacterOfPosition(node.end).line + 2 - lineOf(node);
