import { constants, type KeyObject, verify, X509Certificate } from "node:crypto";
import type { Box, VendorResponse } from "../../core/vendor.ts";
import { loginError } from "./login-error.ts";

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

type Json = Readonly<Record<string, unknown>>;
interface Jwt {
  readonly header: Json;
  readonly claims: Json;
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/**
 * Judges what an app presents in place of a secret: a JWT signed with its certificate's key, or the token of a workload
 * that the app trusts. `null`: it is good. Times are the computer's, by which a client's library stamps them.
 *
 * @see learn.microsoft.com/entra/identity-platform/certificate-credentials
 * @see learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations
 */
export function judgeAssertion(box: Box, form: URLSearchParams): VendorResponse | null {
  const jwt = read(form.get("client_assertion") ?? "");
  if (form.get("client_assertion_type") !== ASSERTION_TYPE || jwt === null) {
    return loginError("invalid_client", 50027, "JWT token is invalid or malformed.");
  }
  const { exp } = jwt.claims;
  if (typeof exp !== "number" || exp * 1000 < Date.now()) {
    return loginError("invalid_client", 700024, "Client assertion is not within its valid time range.");
  }
  return jwt.claims.iss === box.secrets.entra.clientId ? judgeCertificate(box, jwt) : judgeWorkload(box, jwt);
}

/** Both the old and the current certificate are registered, as in the weeks of a change. */
function judgeCertificate({ secrets: { entra }, cloud }: Box, jwt: Jwt): VendorResponse | null {
  const { "x5t#S256": sha256, x5t: sha1 } = jwt.header;
  const known = [entra.certificatePem, entra.oldCertificatePem].map((pem) => new X509Certificate(pem));
  const certificate = known.find(
    (one) => sha256 === base64url(one.fingerprint256) || sha1 === base64url(one.fingerprint),
  );
  if (certificate === undefined || !isSignedBy(jwt, certificate.publicKey)) {
    return loginError("invalid_client", 700027, "The certificate with this identifier is not registered.");
  }
  const audience = String(jwt.claims.aud);
  return cloud.login.some((host) => audience.startsWith(`https://${host}/`))
    ? null
    : loginError("invalid_client", 700023, "Client assertion audience does not match the token endpoint.");
}

function judgeWorkload({ secrets: { entra }, cloud }: Box, jwt: Jwt): VendorResponse | null {
  const { issuer, subject } = entra.workload;
  if (jwt.claims.iss !== issuer || !isSignedBy(jwt, new X509Certificate(entra.certificatePem).publicKey)) {
    return loginError("invalid_client", 700211, "No matching federated identity record for the assertion's issuer.");
  }
  if (jwt.claims.sub !== subject) {
    return loginError("invalid_client", 700213, "No matching federated identity record for the assertion's subject.");
  }
  return jwt.claims.aud === cloud.tokenExchange
    ? null
    : loginError("invalid_client", 700212, "No matching federated identity record for the assertion's audience.");
}

function read(text: string): Jwt | null {
  const [header = "", claims = "", signature = ""] = text.split(".");
  try {
    return {
      header: JSON.parse(Buffer.from(header, "base64url").toString("utf8")),
      claims: JSON.parse(Buffer.from(claims, "base64url").toString("utf8")),
      signed: Buffer.from(`${header}.${claims}`),
      signature: Buffer.from(signature, "base64url"),
    };
  } catch {
    return null;
  }
}

function isSignedBy({ header, signed, signature }: Jwt, key: KeyObject): boolean {
  const options = header.alg === "PS256" ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : { key };
  return verify("sha256", signed, options, signature);
}

const base64url = (fingerprint: string): string =>
  Buffer.from(fingerprint.replaceAll(":", ""), "hex").toString("base64url");
