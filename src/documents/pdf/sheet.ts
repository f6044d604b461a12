import { type Color, PageSizes, type PDFDocument, type PDFPage, rgb } from "pdf-lib";
import type { Typeface, Typefaces } from "./typeface.ts";

const [PAGE_WIDTH, PAGE_HEIGHT] = PageSizes.A4;
const MARGIN = 54;
const TOP = 72;
const BOTTOM = 64;

export const INK = rgb(0.1, 0.13, 0.16);
export const MUTED = rgb(0.39, 0.44, 0.48);
export const HAIRLINE = rgb(0.84, 0.86, 0.88);
export const ACCENT = rgb(0.03, 0.37, 0.43);
export const ACCENT_LIGHT = rgb(0.62, 0.79, 0.82);

export interface TextStyle {
  readonly face: Typeface;
  readonly size: number;
  readonly colour: Color;
}

/** A4 pages filled from the top: keeps the cursor, turns the page, and adds running lines at the end. Points. */
export class Sheet {
  readonly faces: Typefaces;
  readonly left = MARGIN;
  readonly width = PAGE_WIDTH - 2 * MARGIN;
  readonly #document: PDFDocument;
  #page: PDFPage;
  #y = PAGE_HEIGHT - TOP;

  constructor(document: PDFDocument, faces: Typefaces) {
    this.#document = document;
    this.faces = faces;
    this.#page = document.addPage(PageSizes.A4);
  }

  get y(): number {
    return this.#y;
  }

  /** The height of an empty page. */
  get pageHeight(): number {
    return PAGE_HEIGHT - TOP - BOTTOM;
  }

  turnPage(): void {
    this.#page = this.#document.addPage(PageSizes.A4);
    this.#y = PAGE_HEIGHT - TOP;
  }

  /** Turns the page unless so much room is left; says whether it did. */
  ensure(height: number): boolean {
    if (this.#y - height >= BOTTOM || this.#y === PAGE_HEIGHT - TOP) return false;
    this.turnPage();
    return true;
  }

  down(points: number): void {
    this.#y -= points;
  }

  /** One line of printable text with its baseline at `y`. */
  text(line: string, at: { readonly x: number; readonly y: number }, { face, size, colour }: TextStyle): void {
    if (line !== "") this.#page.drawText(line, { ...at, size, color: colour, font: face.font });
  }

  box(
    area: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
    colour: Color,
  ): void {
    this.#page.drawRectangle({ ...area, color: colour });
  }

  rule(y: number, style: { readonly colour: Color; readonly thickness: number }): void {
    this.#page.drawLine({
      start: { x: this.left, y },
      end: { x: this.left + this.width, y },
      color: style.colour,
      thickness: style.thickness,
    });
  }

  /** Wraps text into the width from `x` on and moves below it; a paragraph may run over the page's end. */
  paragraph(
    text: string,
    style: TextStyle,
    layout: { readonly leading: number; readonly x?: number } = { leading: 1.45 },
  ): void {
    const x = layout.x ?? this.left;
    const step = style.size * layout.leading;
    for (const line of style.face.wrap(text, style.size, this.left + this.width - x)) {
      this.ensure(step);
      this.text(line, { x, y: this.#y - style.size }, style);
      this.down(step);
    }
  }

  /** Puts the running head on every page but the first and the foot with its number on all of them. */
  finish(running: { readonly head: string; readonly foot: string }): void {
    const style = { face: this.faces.regular, size: 7.5, colour: MUTED };
    const print = (text: string): string => style.face.printable(text);
    const pages = this.#document.getPages();
    for (const [index, page] of pages.entries()) {
      this.#page = page;
      if (index > 0) this.text(print(running.head), { x: this.left, y: PAGE_HEIGHT - 44 }, style);
      const number = `Page ${index + 1} of ${pages.length}`;
      this.rule(46, { colour: HAIRLINE, thickness: 0.5 });
      this.text(print(running.foot), { x: this.left, y: 34 }, style);
      this.text(number, { x: this.left + this.width - style.face.width(number, style.size), y: 34 }, style);
    }
  }
}
