import type { Documents } from "../ports/documents.ts";

/** The documents as tools ask for them. Libraries for mail and PDF are loaded when the first one is written. */
export const writing: Documents = {
  async mail(template, values, appendix) {
    const { renderMail } = await import("./mail-text.ts");
    return renderMail({ template, values, ...(appendix !== undefined && { appendix }) });
  },
  async text(template, values) {
    const { renderText } = await import("./mail-text.ts");
    return renderText({ template, values });
  },
  async message(template, values) {
    const { renderMessage } = await import("./mail-text.ts");
    return renderMessage({ template, values });
  },
  async report(facts) {
    const { renderReport } = await import("./report-pdf.ts");
    return renderReport(facts);
  },
};
