import { plainLine } from "../domain/model/plain-line.ts";
import type { Block, Table } from "./report-blocks.ts";

/** The report as Markdown that shows the same everywhere: whatever came from outside cannot become markup. */
export const reportMarkdown = (blocks: readonly Block[]): string => `${blocks.map(markdownOf).join("\n\n")}\n`;

function markdownOf(block: Block): string {
  switch (block.kind) {
    case "title":
      return [`# ${plain(block.text)}: ${plain(block.eyebrow)}`, ...block.lines.map(plain)].join("\n\n");
    case "heading":
      return `## ${plain(block.text)}`;
    case "lead":
      return `**${plain(block.text)}**`;
    case "paragraph":
      return plain(block.text);
    case "answers":
      return block.rows.map(({ figure, text }) => `- **${plain(figure)}** ${plain(text)}`).join("\n");
    case "bars":
      return block.rows.map(({ label, note }) => `- ${plain(label)}: ${plain(note)}`).join("\n");
    case "table":
      return tableOf(block);
  }
}

function tableOf({ columns, rows, empty }: Table): string {
  if (rows.length === 0) return plain(empty);
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(columns.map(({ title }) => plain(title))),
    line(columns.map(({ align }) => (align === "right" ? "---:" : "---"))),
    ...rows.map((cells) => line(cells.map(plain))),
  ].join("\n");
}

/**
 * Neutralises what Markdown or HTML would read as markup, and characters that would reorder or hide text. An underscore
 * within a word is no markup, and stays so that text to search for can be copied.
 */
const plain = (text: string): string =>
  plainLine(text.normalize("NFC").replace(/\s*\n\s*/g, ", ")).replace(
    /[\\`*[\]<>|#~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu,
    "\\$&",
  );
