import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import fontkit from "@pdf-lib/fontkit";
import type { PDFDocument, PDFFont } from "pdf-lib";

/**
 * A whole TTF: pdf-lib drops what a font lacks without a word, and fonts split by alphabet lack half of Europe.
 * Condensed, because tables of accounts are wide.
 */
const FILES = {
  regular: "dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf",
  bold: "dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf",
} as const;

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u;

/** The font has it, but fontkit lays it out by a machine that needs a runtime which its package does not bring. */
const NOT_LAID_OUT = /\p{Script=Tifinagh}/u;

/** One weight: draws nothing itself, but says what can be drawn and how wide it is. */
export class Typeface {
  readonly font: PDFFont;
  readonly #known: ReadonlySet<number>;
  readonly #widths = new Map<string, number>();
  readonly #replaced: Set<string>;

  constructor(font: PDFFont, replaced: Set<string>) {
    this.font = font;
    this.#known = new Set(font.getCharacterSet());
    this.#replaced = replaced;
  }

  /** The text with every character that has no glyph, or none that can be seen or laid out, as `[U+5F35]`. */
  printable(text: string): string {
    return Array.from(text.normalize("NFC").replace(/\s+/g, " "), (character) => {
      const point = character.codePointAt(0) ?? 0;
      if (this.#known.has(point) && !UNSEEN.test(character) && !NOT_LAID_OUT.test(character)) return character;
      const shown = `[U+${point.toString(16).toUpperCase().padStart(4, "0")}]`;
      this.#replaced.add(shown);
      return shown;
    }).join("");
  }

  /** In points. Sums characters, which is exact because ligatures are off and pdf-lib does not kern. */
  width(text: string, size: number): number {
    let sum = 0;
    for (const character of text) {
      let width = this.#widths.get(character);
      if (width === undefined) {
        width = this.font.widthOfTextAtSize(character, 1000);
        this.#widths.set(character, width);
      }
      sum += width;
    }
    return (sum * size) / 1000;
  }

  /** Lines no wider than `width`. Breaks at spaces, else wherever it must; "\n" always breaks. */
  wrap(text: string, size: number, width: number): readonly string[] {
    return text.split("\n").flatMap((paragraph) => this.#wrapParagraph(this.printable(paragraph).trim(), size, width));
  }

  #wrapParagraph(text: string, size: number, width: number): readonly string[] {
    const lines: string[] = [];
    let line = "";
    for (const word of text.split(" ").flatMap((whole) => this.#pieces(whole, size, width))) {
      const longer = line === "" ? word : `${line} ${word}`;
      if (line !== "" && this.width(longer, size) > width) {
        lines.push(line);
        line = word;
      } else {
        line = longer;
      }
    }
    return [...lines, line];
  }

  #pieces(word: string, size: number, width: number): readonly string[] {
    if (this.width(word, size) <= width) return [word];
    const pieces: string[] = [];
    let piece = "";
    for (const character of word) {
      if (piece !== "" && this.width(piece + character, size) > width) {
        pieces.push(piece);
        piece = "";
      }
      piece += character;
    }
    return [...pieces, piece];
  }
}

export interface Typefaces {
  readonly regular: Typeface;
  readonly bold: Typeface;
  /** What had to be shown by code point, as far as was asked for. */
  readonly replaced: ReadonlySet<string>;
}

export async function loadTypefaces(document: PDFDocument): Promise<Typefaces> {
  document.registerFontkit(fontkit);
  const replaced = new Set<string>();
  const load = async (file: string): Promise<Typeface> => {
    const bytes = await readFile(createRequire(import.meta.url).resolve(file));
    return new Typeface(await document.embedFont(bytes, { subset: true, features: { liga: false } }), replaced);
  };
  return { regular: await load(FILES.regular), bold: await load(FILES.bold), replaced };
}
