import { describe, expect, it } from "vitest";
import { parse, sourceFiles } from "./source-files.ts";
import { breaches, sourceRules } from "./source-rules.ts";

/** For every rule, text that breaks it, put into a file of this path. */
const planted: Readonly<Record<string, readonly [path: string, text: string]>> = {
  "the environment is read in one place": ["src/ledger/a.ts", "export const home = process.env.HOME;"],
  "nothing writes to the console": ["src/cli/a.ts", 'console.error("here");'],
  "exports have names": ["tools/a.ts", "export default function a() {}"],
  "no file passes others' exports on": ["src/kit/a.ts", 'export * from "./b.ts";'],
  "no type is given up": ["src/kit/a.ts", "export const a = (b: any) => b;"],
  "a file has at most 300 lines": ["src/kit/a.ts", "// a\n".repeat(301)],
  "a function has at most 60 lines": ["src/kit/a.ts", `export function a() {\n${"a();\n".repeat(59)}}`],
  "the domain knows no clock, chance or network": ["src/domain/a.ts", "export const a = () => new Date().getTime();"],
  "a tool names no vendor that another may stand in for": [
    "tools/a.ts",
    'const description = "Adds rows to Power BI.";',
  ],
  "a function that the domain exports says what it promises": ["src/domain/a.ts", "export function a() {}"],
};

describe("the source", () => {
  const files = sourceFiles();

  it("is all read", () => {
    expect(files.length).toBeGreaterThan(100);
  });

  for (const rule of sourceRules) {
    it(`keeps the rule: ${rule.name}`, () => {
      expect(files.flatMap((file) => breaches(rule, file))).toEqual([]);
    });

    it(`is found out when it breaks the rule: ${rule.name}`, () => {
      const [path, text] = planted[rule.name] ?? ["", ""];
      expect(breaches(rule, parse(path, text))).toHaveLength(1);
    });
  }
});
