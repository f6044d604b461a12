import type { Token } from "markdown-it";

interface Node {
  readonly token: Token;
  readonly children: Node[];
}

/**
 * Writes Markdown tokens as text for reading: one line a paragraph, list marks, and after a link its address. It comes
 * from the structure and is not stripped from HTML, so nothing is lost on the way.
 */
export const toPlainText = (tokens: readonly Token[]): string => `${treeOf(tokens).map(block).join("\n\n")}\n`;

function treeOf(tokens: readonly Token[]): Node[] {
  const root: Node[] = [];
  const open: Node[][] = [root];
  for (const token of tokens) {
    if (token.nesting < 0) open.pop();
    else {
      const node: Node = { token, children: [] };
      open.at(-1)?.push(node);
      if (token.nesting > 0) open.push(node.children);
    }
  }
  return root;
}

function block({ token, children }: Node): string {
  switch (token.type) {
    case "inline":
      return inline(token.children ?? []);
    case "bullet_list_open":
      return list(children, () => "- ");
    case "ordered_list_open":
      return list(children, (index) => `${Number(token.attrGet("start") ?? 1) + index}. `);
    case "tr_open":
      return children.map(block).join(" | ");
    case "table_open":
    case "thead_open":
    case "tbody_open":
      return children.map(block).join("\n");
    case "code_block":
    case "fence":
      return token.content.trimEnd();
    case "hr":
      return "-".repeat(20);
    default:
      return children.map(block).join("\n\n");
  }
}

function list(items: readonly Node[], mark: (index: number) => string): string {
  const isTight = items.every((item) => item.children.every(({ token }) => token.hidden || token.tag !== "p"));
  const gap = isTight ? "\n" : "\n\n";
  return items.map((item, index) => hang(mark(index), item.children.map(block).join(gap))).join(gap);
}

const hang = (mark: string, text: string): string => mark + text.replaceAll("\n", `\n${" ".repeat(mark.length)}`);

function inline(tokens: readonly Token[]): string {
  let text = "";
  let link = { href: "", from: 0 };
  for (const token of tokens) {
    if (token.type === "softbreak") text += " ";
    else if (token.type === "hardbreak") text += "\n";
    else if (token.type === "link_open") link = { href: String(token.attrGet("href") ?? ""), from: text.length };
    else if (token.type === "link_close") text += addressAfter(text.slice(link.from), link.href);
    else text += token.content;
  }
  return text;
}

/** The address of a link, unless its text shows it already. */
function addressAfter(label: string, href: string): string {
  const address = href.replace(/^mailto:/, "");
  return label === address || `${label}/` === address ? "" : ` (${address})`;
}
