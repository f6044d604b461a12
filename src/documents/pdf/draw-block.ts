import type { Bar, Block } from "../report-blocks.ts";
import { ACCENT, ACCENT_LIGHT, HAIRLINE, INK, MUTED, type Sheet } from "./sheet.ts";
import { drawTable } from "./table.ts";

/** Room that a heading needs below itself, so that it never stands alone at a page's end. */
const HEADING_COMPANY = 90;
const FIGURE_COLUMN = 104;
const BAR = { label: 128, width: 150, height: 9, step: 21 } as const;

export function drawBlock(sheet: Sheet, block: Block): void {
  const { regular, bold } = sheet.faces;
  switch (block.kind) {
    case "title":
      sheet.paragraph(block.eyebrow, { face: bold, size: 9.5, colour: ACCENT });
      sheet.down(4);
      sheet.paragraph(block.text, { face: bold, size: 25, colour: INK }, { leading: 1.2 });
      sheet.down(6);
      for (const line of block.lines) sheet.paragraph(line, { face: regular, size: 9, colour: MUTED });
      sheet.down(12);
      sheet.rule(sheet.y, { colour: ACCENT, thickness: 1.5 });
      sheet.down(16);
      return;
    case "heading":
      if (block.newPage === true) sheet.turnPage();
      else {
        sheet.down(14);
        sheet.ensure(HEADING_COMPANY);
      }
      sheet.paragraph(block.text, { face: bold, size: 13, colour: INK });
      sheet.down(4);
      return;
    case "lead":
      sheet.paragraph(block.text, { face: bold, size: 12, colour: INK });
      sheet.down(12);
      return;
    case "paragraph":
      sheet.paragraph(block.text, { face: regular, size: 9.5, colour: INK });
      sheet.down(8);
      return;
    case "answers":
      for (const row of block.rows) drawAnswer(sheet, row);
      sheet.down(4);
      return;
    case "bars":
      sheet.down(5);
      for (const row of block.rows) drawBar(sheet, row);
      sheet.down(2);
      sheet.paragraph(block.legend, { face: regular, size: 8, colour: MUTED });
      sheet.down(8);
      return;
    case "table":
      drawTable(sheet, block);
      sheet.down(12);
  }
}

function drawAnswer(sheet: Sheet, { figure, text }: { readonly figure: string; readonly text: string }): void {
  const style = { face: sheet.faces.regular, size: 10, colour: INK };
  sheet.ensure(30);
  const shown = { face: sheet.faces.bold, size: 13, colour: ACCENT };
  sheet.text(shown.face.printable(figure), { x: sheet.left, y: sheet.y - 12 }, shown);
  sheet.down(1.5);
  sheet.paragraph(text, style, { leading: 1.4, x: sheet.left + FIGURE_COLUMN });
  sheet.down(8);
}

function drawBar(sheet: Sheet, { label, part, whole, strong, note }: Bar): void {
  sheet.ensure(BAR.step);
  const x = sheet.left + BAR.label;
  const y = sheet.y - BAR.height;
  const share = whole === 0 ? 0 : Math.min(1, part / whole);
  const labelStyle = { face: sheet.faces.bold, size: 9, colour: INK };
  const noteStyle = { face: sheet.faces.regular, size: 8, colour: MUTED };
  const [first = "", ...more] = labelStyle.face.wrap(label, labelStyle.size, BAR.label - 20);
  sheet.text(more.length === 0 ? first : `${first} …`, { x: sheet.left, y: y + 1 }, labelStyle);
  sheet.box({ x, y, width: BAR.width, height: BAR.height }, HAIRLINE);
  if (share > 0) sheet.box({ x, y, width: BAR.width * share, height: BAR.height }, strong ? ACCENT : ACCENT_LIGHT);
  sheet.text(noteStyle.face.printable(note), { x: x + BAR.width + 10, y: y + 1.5 }, noteStyle);
  sheet.down(BAR.step);
}
