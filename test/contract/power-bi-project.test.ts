import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { MEASURES } from "../../src/connectors/power-bi/enrolment-measures.ts";
import { COLUMNS, TABLE } from "../../src/connectors/power-bi/enrolment-table.ts";

const ROOT = "dashboards/power-bi";
const MODEL = `${ROOT}/MFA rollout.SemanticModel/definition`;
const REPORT = `${ROOT}/MFA rollout.Report/definition`;
const read = (path: string): string => readFileSync(path, "utf8");
const table = read(`${MODEL}/tables/${TABLE}.tmdl`);
const names = <T extends { readonly name: string }>(list: readonly T[]) => new Set(list.map(({ name }) => name));

/** What a TMDL object of this kind holds: its lines until the next object of the same depth. */
const objects = (kind: string): ReadonlyMap<string, string> =>
  new Map(
    [...table.matchAll(new RegExp(`^\\t${kind} (?:'([^']+)'|(\\w+))(.*?)(?=^\\t(?!\\t)|(?![^]))`, "gms"))].map(
      ([, quoted, bare, body = ""]) => [quoted ?? bare ?? "", body],
    ),
  );
const property = (body: string | undefined, name: string) =>
  new RegExp(`^\\t\\t${name}: (.+)$`, "m").exec(body ?? "")?.[1];
const spaceless = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

const FIELD_KINDS = ["Column", "Measure"] as const;
const Field = z.strictObject({
  Expression: z.strictObject({ SourceRef: z.strictObject({ Entity: z.literal(TABLE) }) }),
  Property: z.string(),
});
const AnyField = z.union([z.strictObject({ Column: Field }), z.strictObject({ Measure: Field })]);
const Projection = z.strictObject({
  field: AnyField,
  queryRef: z.string(),
  nativeQueryRef: z.string(),
  active: z.boolean().optional(),
});
const Visual = z.object({
  name: z.string(),
  position: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
  visual: z.object({
    visualType: z.string(),
    query: z.object({
      queryState: z.record(z.string(), z.object({ projections: z.array(Projection).min(1) })),
      sortDefinition: z.object({ sort: z.array(z.object({ field: AnyField })) }).optional(),
    }),
  }),
});
/** The roles in which a visual of each type takes fields. */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  card: ["Values"],
  slicer: ["Values"],
  clusteredColumnChart: ["Category", "Y", "Series"],
  lineChart: ["Category", "Y", "Series"],
  pivotTable: ["Rows", "Columns", "Values"],
};
const pages = globSync(`${REPORT}/pages/*/page.json`);
const visuals = globSync(`${REPORT}/pages/*/visuals/*/visual.json`).map((path) => ({
  path,
  ...Visual.parse(JSON.parse(read(path))),
}));

const known: Readonly<Record<(typeof FIELD_KINDS)[number], ReadonlySet<string>>> = {
  Column: names(COLUMNS),
  Measure: names(MEASURES),
};
const unknownFields = (field: z.output<typeof AnyField>): readonly string[] =>
  Object.entries(field).flatMap(([kind, { Property }]) =>
    FIELD_KINDS.some((one) => one === kind && known[one].has(Property)) ? [] : [`${kind} ${Property}`],
  );

describe("the Power BI project", () => {
  it("has the columns that a snapshot has, of the same types", () => {
    const types: Readonly<Record<string, string>> = { String: "string", Int64: "int64", Datetime: "dateTime" };
    const columns = [...objects("column")].map(([name, body]) => [name, property(body, "dataType")]);
    expect(columns).toEqual(COLUMNS.map(({ name, dataType }) => [name, types[dataType]]));
    for (const [name, body] of objects("column")) expect(property(body, "sourceColumn")).toBe(name);
  });

  it("has the measures that the push semantic model has", () => {
    const measures = [...objects("measure")].map(([name, body]) => ({
      name,
      expression: spaceless(/^ =(.*?)^\t\tformatString/ms.exec(body)?.[1] ?? ""),
      formatString: property(body, "formatString"),
    }));
    expect(measures).toEqual(
      MEASURES.map(({ name, expression, formatString }) => ({ name, expression: spaceless(expression), formatString })),
    );
  });

  it("has no measure whose name differs from a column's by case alone, which no model allows", () => {
    const all = [...COLUMNS, ...MEASURES].map(({ name }) => name.toLowerCase());
    expect(new Set(all).size).toBe(all.length);
  });

  it.each(MEASURES)("refers in $name to nothing that is not there", ({ name, expression }) => {
    const columns = [...expression.matchAll(/'(\w+)'\[(\w+)\]/g)].map(([, of, column]) => ({ of, column }));
    expect(columns.filter(({ of, column }) => of !== TABLE || !known.Column.has(column ?? ""))).toEqual([]);
    const measures = [...expression.matchAll(/(?<!['\w])\[([^\]]+)\]/g)].map(([, measure]) => measure);
    expect(measures.filter((measure) => !known.Measure.has(measure ?? "") || measure === name)).toEqual([]);
    expect(columns.length + measures.length).toBeGreaterThan(0);
    const depth = [...expression].reduce((open, sign) => open + (sign === "(" ? 1 : sign === ")" ? -1 : 0), 0);
    expect(depth).toBe(0);
  });

  it("reads the folder's files by the names of the columns", () => {
    const partition = objects("partition").get(TABLE) ?? "";
    const named = new Set([...partition.matchAll(/"(\w+)"/g)].map(([, name]) => name));
    expect([...names(COLUMNS)].filter((name) => !named.has(name))).toEqual([]);
    for (const query of partition.matchAll(/\b(Snapshot\w+)\b/g))
      expect(read(`${MODEL}/expressions.tmdl`)).toContain(`expression ${query[1]} =`);
  });

  it("shows in the report only columns and measures that the model has", () => {
    const shown = visuals.flatMap(({ path, visual: { query } }) =>
      [
        ...Object.values(query.queryState).flatMap(({ projections }) => projections.map(({ field }) => field)),
        ...(query.sortDefinition?.sort.map(({ field }) => field) ?? []),
      ].map((field) => ({ path, unknown: unknownFields(field) })),
    );
    expect(shown.filter(({ unknown }) => unknown.length > 0)).toEqual([]);
    expect(shown.length).toBeGreaterThan(20);
  });

  it("calls each field by its own name and gives each visual the roles of its type", () => {
    for (const { path, visual } of visuals) {
      expect(ROLES[visual.visualType], path).toEqual(expect.arrayContaining(Object.keys(visual.query.queryState)));
      for (const { field, queryRef, nativeQueryRef } of Object.values(visual.query.queryState).flatMap(
        ({ projections }) => projections,
      )) {
        const [property] = Object.values(field).map(({ Property }) => Property);
        expect({ queryRef, nativeQueryRef }).toEqual({ queryRef: `${TABLE}.${property}`, nativeQueryRef: property });
      }
    }
  });

  it("shows what is enrolled, registered and enforced by department over time", () => {
    const over = visuals.filter(({ visual: { query } }) => JSON.stringify(query).includes('"Property":"day"'));
    const byDepartment = over.filter(({ visual: { query } }) => JSON.stringify(query).includes('"department"'));
    for (const measure of ["Registered %", "Enrolled %", "Enforced %"])
      expect(byDepartment.some(({ visual }) => JSON.stringify(visual).includes(`"${measure}"`))).toBe(true);
  });

  it("names each page, visual and part by the folder that it lies in", () => {
    const Page = z.object({ name: z.string(), height: z.number(), width: z.number() });
    const { pageOrder } = z
      .object({ pageOrder: z.array(z.string()) })
      .parse(JSON.parse(read(`${REPORT}/pages/pages.json`)));
    expect(pageOrder.toSorted()).toEqual(pages.map((path) => path.split("/").at(-2)).toSorted());
    for (const path of pages) {
      const { name, height, width } = Page.parse(JSON.parse(read(path)));
      expect(path).toContain(`/${name}/page.json`);
      const there = visuals.filter(({ path: visual }) => visual.startsWith(path.replace("page.json", "")));
      expect(there.length).toBeGreaterThan(2);
      for (const { position } of there) {
        expect(position.x + position.width).toBeLessThanOrEqual(width);
        expect(position.y + position.height).toBeLessThanOrEqual(height);
      }
    }
    for (const { path, name } of visuals) expect(path).toContain(`/visuals/${name}/visual.json`);
    expect(new Set(visuals.map(({ name }) => name)).size).toBe(visuals.length);
    expect(read(`${ROOT}/MFA rollout.pbip`)).toContain('"path": "MFA rollout.Report"');
    expect(read(`${ROOT}/MFA rollout.Report/definition.pbir`)).toContain('"path": "../MFA rollout.SemanticModel"');
  });
});
