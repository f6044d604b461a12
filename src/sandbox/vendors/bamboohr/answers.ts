import type { VendorRequest, VendorResponse } from "../../core/vendor.ts";

/**
 * The classic endpoints put the reason into a header and leave the body empty. Both names are in use.
 *
 * @see BambooHR API documentation, "API details", section on errors
 */
export function headerError(status: number, message: string): VendorResponse {
  return {
    status,
    headers: {
      "content-type": "text/html; charset=UTF-8",
      "x-bamboohr-error-message": message,
      "x-bamboohr-message": message,
    },
    body: "",
  };
}

/** The dataset endpoints answer errors by RFC 7807. */
export function problem(
  status: number,
  error: { readonly code: string; readonly detail: string; readonly fields?: Readonly<Record<string, string>> },
): VendorResponse {
  return {
    status,
    headers: { "content-type": "application/problem+json" },
    body: { type: "about:blank", title: TITLES[status] ?? "Error", status, ...error },
  };
}

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  422: "Unprocessable Content",
  429: "Too Many Requests",
};

/** Without `Accept: application/json` BambooHR answers in XML. */
export function jsonOrXml(request: VendorRequest, json: unknown, xml: () => string): VendorResponse {
  if (/\bapplication\/json\b/i.test(request.headers.accept ?? "")) return { status: 200, body: json };
  return {
    status: 200,
    headers: { "content-type": "application/xml; charset=utf-8" },
    body: `<?xml version="1.0"?>\n${xml()}\n`,
  };
}

export function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
