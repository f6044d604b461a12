import { createPrivateKey, createSign, type KeyObject } from "node:crypto";
import { z } from "zod";
import { ConfigurationError } from "../../errors.ts";
import { VendorHttp } from "../http/vendor-http.ts";

const TOKEN_ORIGIN = "https://oauth2.googleapis.com";
const SCOPE = "https://www.googleapis.com/auth/bigquery";
const LIFETIME_SECONDS = 3_600;

const Token = z.object({ access_token: z.string().min(1) });

export interface ServiceAccount {
  readonly clientEmail: string;
  readonly privateKeyPem: string;
}

/**
 * Access tokens of a service account for BigQuery, each asked for with a signed assertion and kept until it is refused.
 *
 * @see https://developers.google.com/identity/protocols/oauth2/service-account
 */
export class GoogleTokens {
  readonly #clientEmail: string;
  readonly #key: KeyObject;
  readonly #http = new VendorHttp({ vendor: "Google", baseUrl: TOKEN_ORIGIN, headers: () => ({}) });
  #token: string | null = null;

  /** @throws {ConfigurationError} the private key is not a PEM key. */
  constructor({ clientEmail, privateKeyPem }: ServiceAccount) {
    this.#clientEmail = clientEmail;
    this.#key = readKey(privateKeyPem);
  }

  async token({ fresh, signal }: { readonly fresh: boolean; readonly signal: AbortSignal }): Promise<string> {
    if (this.#token !== null && !fresh) return this.#token;
    // Asking is repeatable: every answer is another good token.
    const { access_token } = await this.#http.query("/token", {
      schema: Token,
      permission: "the right to sign in",
      signal,
      form: { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: this.#assertion() },
    });
    this.#token = access_token;
    return access_token;
  }

  #assertion(): string {
    const now = Math.floor(Date.now() / 1_000);
    const claims = {
      iss: this.#clientEmail,
      scope: SCOPE,
      aud: `${TOKEN_ORIGIN}/token`,
      iat: now,
      exp: now + LIFETIME_SECONDS,
    };
    const signed = [{ alg: "RS256", typ: "JWT" }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".");
    return `${signed}.${createSign("RSA-SHA256").update(signed).sign(this.#key, "base64url")}`;
  }
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
