import { PDFDocument } from "pdf-lib";
import { expect, it } from "vitest";
import { loadTypefaces } from "../../src/documents/pdf/typeface.ts";

it("every character that a typeface has can be drawn, alone and among others", async () => {
  const { regular, bold } = await loadTypefaces(await PDFDocument.create());
  for (const typeface of [regular, bold]) {
    const points = typeface.font.getCharacterSet();
    expect(points.length).toBeGreaterThan(5_000);
    for (const point of points) {
      const character = String.fromCodePoint(point);
      for (const text of [character, `a${character}`, `${character}${character}`]) {
        const shown = typeface.printable(text);
        expect(typeface.font.widthOfTextAtSize(shown, 10), point.toString(16)).toBeGreaterThanOrEqual(0);
      }
    }
  }
});
