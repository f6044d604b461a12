import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  scryptSync,
} from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ConfigurationError, InputError, NotFoundError, StateError } from "../errors.ts";

/** Shorter passphrases fall to guessing once the file is stolen. */
const SHORTEST_PASSPHRASE = 12;

/** OWASP's least for scrypt (Password Storage Cheat Sheet): 128 MB and some tenths of a second a guess. */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 2 ** 20 };

/** An approver's key at rest: PKCS #8 under AES-256-CBC, whose password scrypt makes of the passphrase and the salt. */
const KeyFile = z.strictObject({
  version: z.literal(1),
  name: z.string().min(1),
  publicKey: z.string(),
  salt: z.base64url(),
  pkcs8: z.string(),
});

/**
 * Makes an approver's key in the approver's own directory, mode 0600.
 * @returns the public half, `ed25519:<base64url>`, for the customer's file.
 * @throws {InputError} the passphrase is too short; {StateError} there is a key of this name already.
 */
export async function createApproverKey(directory: string, name: string, passphrase: string): Promise<string> {
  if (passphrase.length < SHORTEST_PASSPHRASE) {
    throw new InputError(`The passphrase is shorter than ${SHORTEST_PASSPHRASE} characters.`, {
      nextStep: "Choose a longer one, such as five words that do not belong together.",
    });
  }
  const salt = randomBytes(16).toString("base64url");
  const pair = generateKeyPairSync("ed25519");
  const cipher = { cipher: "aes-256-cbc", passphrase: stretched(passphrase, salt) };
  const pkcs8 = pair.privateKey.export({ type: "pkcs8", format: "pem", ...cipher }).toString();
  const publicKey = `${PREFIX}${pair.publicKey.export({ format: "jwk" }).x ?? ""}`;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeNew(
    keyPath(directory, name),
    `${JSON.stringify({ version: 1, name, publicKey, salt, pkcs8 }, null, 2)}\n`,
  );
  return publicKey;
}

/** The private key, for signing. @throws {NotFoundError} no such key; {InputError} the passphrase does not open it. */
export async function openApproverKey(directory: string, name: string, passphrase: string): Promise<KeyObject> {
  const { salt, pkcs8 } = await readKeyFile(keyPath(directory, name));
  try {
    return createPrivateKey({ key: pkcs8, format: "pem", passphrase: stretched(passphrase, salt) });
  } catch (cause) {
    throw new InputError("The passphrase does not open this key.", {
      nextStep: "Try again with the right one.",
      cause,
    });
  }
}

const PREFIX = "ed25519:";

/** Takes `ed25519:<base64url>` or PEM. @throws {ConfigurationError} it is no Ed25519 public key. */
export function readPublicKey(text: string): KeyObject {
  try {
    const key = text.startsWith(PREFIX)
      ? createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: text.slice(PREFIX.length) }, format: "jwk" })
      : createPublicKey(text);
    if (key.asymmetricKeyType === "ed25519") return key;
    throw new TypeError("another kind of key");
  } catch (cause) {
    throw new ConfigurationError("An approver's public_key is no Ed25519 public key.", {
      nextStep: "Put the line that `mfa-rollout approver add` printed into the customer's file.",
      cause,
    });
  }
}

const stretched = (passphrase: string, salt: string): string =>
  scryptSync(passphrase.normalize("NFKC"), Buffer.from(salt, "base64url"), 32, SCRYPT).toString("base64url");

/** The name is encoded, so that no name points outside the directory. */
const keyPath = (directory: string, name: string): string =>
  join(directory, `${encodeURIComponent(name)}.approver.json`);

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: "wx", mode: 0o600, flush: true });
  } catch (cause) {
    if (codeOf(cause) !== "EEXIST") throw cause;
    throw new StateError("There is a key of this name already; it is not overwritten.", {
      nextStep: "Use another name, or move the old key away first.",
      cause,
    });
  }
}

async function readKeyFile(path: string): Promise<z.output<typeof KeyFile>> {
  try {
    return KeyFile.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") {
      throw new NotFoundError("There is no key of this name here.", {
        nextStep: "Make one with: mfa-rollout approver add NAME.",
        cause,
      });
    }
    throw new ConfigurationError("The approver's key file cannot be read.", {
      nextStep: "Restore it from a backup, or move it away and make a new key with: mfa-rollout approver add NAME.",
      cause,
    });
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : undefined);
