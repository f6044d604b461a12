import "reflect-metadata";
import { X509Certificate as NodeCertificate, webcrypto } from "node:crypto";
import { createSecureContext, type SecureContext } from "node:tls";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

const KEY_ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY_MS = 86_400_000;
const DAYS_VALID = 30;

/** A certificate authority for one run of the box. Its key never leaves the process. */
export class CertificateAuthority {
  /** What a client has to trust, as PEM. */
  readonly pem: string;
  readonly #certificate: X509Certificate;
  readonly #keys: webcrypto.CryptoKeyPair;
  /** One key serves every host: making keys is the slow part, and all hosts are this process. */
  readonly #hostKeys: webcrypto.CryptoKeyPair;
  readonly #hostKeyPem: string;
  readonly #contexts = new Map<string, Promise<SecureContext>>();

  private constructor(made: {
    certificate: X509Certificate;
    keys: webcrypto.CryptoKeyPair;
    hostKeys: webcrypto.CryptoKeyPair;
    hostKeyPem: string;
  }) {
    this.#certificate = made.certificate;
    this.#keys = made.keys;
    this.#hostKeys = made.hostKeys;
    this.#hostKeyPem = made.hostKeyPem;
    this.pem = pemOf(made.certificate);
  }

  static async create(): Promise<CertificateAuthority> {
    const [keys, hostKeys] = await Promise.all([generateKeys(), generateKeys()]);
    const certificate = await X509CertificateGenerator.createSelfSigned(
      {
        serialNumber: randomSerial(),
        name: "CN=MFA rollout sandbox CA",
        ...validity(),
        signingAlgorithm: KEY_ALGORITHM,
        keys,
        extensions: [
          new BasicConstraintsExtension(true, 0, true),
          new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        ],
      },
      webcrypto,
    );
    return new CertificateAuthority({ certificate, keys, hostKeys, hostKeyPem: await privateKeyPem(hostKeys) });
  }

  /** The TLS context of a host, made on first use. */
  contextFor(host: string): Promise<SecureContext> {
    const known = this.#contexts.get(host);
    if (known !== undefined) return known;
    const made = this.#makeContext(host);
    this.#contexts.set(host, made);
    return made;
  }

  async #makeContext(host: string): Promise<SecureContext> {
    const certificate = await X509CertificateGenerator.create(
      {
        serialNumber: randomSerial(),
        subject: `CN=${host}`,
        issuer: this.#certificate.subject,
        ...validity(),
        signingAlgorithm: KEY_ALGORITHM,
        publicKey: this.#hostKeys.publicKey,
        signingKey: this.#keys.privateKey,
        extensions: [
          new SubjectAlternativeNameExtension([{ type: "dns", value: host }]),
          new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        ],
      },
      webcrypto,
    );
    return createSecureContext({ key: this.#hostKeyPem, cert: pemOf(certificate) });
  }
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEY_ALGORITHM, true, ["sign", "verify"]);
}

async function privateKeyPem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
  return `-----BEGIN PRIVATE KEY-----\n${der.toString("base64")}\n-----END PRIVATE KEY-----\n`;
}

function pemOf(certificate: X509Certificate): string {
  return new NodeCertificate(Buffer.from(certificate.rawData)).toString();
}

/** TLS clients judge by real time, not by the world's. */
function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - DAY_MS), notAfter: new Date(now + DAYS_VALID * DAY_MS) };
}

/** A leading 01 keeps the number positive and its length fixed. */
function randomSerial(): string {
  return `01${Buffer.from(webcrypto.getRandomValues(new Uint8Array(15))).toString("hex")}`;
}
