import fc from "fast-check";
import { expect, it } from "vitest";
import { IdSet } from "../../src/connectors/entra/id-set.ts";

it("knows which ids it has taken in, GUIDs and others, as a set of texts does", () => {
  // Few digits make ids that repeat and that differ in one place.
  const guid = fc
    .array(fc.constantFrom("0", "1", "f"), { minLength: 32, maxLength: 32 })
    .map((digits) => digits.join("").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"));
  const near = fc.constantFrom(
    "00000000-0000-0000-0000-000000000000",
    "00000000-0000-0000-0000-000000000001",
    "10000000-0000-0000-0000-000000000000",
    "00000000-0000-0000-0000-00000000000g",
    "000000000000-0000-0000-0000-00000000",
    "sign-in 1",
    "",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(guid, near), { maxLength: 60 }), (ids) => {
      const [seen, known] = [new IdSet(), new Set<string>()];
      for (const id of ids) {
        expect(seen.add(id)).toBe(!known.has(id));
        known.add(id);
      }
    }),
  );
});

it("keeps apart more ids than it has room for at first, and takes a GUID in either case for one", () => {
  const seen = new IdSet();
  const id = (n: number): string => `a0000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}`;
  for (let n = 0; n < 20_000; n++) expect(seen.add(id(n))).toBe(true);
  for (let n = 0; n < 20_000; n++) expect(seen.add(id(n))).toBe(false);
  expect(seen.add(id(7).toUpperCase())).toBe(false);
});
