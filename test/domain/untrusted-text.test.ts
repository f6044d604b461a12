import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unfenced, untrusted } from "../../src/kit/untrusted-text.ts";

/** Any text at all, lone surrogates included, rich in what matters here. */
const text = fc
  .array(
    fc.oneof(
      fc.nat(0xffff).map((code) => String.fromCharCode(code)),
      fc.nat(0x10ffff).map((code) => String.fromCodePoint(code)),
      fc.constantFrom(
        "‹",
        "›",
        "\n",
        "\r\n",
        "\t",
        " ",
        "\u200b",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\u{e0041}",
        "\ufe0f",
        "\u{e0101}",
        "ﬀ",
        "é",
      ),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(""));

const inside = (fenced: string): string => fenced.slice(1, -1);
const OPTIONS = { numRuns: 500, verbose: 1 } as const;

describe("untrusted", () => {
  it("stands between two marks, of which the text holds neither", () => {
    fc.assert(
      fc.property(text, (any) => {
        expect(untrusted(any)).toMatch(/^‹[^‹›]*›$/u);
      }),
      OPTIONS,
    );
  });

  it("is one line without anything that is not seen", () => {
    fc.assert(
      fc.property(text, (any) => {
        expect(inside(untrusted(any, 1_000))).not.toMatch(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{DI}\p{Zl}\p{Zp}]/u);
      }),
      OPTIONS,
    );
  });

  it.each([
    ["a line break", "\n"],
    ["a right-to-left override", "\u202e"],
    ["an isolate", "\u2066"],
    ["a zero-width space", "\u200b"],
    ["a zero-width joiner", "\u200d"],
    ["a byte order mark", "\ufeff"],
    ["an escape", "\u001b[2K"],
    ["a tag character", "\u{e0041}"],
    ["a variation selector", "\ufe0f"],
    ["a supplementary variation selector", "\u{e0101}"],
    ["a Hangul filler", "\u3164"],
    ["a private character", "\ue000"],
    ["half of a pair", "\ud800"],
  ])("loses %s", (_, mark) => {
    const left = inside(untrusted(`a${mark}b`));
    expect(["ab", "a b", "a[2Kb"]).toContain(left);
  });

  it("is no longer than told, and says where it was cut", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 30 }), (any, most) => {
        expect([...inside(untrusted(any, most))].length).toBeLessThanOrEqual(most);
      }),
      OPTIONS,
    );
    expect(untrusted("x".repeat(81))).toBe(`‹${"x".repeat(79)}…›`);
    expect(untrusted("x".repeat(80))).toBe(`‹${"x".repeat(80)}›`);
    expect(untrusted("😀😀😀", 2)).toBe("‹😀…›");
  });

  it.each(["Zoë O'Neil", "Łukasz, Nowak", "李小龍", "أحمد", "#it-support"])("leaves %s as it is", (name) => {
    expect(untrusted(name)).toBe(`‹${name}›`);
  });

  it("gives a name back when a model copies it with its marks", () => {
    expect(unfenced(untrusted("Finance"))).toBe("Finance");
    expect(unfenced("Finance")).toBe("Finance");
  });
});
