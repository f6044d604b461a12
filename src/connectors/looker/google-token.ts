import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { ConfigurationError } from "../../errors.ts";
import { keptToken } from "../http/kept-token.ts";

const ORIGIN = "https://oauth2.googleapis.com";
const SCOPE = "https://www.googleapis.com/auth/bigquery";
const LIFETIME_SECONDS = 3_600;

export interface ServiceAccount {
  readonly clientEmail: string;
  readonly privateKeyPem: string;
}

interface Patience {
  /** Longest wait for one answer; `ANSWER_MS` unless told. */
  readonly timeoutMs?: number;
}

/**
 * Gives the function that gets a service account's token for BigQuery, for an assertion that it signs.
 *
 * @throws {ConfigurationError} the private key is not a PEM key.
 * @see https://developers.google.com/identity/protocols/oauth2/service-account
 */
export function googleToken({ clientEmail, privateKeyPem }: ServiceAccount, patience: Patience = {}) {
  const key = readKey(privateKeyPem);
  return keptToken({
    vendor: "Google",
    baseUrl: ORIGIN,
    path: "/token",
    form: () => ({
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      assertion: assertion(clientEmail, key),
    }),
    ...patience,
  });
}

function assertion(issuer: string, key: KeyObject): string {
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: issuer, scope: SCOPE, aud: `${ORIGIN}/token`, iat: now, exp: now + LIFETIME_SECONDS };
  const signed = [{ alg: "RS256", typ: "JWT" }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), key).toString("base64url")}`;
}

function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new ConfigurationError("The private key of the BigQuery service account cannot be read.", {
      nextStep:
        "Put the `private_key` of the service account's JSON key file, a PEM text, where the configuration points.",
      cause,
    });
  }
}
