import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigurationError, InputError, StateError } from "../errors.ts";

/** Public half as it stands in a customer's file. */
const PREFIX = "ed25519:";
/** A passphrase shorter than this is no protection for a key that can change sign-ins. */
const SHORTEST_PASSPHRASE = 12;

const NAME = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/i;

/**
 * Makes an approver's key pair. The private half goes into the approver's own directory, encrypted under the
 * passphrase (PKCS#8, AES-256), mode 0600; the server never sees it.
 * @returns the public half, for `approvers` in the customer's file.
 * @throws {InputError} a poor name or passphrase; {StateError} the approver has a key already.
 */
export async function createApproverKey(directory: string, name: string, passphrase: string): Promise<string> {
  if (!NAME.test(name)) {
    throw new InputError("An approver's name may hold letters, digits, dot, dash and underscore.", { nextStep: "Choose another name." });
  }
  if (passphrase.length < SHORTEST_PASSPHRASE) {
    throw new InputError(`The passphrase needs at least ${SHORTEST_PASSPHRASE} characters.`, { nextStep: "Choose a longer one." });
  }
  const pair = generateKeyPairSync("ed25519");
  const pem = pair.privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  try {
    const file = await open(keyFile(directory, name), "wx", 0o600);
    await file.writeFile(pem);
    await file.sync();
    await file.close();
  } catch (cause) {
    throw new StateError("This approver has a key already, or it cannot be written.", {
      nextStep: "Use the key there is, or remove it by hand when it is lost.",
      cause,
    });
  }
  return publicText(pair.publicKey);
}

/**
 * Opens an approver's private key.
 * @throws {ConfigurationError} there is none; {InputError} the passphrase does not open it.
 */
export async function openApproverKey(directory: string, name: string, passphrase: string): Promise<KeyObject> {
  const pem = NAME.test(name) ? await readFile(keyFile(directory, name), "utf8").catch(() => null) : null;
  if (pem === null) {
    throw new ConfigurationError("There is no key of that approver here.", {
      nextStep: "Make one with: mfa-rollout approver add NAME, and put its public half into the customer's file.",
    });
  }
  try {
    return createPrivateKey({ key: pem, format: "pem", passphrase });
  } catch (cause) {
    throw new InputError("The passphrase does not open this key.", { nextStep: "Try again.", cause });
  }
}

const keyFile = (directory: string, name: string): string => join(directory, `${name}.key.pem`);

function publicText(key: KeyObject): string {
  const { x } = key.export({ format: "jwk" });
  return `${PREFIX}${x ?? ""}`;
}

/** @throws {ConfigurationError} not `ed25519:<base64url>`. */
export function readPublicKey(text: string): KeyObject {
  try {
    if (!text.startsWith(PREFIX)) throw new RangeError("unknown kind of key");
    return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: text.slice(PREFIX.length) }, format: "jwk" });
  } catch (cause) {
    throw new ConfigurationError("An approver's public key in the customer's file is not of the form ed25519:….", {
      nextStep: "Copy it anew from: mfa-rollout approver add NAME.",
      cause,
    });
  }
}
