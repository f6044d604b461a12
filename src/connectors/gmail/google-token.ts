import { auth } from "@googleapis/gmail";
import type { VendorErrors } from "../http/vendor-errors.ts";

/** Drafts and sends; reads no mail. */
export const COMPOSE_SCOPE = "https://www.googleapis.com/auth/gmail.compose";

export type JwtClient = InstanceType<typeof auth.JWT>;

export interface ServiceAccount {
  readonly clientEmail: string;
  readonly privateKeyPem: string;
  /** The mailbox in whose name it acts, through domain-wide delegation. */
  readonly subject: string;
}

/** A client without a token yet; it fetches one when asked and renews it before it expires. */
export function newJwtClient({ clientEmail, privateKeyPem, subject }: ServiceAccount, timeoutMs: number): JwtClient {
  return new auth.JWT({
    email: clientEmail,
    key: privateKeyPem,
    scopes: [COMPOSE_SCOPE],
    subject,
    // The library's own fetch opens a connection for each request.
    transporterOptions: { timeout: timeoutMs, fetchImplementation: fetch },
  });
}

/**
 * Makes sure that the client holds a token. Asking is repeatable, and the library tries again by itself on 429, 5xx
 * and lost answers. `false`: Google answered something that is no token, e.g. a login page.
 *
 * @throws ConnectorAuthenticationError, ConnectorPermissionError (delegation missing), ConnectorThrottledError,
 * ConnectorUnavailableError.
 */
export async function ensureToken(client: JwtClient, errors: VendorErrors): Promise<boolean> {
  try {
    const { token } = await client.getAccessToken();
    return typeof token === "string" && token !== "";
  } catch (error) {
    // An error that carries no request is the library's own complaint that the answer held no token.
    if (property(error, "config") === undefined) return false;
    throw tokenError(error, errors);
  }
}

function tokenError(error: unknown, errors: VendorErrors): Error {
  const response = property(error, "response");
  const status = property(response, "status");
  if (typeof status !== "number") return errors.unavailable({ call: "token" });
  const code = property(property(response, "data"), "error");
  // The administrator's list of scopes must hold exactly this one for the service account.
  if (code === "unauthorized_client") {
    return errors.permission(`domain-wide delegation of ${COMPOSE_SCOPE}`, { call: "token", status });
  }
  if (status === 429) return errors.throttled(60);
  if (status >= 500 || status === 408) return errors.unavailable({ call: "token", status });
  return errors.authentication({ call: "token", status });
}

function property(value: unknown, name: string): unknown {
  // Any object may be read by name; what is read is checked where it is used.
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
