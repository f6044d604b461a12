import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Tool } from "@modelcontextprotocol/client";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { catalog } from "../../src/server/catalog.ts";
import { advertisedTools } from "../support/advertised.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const VENDORS = /bamboo|workday|gmail|google|outlook|connectwise|looker|power.?bi|microsoft|graph\b/i;

/** About four characters to a token, for English and JSON. */
const tokensOf = (value: unknown): number => Math.ceil(JSON.stringify(value).length / 4);

/** Every object within a schema, with its path; names of properties are no keywords. */
function* schemasIn(value: unknown, path: string): Generator<readonly [string, Readonly<Record<string, unknown>>]> {
  if (typeof value !== "object" || value === null) return;
  const schema = value as Readonly<Record<string, unknown>>; // any object may be read by name
  yield [path, schema];
  for (const [name, inner] of Object.entries(schema)) {
    const children = name === "properties" && typeof inner === "object" && inner !== null ? Object.entries(inner) : [];
    for (const [child, childSchema] of children) yield* schemasIn(childSchema, `${path}.${child}`);
    if (name === "items" || name === "additionalProperties") yield* schemasIn(inner, `${path}[]`);
  }
}

describe("the catalogue of tools", () => {
  let tools: readonly Tool[];
  beforeAll(async () => {
    tools = await advertisedTools();
  });

  it("is the files in tools/, each named as its tool", async () => {
    const files = await readdir(join(ROOT, "tools"));
    const names = files.map((file) => file.replace(/\.ts$/, "").replaceAll("-", "_"));
    expect(names.sort()).toEqual(tools.map(({ name }) => name).sort());
  });

  it("is what hosts have reviewed", async () => {
    await expect(`${JSON.stringify(tools, null, 2)}\n`).toMatchFileSnapshot("__snapshots__/tools-list.json");
  });

  it("has at most 25 tools of distinct names in the form verb_noun", () => {
    expect(tools.length).toBeLessThanOrEqual(25);
    expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
    for (const { name } of tools) expect(name).toMatch(/^[a-z]+(_[a-z]+)+$/);
  });

  it("gives each a title, a description of 40 to 400 characters and all four hints", () => {
    for (const { name, title, description = "", annotations } of tools) {
      expect(title, name).toMatch(/^[A-Z].{3,59}$/);
      expect(description.length, name).toBeGreaterThanOrEqual(40);
      expect(description.length, name).toBeLessThanOrEqual(400);
      const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = annotations ?? {};
      expect(
        [readOnlyHint, destructiveHint, idempotentHint, openWorldHint].map((hint) => typeof hint),
        name,
      ).toEqual(Array(4).fill("boolean"));
    }
  });

  it("calls read-only what only observes and destructive what changes who can sign in", () => {
    const hinted = (hint: "readOnlyHint" | "destructiveHint") =>
      tools.filter(({ annotations }) => annotations?.[hint]).map(({ name }) => name);
    expect(hinted("readOnlyHint")).toEqual([
      "get_rollout",
      "list_employees",
      "list_users",
      "list_procedures",
      "get_artifact",
    ]);
    expect(hinted("destructiveHint")).toEqual(["apply_ca_policy", "issue_access_pass"]);
  });

  it("uses no schema keyword that a host cannot read", () => {
    const forbidden = [
      "$ref",
      "$defs",
      "$schema",
      "anyOf",
      "oneOf",
      "allOf",
      "not",
      "exclusiveMinimum",
      "exclusiveMaximum",
    ];
    let looked = 0;
    for (const tool of tools) {
      for (const [path, schema] of [
        ...schemasIn(tool.inputSchema, `${tool.name} in`),
        ...schemasIn(tool.outputSchema, `${tool.name} out`),
      ]) {
        expect(
          forbidden.filter((word) => word in schema),
          path,
        ).toEqual([]);
        expect(schema.type, path).toEqual(expect.any(String));
        expect(String(schema.pattern ?? "").length, path).toBeLessThanOrEqual(60);
        looked += 1;
      }
    }
    expect(looked).toBeGreaterThan(200);
  });

  it("takes and gives objects that allow nothing unnamed", () => {
    for (const tool of tools) {
      for (const [path, schema] of [
        ...schemasIn(tool.inputSchema, `${tool.name} in`),
        ...schemasIn(tool.outputSchema, `${tool.name} out`),
      ]) {
        // At the top of an answer a failure's facts have to pass, or clients of the first SDK throw the failure away.
        const open = path === `${tool.name} out`;
        if (schema.type === "object") expect(schema.additionalProperties, path).toBe(open ? undefined : false);
      }
      expect([tool.inputSchema.type, tool.outputSchema?.type], tool.name).toEqual(["object", "object"]);
    }
  });

  it("describes every argument", () => {
    for (const { name, inputSchema } of tools) {
      for (const [path, schema] of schemasIn(inputSchema, name)) {
        if (path !== name && !path.endsWith("[]")) expect(schema.description, path).toEqual(expect.any(String));
      }
    }
  });

  it("costs a host at most 400 tokens a tool and 4,000 in all", () => {
    const costs = tools.map(
      ({ name, description, inputSchema }) => [name, tokensOf({ name, description, inputSchema })] as const,
    );
    expect(costs.filter(([, tokens]) => tokens > 400)).toEqual([]);
    expect(costs.reduce((sum, [, tokens]) => sum + tokens, 0)).toBeLessThanOrEqual(4_000);
  });

  it("has every tool that the shipped procedure names", async () => {
    const text = await readFile(join(ROOT, "procedures", "insurer-mfa", "procedure.yaml"), "utf8");
    const { prepare, each_phase, close } = parse(text) as Record<string, readonly { readonly tool: string }[]>; // its schema is tested elsewhere
    const named = [prepare, each_phase, close].flatMap((steps = []) => steps.map(({ tool }) => tool));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((tool) => !tools.some(({ name }) => name === tool))).toEqual([]);
  });

  it("names no vendor in a tool's file but the one whose policy it is", async () => {
    for (const { name } of catalog) {
      const text = await readFile(join(ROOT, "tools", `${name.replaceAll("_", "-")}.ts`), "utf8");
      expect(VENDORS.exec(text)?.[0], name).toBeUndefined();
    }
  });

  it("has no argument that could stand for a signature", () => {
    for (const { name, inputSchema } of tools) {
      for (const argument of Object.keys(inputSchema.properties ?? {})) {
        expect(argument, name).not.toMatch(/approv|sign|confirm|force|token|passphrase|skip|override$/i);
      }
    }
  });
});
