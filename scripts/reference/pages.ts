import { readFileSync } from "node:fs";
import { configurationPage, envExample } from "./configuration-page.ts";
import { errorCodesPage } from "./error-codes-page.ts";
import { guaranteesPage } from "./guarantees-page.ts";
import { permissionsPage, permissionsTable } from "./permissions-page.ts";
import { toolsPage, toolsTable } from "./tools-page.ts";

const TABLE = /(<!-- tools: generated -->\n)[\s\S]*?(<!-- end of tools -->)/;

/** Every generated file as it has to be now, by its path from the repository's root. */
export const generatedPages = (): Readonly<Record<string, string>> => ({
  "docs/reference/tools.md": toolsPage(),
  "docs/reference/permissions.md": permissionsPage(),
  "src/cli/init/permissions.json": permissionsTable(),
  "docs/reference/error-codes.md": errorCodesPage(),
  "docs/reference/guarantees.md": guaranteesPage(),
  "docs/reference/configuration.md": configurationPage(),
  ".env.example": envExample(),
  "README.md": readFileSync("README.md", "utf8").replace(
    TABLE,
    (_, before, after) => `${before}\n${toolsTable()}\n\n${after}`,
  ),
});
