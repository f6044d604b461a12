import "reflect-metadata";
import { type KeyObject, X509Certificate as NodeCertificate, webcrypto } from "node:crypto";
import { X509CertificateGenerator } from "@peculiar/x509";

const RSA = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;

/** A self-signed certificate as an administrator makes one for an app registration, with its key, as one PEM text. */
export async function appCertificate(keys: {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly notBefore: string;
  readonly notAfter: string;
}): Promise<string> {
  const pair = {
    privateKey: keys.privateKey.toCryptoKey(RSA, true, ["sign"]),
    publicKey: keys.publicKey.toCryptoKey(RSA, true, ["verify"]),
  };
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: "CN=mfa-rollout",
      notBefore: new Date(keys.notBefore),
      notAfter: new Date(keys.notAfter),
      signingAlgorithm: RSA,
      keys: pair,
    },
    webcrypto,
  );
  const key = keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return `${new NodeCertificate(Buffer.from(certificate.rawData)).toString()}${key}`;
}
