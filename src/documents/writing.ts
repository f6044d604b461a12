import type { Documents } from "../ports/documents.ts";
import { renderMail, renderMessage, renderText } from "./mail-text.ts";

/** The documents as tools ask for them. The PDF library is loaded when the first report is written. */
export const writing: Documents = {
  mail: async (template, values, appendix) => renderMail({ template, values, ...(appendix !== undefined && { appendix }) }),
  text: async (template, values) => renderText({ template, values }),
  message: async (template, values) => renderMessage({ template, values }),
  async report(facts) {
    const { renderReport } = await import("./report-pdf.ts");
    return renderReport(facts);
  },
};
