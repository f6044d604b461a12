import type { Column, Table } from "../report-blocks.ts";
import { ACCENT, HAIRLINE, INK, MUTED, type Sheet, type TextStyle } from "./sheet.ts";

const SIZE = 8;
const LEADING = 11;
const PADDING = 4.5;
const GUTTER = 10;

interface Cell {
  readonly lines: readonly string[];
  readonly x: number;
  readonly width: number;
  readonly align: "left" | "right";
}

/** Draws a table whose header stands again on every page it reaches. A row stays whole unless a page is too short. */
export function drawTable(sheet: Sheet, table: Table): void {
  const body: TextStyle = { face: sheet.faces.regular, size: SIZE, colour: INK };
  if (table.rows.length === 0) {
    sheet.paragraph(table.empty, { ...body, size: 9, colour: MUTED });
    return;
  }
  const areas = columnAreas(sheet, table.columns);
  drawHeader(sheet, table.columns, areas);
  const mostLines = Math.floor((sheet.pageHeight - 4 * LEADING) / LEADING);

  for (const row of table.rows) {
    const cells = areas.map(({ x, width, align }, index) => ({
      lines: body.face.wrap(row[index] ?? "", SIZE, width),
      x,
      width,
      align,
    }));
    const height = Math.max(...cells.map(({ lines }) => lines.length));
    for (let from = 0; from < height; from += mostLines) {
      const part = cells.map((cell) => ({ ...cell, lines: cell.lines.slice(from, from + mostLines) }));
      drawRow(sheet, part, { body, newPage: () => drawHeader(sheet, table.columns, areas) });
    }
  }
}

type Area = Omit<Cell, "lines">;

function columnAreas(sheet: Sheet, columns: readonly Column[]): readonly Area[] {
  const shares = columns.reduce((sum, { share }) => sum + share, 0);
  const room = sheet.width - GUTTER * (columns.length - 1);
  let x = sheet.left;
  return columns.map(({ share, align }) => {
    const width = (room * share) / shares;
    const area: Area = { x, width, align: align ?? "left" };
    x += width + GUTTER;
    return area;
  });
}

function drawHeader(sheet: Sheet, columns: readonly Column[], areas: readonly Area[]): void {
  const style: TextStyle = { face: sheet.faces.bold, size: 7.5, colour: ACCENT };
  const cells = areas.map((area, index) => ({
    ...area,
    lines: style.face.wrap(columns[index]?.title ?? "", style.size, area.width),
  }));
  const height = Math.max(...cells.map(({ lines }) => lines.length)) * LEADING;
  sheet.ensure(height + 4 * LEADING);
  drawCells(sheet, cells, style);
  sheet.down(height + 3);
  sheet.rule(sheet.y, { colour: ACCENT, thickness: 0.8 });
}

function drawRow(
  sheet: Sheet,
  cells: readonly Cell[],
  { body, newPage }: { readonly body: TextStyle; newPage(): void },
): void {
  const height = Math.max(...cells.map(({ lines }) => lines.length)) * LEADING;
  if (sheet.ensure(height + 2 * PADDING)) newPage();
  sheet.down(PADDING);
  drawCells(sheet, cells, body);
  sheet.down(height + PADDING - 1);
  sheet.rule(sheet.y, { colour: HAIRLINE, thickness: 0.5 });
}

function drawCells(sheet: Sheet, cells: readonly Cell[], style: TextStyle): void {
  for (const { lines, x, width, align } of cells) {
    for (const [index, line] of lines.entries()) {
      const indent = align === "right" ? width - style.face.width(line, style.size) : 0;
      sheet.text(line, { x: x + indent, y: sheet.y - style.size - index * LEADING }, style);
    }
  }
}
