import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";

const read = (path: string): string => readFileSync(path, "utf8");
const markdown = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name));
const documents = [".", "docs/adr", "docs/reference"].flatMap(markdown);

describe("the documents", () => {
  it.each([
    ["README.md", 150],
    ["ARCHITECTURE.md", 120],
    ["AGENTS.md", 60],
  ])("keeps %s at %i lines or fewer", (path, most) => {
    expect(read(path).split("\n").length - 1).toBeLessThanOrEqual(most);
  });

  it.each(documents)("has no link in %s that leads nowhere", (path) => {
    const targets = [...read(path).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => target ?? "");
    expect(targets.filter((target) => !existsSync(join(dirname(path), target)))).toEqual([]);
  });

  it("names only npm scripts that exist", () => {
    const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read("package.json")));
    const known = new Set([...Object.keys(scripts), "ci"]);
    const named = documents.flatMap((path) => [
      ...read(path).matchAll(/npm (?:run (?:-s |--silent )?)?([a-z][a-z-]*)/g),
    ]);
    const used = named.map(([text, name]) => (text.startsWith("npm run") || name === "test" ? (name ?? "") : "ci"));
    expect(used.filter((name) => !known.has(name))).toEqual([]);
    expect(used.length).toBeGreaterThan(10);
  });

  it("gives the version once, whichever file is asked", () => {
    const Versioned = z.object({ version: z.string() });
    const { version } = Versioned.parse(JSON.parse(read("package.json")));
    expect(Versioned.parse(JSON.parse(read("server.json"))).version).toBe(version);
    expect(/^const VERSION = "(.+)";$/m.exec(read("src/main.ts"))?.[1]).toBe(version);
    expect(/^## \[(.+?)\]/m.exec(read("CHANGELOG.md"))?.[1]).toBe(version);
  });
});
