import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { generatedPages } from "./pages.ts";

for (const [path, text] of Object.entries(generatedPages())) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
