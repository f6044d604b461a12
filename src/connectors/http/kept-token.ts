import { z } from "zod";
import { ConnectorContractError } from "../../errors.ts";
import { VendorHttp } from "./vendor-http.ts";

/** An endpoint that gives tokens for a form (RFC 6749, 4.4 and 6, and what is made like it). */
export interface TokenEndpoint {
  readonly vendor: string;
  readonly baseUrl: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form: () => Readonly<Record<string, string>>;
  /** Status, besides 401, with which it refuses a credential. 400 unless told (RFC 6749, 5.2). */
  readonly refusedBy?: number;
  /** Longest wait for one answer; `ANSWER_MS` unless told. */
  readonly timeoutMs?: number;
}

const Token = z.object({ access_token: z.string().min(1) });

/**
 * Gives the function that gets a token when VendorHttp asks for a credential. The token is kept until the vendor refuses
 * it, which is how an expired one shows; asking is repeatable, since every answer is another good token.
 */
export function keptToken(endpoint: TokenEndpoint) {
  const { vendor, baseUrl, path, headers = {}, form, refusedBy = 400, timeoutMs } = endpoint;
  const http = new VendorHttp({
    vendor,
    baseUrl,
    headers: () => headers,
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  let token: string | null = null;
  return async ({ fresh, signal }: { readonly fresh: boolean; readonly signal: AbortSignal }): Promise<string> => {
    if (token !== null && !fresh) return token;
    try {
      const granted = await http.query(path, { schema: Token, signal, form: form() });
      token = granted.access_token;
      return token;
    } catch (error) {
      const refused = error instanceof ConnectorContractError && error.details.status === refusedBy;
      throw refused ? http.errors.authentication({ status: refusedBy }) : error;
    }
  };
}
