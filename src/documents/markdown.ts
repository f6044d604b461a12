import MarkdownIt, { type Token } from "markdown-it";
import { ConfigurationError } from "../errors.ts";
import { fillSealed, open, openWhole } from "./template.ts";

/** No raw HTML, no images: nothing in a mail is fetched from anywhere. Addresses in the text do not become links. */
const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false }).disable("image");

/**
 * Reads a Markdown template into tokens whose values are filled in. The structure is fixed before a value is opened, so
 * that no value can add a heading, a link or a line.
 *
 * @throws {ConfigurationError} the template is wrong, or a link is not `https:` or `mailto:`.
 */
export function readTemplate(template: string, values: Readonly<Record<string, string>>): Token[] {
  return openTokens(markdown.parse(fillSealed(template, values), {}));
}

/** Reads finished Markdown without variables, such as the exceptions table. */
export const readMarkdown = (text: string): Token[] => markdown.parse(text, {});

/** HTML of the tokens; every text and attribute is escaped. */
export const toHtml = (tokens: Token[]): string => markdown.renderer.render(tokens, markdown.options, {});

function openTokens(tokens: Token[]): Token[] {
  for (const token of tokens) {
    token.content = open(token.content);
    for (const attribute of token.attrs ?? []) {
      attribute[1] = attribute[0] === "href" ? openLink(String(attribute[1])) : open(String(attribute[1]));
    }
    openTokens(token.children ?? []);
  }
  return tokens;
}

/** A link that is one value is that address; a value inside a longer link is a part of it and cannot extend it. */
function openLink(href: string): string {
  const whole = openWhole(href);
  const link = whole ?? open(href, (value) => encodeURIComponent(value).replaceAll("%40", "@"));
  const url = URL.parse(link);
  if (url?.protocol === "https:" || (url?.protocol === "mailto:" && whole === null)) return url.href;
  throw new ConfigurationError("A link in a text of the procedure leads to no https: or mailto: address.", {
    nextStep: "Check the links in the procedure's texts, and guide_url and faq_url in the customer's configuration.",
  });
}
