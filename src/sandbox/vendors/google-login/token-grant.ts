import { verify } from "node:crypto";
import type { Box, VendorRequest, VendorResponse } from "../../core/vendor.ts";

/** A token is good for whatever API its scopes name. */
const AUDIENCE = "https://www.googleapis.com";
const TOKEN_URL = "https://oauth2.googleapis.com/token";
const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const LIFETIME_SECONDS = 3600;

/** What the administrator entered under domain-wide delegation for the service account: an exact list. */
const DELEGATED_SCOPES = [
  "https://www.googleapis.com/auth/gmail.compose",
  "https://www.googleapis.com/auth/gmail.readonly",
];

/** An OAuth error. @see RFC 6749, 5.2 */
export const refusal = (status: number, error: string, description: string): VendorResponse => ({
  status,
  body: { error, error_description: description },
});

/**
 * `POST /token` with a JWT assertion: a service account asks for a token in the name of `sub`.
 *
 * The assertion is signed by the caller's own clock, which need not show the world's time, so only the span between
 * `iat` and `exp` is judged.
 * @see https://developers.google.com/identity/protocols/oauth2/service-account
 */
export function grantToken(box: Box, request: VendorRequest): VendorResponse {
  const form = new URLSearchParams(request.body.toString("utf8"));
  if (form.get("grant_type") !== JWT_BEARER) return refusal(400, "unsupported_grant_type", "Invalid grant_type");

  const claims = readAssertion(form.get("assertion") ?? "", box.secrets.gmail.publicKeyPem);
  if (claims === "malformed") return refusal(400, "invalid_grant", "Bad Request");
  if (claims.iss !== box.secrets.gmail.clientEmail) {
    return refusal(400, "invalid_grant", "Invalid grant: account not found");
  }
  if (!claims.signed) return refusal(400, "invalid_grant", "Invalid JWT Signature.");
  if (claims.aud !== TOKEN_URL) return refusal(400, "invalid_grant", "Invalid JWT: Failed audience check.");
  if (!(claims.exp > claims.iat && claims.exp - claims.iat <= LIFETIME_SECONDS)) {
    return refusal(400, "invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes).");
  }
  return answerScopes(box, claims);
}

function answerScopes(box: Box, claims: Claims): VendorResponse {
  const scopes = claims.scope.split(" ").filter((scope) => scope !== "");
  if (scopes.length === 0) return refusal(400, "invalid_scope", "Invalid OAuth scope or ID token audience provided.");
  if (claims.sub !== null && scopes.some((scope) => !DELEGATED_SCOPES.includes(scope))) {
    return refusal(
      401,
      "unauthorized_client",
      "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.",
    );
  }
  if (claims.sub !== null && claims.sub.toLowerCase() !== box.secrets.gmail.sender.toLowerCase()) {
    return refusal(400, "invalid_grant", "Invalid email or User ID");
  }
  const token = box.tokens.issue({
    audience: AUDIENCE,
    subject: claims.sub === null ? claims.iss : box.secrets.gmail.sender,
    scopes,
    delegated: claims.sub !== null,
    expiresAt: box.world.now() + LIFETIME_SECONDS * 1000,
  });
  return { status: 200, body: { access_token: token, expires_in: LIFETIME_SECONDS - 1, token_type: "Bearer" } };
}

interface Claims {
  readonly iss: string;
  readonly sub: string | null;
  readonly scope: string;
  readonly aud: string;
  readonly iat: number;
  readonly exp: number;
  readonly signed: boolean;
}

function readAssertion(assertion: string, publicKeyPem: string): Claims | "malformed" {
  const [head, body, signature, ...more] = assertion.split(".");
  if (head === undefined || body === undefined || signature === undefined || more.length > 0) return "malformed";
  const header = decodeJson(head);
  const claims = decodeJson(body);
  if (header === null || claims === null || header.alg !== "RS256") return "malformed";
  const sub = text(claims.sub);
  return {
    iss: text(claims.iss),
    sub: sub === "" ? null : sub,
    scope: text(claims.scope),
    aud: text(claims.aud),
    iat: Number(claims.iat),
    exp: Number(claims.exp),
    signed: verify("RSA-SHA256", Buffer.from(`${head}.${body}`), publicKeyPem, Buffer.from(signature, "base64url")),
  };
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

function decodeJson(segment: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(segment, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}
