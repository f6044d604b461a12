import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { generatedPages } from "../../scripts/reference/pages.ts";

describe("the generated documents", () => {
  for (const [path, text] of Object.entries(generatedPages())) {
    it(`has an up-to-date ${path}; npm run docs writes it`, () => {
      expect(readFileSync(path, "utf8")).toBe(text);
    });
  }
});
