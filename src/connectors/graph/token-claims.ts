import { z } from "zod";
import { type Instant, instant } from "../../domain/model/time.ts";

const Claims = z.object({
  exp: z.number().positive(),
  oid: z.string().optional(),
  roles: z.array(z.string()).default([]),
});

/** What an app's own access token says of it. */
export interface TokenClaims {
  readonly endsAt: Instant;
  /** Object id of the app's service principal in the tenant. */
  readonly servicePrincipal: string | null;
  /** Application permissions that were consented to. */
  readonly roles: readonly string[];
}

/**
 * Reads a token without judging it, to tell a person about it; nothing is ever allowed because of it. Microsoft promises
 * its form only to the API that it is for, so `null`, "cannot be read", is an answer.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/access-tokens
 */
export function tokenClaims(token: string): TokenClaims | null {
  const claims = Claims.safeParse(decoded(token.split(".")[1] ?? ""));
  if (!claims.success) return null;
  const { exp, oid = null, roles } = claims.data;
  return { endsAt: instant(exp * 1_000), servicePrincipal: oid, roles };
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  } catch {
    return null;
  }
}
