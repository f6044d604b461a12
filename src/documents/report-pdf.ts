import { PDFDocument } from "pdf-lib";
import type { ReportFacts } from "../domain/coverage/report-facts.ts";
import { drawBlock } from "./pdf/draw-block.ts";
import { Sheet } from "./pdf/sheet.ts";
import { loadTypefaces } from "./pdf/typeface.ts";
import type { Block } from "./report-blocks.ts";
import { reportContent } from "./report-content.ts";
import { dateTime, number } from "./report-format.ts";
import { reportMarkdown } from "./report-markdown.ts";

/**
 * The compliance report as a PDF and, saying the same, as Markdown. Equal facts give equal bytes, so that the hash in
 * the ledger names the document.
 * @returns `replaced`: characters that the font lacks, as the PDF shows them (`[U+5F35]`); the text has them as they are.
 */
export async function renderReport(
  facts: ReportFacts,
): Promise<{ readonly pdf: Uint8Array; readonly text: string; readonly replaced: readonly string[] }> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const written = new Date(facts.writtenAt);
  document.setTitle(`MFA enforcement evidence: ${facts.customer}`, { showInWindowTitleBar: true });
  document.setAuthor(facts.mspName);
  document.setLanguage("en-GB");
  document.setCreationDate(written);
  document.setModificationDate(written);

  const sheet = new Sheet(document, await loadTypefaces(document));
  const content = reportContent(facts);
  for (const block of content) drawBlock(sheet, block);
  const replaced = [...sheet.faces.replaced].sort();
  for (const block of replacementNote(replaced)) drawBlock(sheet, block);
  sheet.finish({
    head: `${facts.customer}: evidence of enforced MFA, ${dateTime(facts.writtenAt, facts.timeZone)}`,
    foot: `Rollout ${facts.rollout} · ledger ${facts.ledger.head.slice(0, 16)}…`,
  });
  return { pdf: await document.save(), text: reportMarkdown(content), replaced };
}

const replacementNote = (replaced: readonly string[]): readonly Block[] =>
  replaced.length === 0
    ? []
    : [
        {
          kind: "paragraph",
          text: `This document's font lacks ${number(replaced.length)} of the characters used. They are shown by their code point: ${replaced.join(", ")}.`,
        },
      ];
