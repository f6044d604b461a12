import { PDFDocument } from "pdf-lib";
import { describe, expect, it } from "vitest";
import { reportContent } from "../../src/documents/report-content.ts";
import { renderReport } from "../../src/documents/report-pdf.ts";
import { reportFacts } from "../support/report-facts.ts";
import { exception } from "../support/rollout-facts.ts";

describe("renderReport", () => {
  it("gives the same bytes for the same facts", async () => {
    const [first, second] = [await renderReport(reportFacts()), await renderReport(reportFacts())];
    expect(Buffer.from(second.pdf).equals(Buffer.from(first.pdf))).toBe(true);
    expect(second.text).toBe(first.text);
  });

  it("shows characters that the font lacks by their code point and reports them", async () => {
    const facts = reportFacts({ exceptions: [exception(1, { displayName: "張 偉 Łukasz" })] });
    const { replaced, text } = await renderReport(facts);
    expect(replaced).toEqual(["[U+5049]", "[U+5F35]"]);
    expect(text).toContain("張 偉 Łukasz");
  });

  it("repeats nothing and loses nothing over many pages", async () => {
    const facts = reportFacts();
    const { pdf } = await renderReport(facts);
    const pages = (await PDFDocument.load(pdf)).getPageCount();
    expect(pages).toBeGreaterThan(5);
    expect(pages).toBeLessThan(20);
  });

  it("lists every account on one line of the text", async () => {
    const facts = reportFacts();
    const { text } = await renderReport(facts);
    const lines = text.slice(text.indexOf("## 7")).split("\n");
    for (const { upn } of facts.accounts) {
      expect(lines.filter((line) => line.startsWith(`| ${upn} |`))).toHaveLength(1);
    }
  });

  it("keeps names from becoming markup in the text", async () => {
    const facts = reportFacts({ exceptions: [exception(1, { displayName: "a|b\n# Approved <b>\u202Ex" })] });
    const { text } = await renderReport(facts);
    expect(text).toContain("a\\|b, \\# Approved \\<b\\>x");
  });

  it("writes a row that is taller than a page", async () => {
    const facts = reportFacts({ exceptions: [exception(1, { reason: "word ".repeat(3000) })] });
    const { pdf } = await renderReport(facts);
    expect(pdf.length).toBeGreaterThan(10_000);
  });
});

describe("reportContent", () => {
  const sentences = (facts = reportFacts()): string => JSON.stringify(reportContent(facts));

  it("says how many accounts are open when enforcement is not complete", () => {
    const { totals } = reportFacts();
    const facts = reportFacts({ totals: { ...totals, not_covered: 3, report_only: 1 } });
    expect(sentences(facts)).toContain("Enforcement is not complete: 4 accounts");
  });

  it("says first that numbers are not final when a source was not read whole", () => {
    const sources = reportFacts().sources.map((source) => ({ ...source, complete: false }));
    expect(sentences(reportFacts({ sources }))).toContain("these numbers are not final");
  });

  it("concludes nothing from a tenant without accounts", () => {
    const { totals } = reportFacts();
    expect(sentences(reportFacts({ totals: { ...totals, accounts: 0 } }))).toContain("this report shows nothing");
  });

  it("says that a sign-off no longer covers the exceptions", () => {
    const { signoff } = reportFacts();
    if (signoff === null) throw new Error("the facts have a sign-off");
    expect(sentences(reportFacts({ signoff: { ...signoff, current: false } }))).toContain("changed since");
    expect(sentences()).not.toContain("changed since");
  });

  it("answers no insurer's question", () => {
    expect(sentences()).not.toMatch(/\b(yes|compliant|certif\w+|guarantee\w*)\b/i);
  });

  it("names the access paths that it does not show", () => {
    for (const path of ["VPN", "Backup", "firewalls", "Local administrators", "Service principals"]) {
      expect(sentences()).toContain(path);
    }
  });

  it("counts the accounts that it leaves out of a long list", () => {
    expect(sentences(reportFacts({ accounts: reportFacts().accounts.slice(0, 10) }))).toContain(
      "220 more accounts are in",
    );
    expect(sentences()).not.toContain("more accounts are in");
  });

  it("says first of all that the proof fails where What If differs", () => {
    const { proof } = reportFacts();
    const disputed = reportFacts({ proof: { ...proof, whatIf: { ...proof.whatIf, disputes: ["account policy"] } } });
    expect(sentences(disputed)).toContain("This proof fails");
    expect(sentences(disputed)).toContain("these accounts and policies: account policy");
    expect(sentences()).not.toContain("This proof fails");
  });

  it("says how to count each of its totals again", () => {
    for (const text of ['state":"enforced"', 'gap":"carved_out"', 'kind":"guest"', 'capable":true']) {
      expect(
        reportContent(reportFacts()).flatMap((block) => (block.kind === "table" ? block.rows.flat() : [])),
      ).toContain(`"${text}`);
    }
  });
});
