import { readFileSync } from "node:fs";
import ts from "typescript";
import { code, markdownTable, page } from "./markdown-table.ts";

interface ErrorCode {
  readonly code: string;
  readonly remedy: string;
  readonly meaning: string;
}

/** `docs/reference/error-codes.md`. */
export function errorCodesPage(): string {
  const internal = {
    code: "ERR_INTERNAL",
    remedy: "operator",
    meaning: "A defect of the server. The answer names a correlation id; the server's log has the rest under it.",
  };
  const rows = [...errorCodes(), internal].map((error) => [code(error.code), error.remedy, error.meaning]);
  return page(
    "Error codes",
    "A tool that fails answers with `isError` and says what happened and the next step, in our own words: never a secret, " +
      "a vendor's raw text or personal data. `remedy` says who can put it right: `model` by calling differently, " +
      "`operator` (a person), or `wait`.",
    markdownTable(["code", "remedy", "meaning"], rows),
  );
}

/** As `src/errors.ts` declares them, in its order. */
function errorCodes(): readonly ErrorCode[] {
  const path = "src/errors.ts";
  const file = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
  return file.statements.flatMap((statement) => {
    if (!ts.isClassDeclaration(statement)) return [];
    const [name, remedy] = ["code", "remedy"].map((property) => textOf(statement, property));
    return name === undefined || remedy === undefined ? [] : [{ code: name, remedy, meaning: docOf(statement) }];
  });
}

function textOf(declared: ts.ClassDeclaration, property: string): string | undefined {
  for (const member of declared.members) {
    if (!ts.isPropertyDeclaration(member) || member.name.getText() !== property) continue;
    if (member.initializer !== undefined && ts.isStringLiteral(member.initializer)) return member.initializer.text;
  }
  return undefined;
}

const docOf = (declared: ts.ClassDeclaration): string =>
  ts
    .getJSDocCommentsAndTags(declared)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "")
    .join(" ");
