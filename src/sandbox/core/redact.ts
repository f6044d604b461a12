const REMOVED = "[removed]";
const SECRET_HEADERS = new Set([
  "authorization",
  "proxy-authorization",
  "cookie",
  "set-cookie",
  "x-api-key",
  "x-goog-api-key",
  "clientid",
]);
const TOKENS_AND_SECRETS =
  "access_token|refresh_token|id_token|client_secret|client_assertion|assertion|password|device_code|temporaryAccessPass";
const JSON_FIELD = new RegExp(String.raw`"(${TOKENS_AND_SECRETS})"(\s*:\s*)"(?:[^"\\]|\\.)*"`, "g");
const FORM_FIELD = new RegExp(`(^|&)(${TOKENS_AND_SECRETS}|api_key|key|code)=[^&]*`, "g");

/** Headers with every credential replaced; that one was sent stays visible. */
export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, SECRET_HEADERS.has(name.toLowerCase()) ? REMOVED : value]),
  );
}

/** A JSON, form or other text body with every credential's value replaced. */
export function redactBody(text: string, contentType: string): string {
  return contentType.includes("x-www-form-urlencoded")
    ? text.replaceAll(FORM_FIELD, `$1$2=${REMOVED}`)
    : text.replaceAll(JSON_FIELD, `"$1"$2"${REMOVED}"`);
}

/** An address with every credential in its query replaced. */
export function redactUrl(url: URL): string {
  const query = url.search.slice(1).replaceAll(FORM_FIELD, `$1$2=${REMOVED}`);
  return `${url.origin}${url.pathname}${query === "" ? "" : `?${query}`}`;
}
