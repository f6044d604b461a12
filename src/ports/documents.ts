import type { ReportFacts } from "../domain/coverage/report-facts.ts";

/** A text rendered for a person, in both forms. */
export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Turns a procedure's Markdown and our facts into what people read. Values are outside text and are escaped. */
export interface Documents {
  /**
   * @param appendix - Markdown of ours that follows the text as it is; no values are filled in there.
   * @throws {ConfigurationError} the template names a value there is none for.
   */
  mail(template: string, values: Readonly<Record<string, string>>, appendix?: string): Promise<RenderedMail>;
  /** Plain text, for a ticket. */
  text(template: string, values: Readonly<Record<string, string>>): Promise<string>;
  /** HTML for a channel message. */
  message(template: string, values: Readonly<Record<string, string>>): Promise<string>;
  report(facts: ReportFacts): Promise<{ readonly pdf: Uint8Array; readonly text: string }>;
}
