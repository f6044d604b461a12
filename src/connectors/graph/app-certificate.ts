import { createPrivateKey, X509Certificate } from "node:crypto";
import { type Instant, instant } from "../../domain/model/time.ts";
import { ConfigurationError } from "../../errors.ts";

/**
 * When the certificate of the app ends. Only Entra ID judges whether it is the app's; here it must be a certificate whose
 * own private key stands beside it, because Microsoft's library tells of anything else as of a failed sign-in.
 *
 * @throws {ConfigurationError} the text is not that.
 */
export function certificateEnd(pem: string): Instant {
  try {
    const certificate = new X509Certificate(pem);
    if (certificate.checkPrivateKey(createPrivateKey(pem))) return instant(Date.parse(certificate.validTo));
  } catch (cause) {
    throw unusable(cause);
  }
  throw unusable();
}

const unusable = (cause?: unknown): ConfigurationError =>
  new ConfigurationError("The certificate for Microsoft Entra ID cannot be used: it or its private key is missing.", {
    nextStep:
      "Put the PEM text of the certificate and of its private key, not encrypted, one after the other where tenant.certificate points.",
    cause,
  });
