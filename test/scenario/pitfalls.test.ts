import { describe, expect, it } from "vitest";
import { judgeAll, judgeHaste, judgePosting, judgeTidy } from "../../scripts/pitfalls/judge.ts";
import { TENANT_ROWS } from "../../scripts/pitfalls/rows.ts";
import { tryCompany } from "../../scripts/pitfalls/try-company.ts";
import { PITFALL_CHECKS } from "../../src/domain/pitfalls/check-tenant.ts";

const LONGEST_MS = 240_000;

/** `npm run pitfalls` tries a company for each pitfall; here the two that say most. */
describe("the pitfalls", () => {
  it("are all found at a company that has them all, each refuses enforcement, each has a remedy", {
    timeout: LONGEST_MS,
  }, async () => {
    const lines = judgeAll(await tryCompany(TENANT_ROWS.map(({ name }) => name)));
    expect(lines.filter(({ gap }) => gap !== null)).toEqual([]);
    expect(lines).toHaveLength(TENANT_ROWS.length);
  });

  it("are none at a tidy company, which enforces its first phase and is held back only until that is judged", {
    timeout: LONGEST_MS,
  }, async () => {
    const tidy = await tryCompany([]);
    expect([judgeTidy(tidy), judgeHaste(tidy), judgePosting(tidy)].flatMap(({ gap }) => gap ?? [])).toEqual([]);
  });

  it("have a row in the matrix for each check that can see", () => {
    const rows = new Set(TENANT_ROWS.map(({ name }) => name));
    expect(PITFALL_CHECKS.map(({ name }) => name).filter((name) => !rows.has(name))).toEqual([
      "emergency_role_unproven",
    ]);
  });
});
