import { createHash } from "node:crypto";

/** What an access token of the box says. */
export interface Token {
  /** Resource host the token is for, e.g. `https://graph.microsoft.com`. */
  readonly audience: string;
  /** Client id of an app, or the address of a person. */
  readonly subject: string;
  /** App roles or delegated scopes. */
  readonly scopes: readonly string[];
  readonly delegated: boolean;
  /** World time in ms. */
  readonly expiresAt: number;
}

/** The tokens that every authorization server of the box has issued. */
export class Tokens {
  /** Application permissions that an administrator has consented to, by audience; each resource tells its own. */
  readonly consents = new Map<string, readonly string[]>();
  readonly #issued = new Map<string, Token>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @param claims - What a JWT says to whoever looks into it; left out, the token is opaque. */
  issue(token: Token, claims?: Readonly<Record<string, unknown>>): string {
    const hash = createHash("sha256")
      .update(`${JSON.stringify(token)}#${this.#issued.size}`)
      .digest("base64url");
    const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString("base64url");
    const text = claims === undefined ? hash : `${encode({ typ: "JWT", alg: "RS256" })}.${encode(claims)}.${hash}`;
    this.#issued.set(text, token);
    return text;
  }

  /** The token behind `Authorization: Bearer …`, or why there is none. */
  check(authorization: string | undefined, audience: string): Token | "missing" | "unknown" | "expired" {
    const text = authorization?.match(/^Bearer (.+)$/i)?.[1];
    if (text === undefined) return "missing";
    const token = this.#issued.get(text);
    if (token === undefined || token.audience !== audience) return "unknown";
    return token.expiresAt <= this.#now() ? "expired" : token;
  }

  /** Revokes every token issued so far, as an administrator can: the next call with any of them gets a 401. */
  revokeAll(): void {
    this.#issued.clear();
  }
}
