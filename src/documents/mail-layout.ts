import type { Token } from "markdown-it";
import { toHtml } from "./markdown.ts";

const ACCENT = "#1d4ed8";
const RULE = "1px solid #8a8f98";

/**
 * Inline styles by element, because mail programs drop style sheets. Text and background have no colour of their own,
 * so that a dark theme keeps its own; the few colours there are read on both.
 */
const STYLES: Readonly<Record<string, string>> = {
  p: "margin:0 0 16px",
  h1: "margin:0 0 16px;font-size:22px;line-height:1.3",
  h2: "margin:28px 0 8px;font-size:17px;line-height:1.3",
  h3: "margin:20px 0 8px;font-size:16px;line-height:1.3",
  ul: "margin:0 0 16px;padding-left:24px",
  ol: "margin:0 0 16px;padding-left:24px",
  li: "margin:0 0 8px",
  a: "color:#3b82f6;text-decoration:underline",
  blockquote: `margin:0 0 16px;padding:0 0 0 16px;border-left:3px solid ${ACCENT}`,
  hr: `margin:24px 0;border:0;border-top:${RULE}`,
  table: "margin:0 0 16px;border-collapse:collapse;font-size:13px;line-height:1.4",
  th: `padding:6px 8px;border-bottom:${RULE};text-align:left;vertical-align:top`,
  td: `padding:6px 8px;border-bottom:${RULE};vertical-align:top;overflow-wrap:anywhere;min-width:60px`,
};

const BUTTON =
  `display:inline-block;padding:12px 20px;border-radius:6px;background:${ACCENT};color:#ffffff;` +
  "font-weight:600;text-decoration:none";

/**
 * A whole HTML mail: one column, readable on a telephone, in dark themes too, with nothing fetched from outside. A
 * paragraph that is only a link becomes a button.
 *
 * @param mail.maxWidth - Of the column, in pixels; a narrower window narrows it.
 */
export function mailLayout(mail: { subject: string; tokens: Token[]; maxWidth: number }): string {
  const { subject, tokens, maxWidth } = mail;
  for (const token of tokens) {
    style(token);
    const children = token.children ?? [];
    for (const child of children) style(child);
    const [link, , end] = children;
    if (children.length === 3 && link?.type === "link_open" && end?.type === "link_close")
      link.attrSet("style", BUTTON);
  }
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title>
</head>
<body style="margin:0;padding:0">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="border:0">
<tr><td align="center" style="padding:24px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:${maxWidth}px;border:0">
<tr><td align="left" style="font-family:system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5">
${toHtml(tokens)}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}

function style(token: Token): void {
  const own = STYLES[token.tag];
  if (own === undefined || token.nesting < 0) return;
  // markdown-it aligns cells by a style of its own.
  const given = token.attrGet("style");
  token.attrSet("style", given === null ? own : `${own};${given}`);
}

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[char] ?? "&quot;");
