import { plainLine } from "../domain/model/plain-line.ts";
import { ConfigurationError } from "../errors.ts";
import { mailLayout } from "./mail-layout.ts";
import { readMarkdown, readTemplate, toHtml } from "./markdown.ts";
import { toPlainText } from "./plain-text.ts";
import { fillSealed, open } from "./template.ts";

/** A text of a procedure and what its variables stand for. The values are untrusted: they stay text whatever they hold. */
export interface TextToRender {
  readonly template: string;
  readonly values: Readonly<Record<string, string>>;
}

export interface RenderedMail {
  /** One line. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** The subject may stand in double quotes, which other programs that read front matter as YAML need. */
const FRONT_MATTER = /^---\r?\nsubject: *"?([^\n]*?)"? *\r?\n---\r?\n(.*)$/s;

/**
 * Renders a mail from Markdown that begins with `---`, `subject: …`, `---`. The same input gives the same bytes.
 *
 * @param mail.appendix - Finished Markdown put below the mail: verbatim in the text, as a table in the HTML.
 * @throws {ConfigurationError} a variable is not filled in, a link is neither https: nor mailto:, or no subject.
 */
export function renderMail({
  template,
  values,
  appendix,
}: TextToRender & { readonly appendix?: string }): RenderedMail {
  const [, subjectTemplate = "", body = ""] = FRONT_MATTER.exec(template) ?? [];
  const subject = plainLine(open(fillSealed(subjectTemplate, values)));
  if (subject === "") {
    throw new ConfigurationError("A mail of the procedure has no subject.", {
      nextStep: "Begin the file with three lines: ---, subject: and the text, ---.",
    });
  }
  const tokens = readTemplate(body, values);
  const below = appendix === undefined ? [] : readMarkdown(appendix);
  return {
    subject,
    text: toPlainText(tokens) + (appendix === undefined ? "" : `\n${appendix}`),
    html: mailLayout({ subject, tokens: [...tokens, ...below], maxWidth: below.length > 0 ? 960 : 600 }),
  };
}

/** Renders Markdown as a piece of HTML without styles, such as a channel message or a page. Throws as `renderMail`. */
export const renderMessage = ({ template, values }: TextToRender): string => toHtml(readTemplate(template, values));

/** Renders Markdown as plain text, such as the reply to a ticket. Throws as `renderMail`. */
export const renderText = ({ template, values }: TextToRender): string => toPlainText(readTemplate(template, values));
