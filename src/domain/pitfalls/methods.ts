import type { User } from "../model/people.ts";

/** Methods that resist phishing and need no phone. */
const STRONG: ReadonlySet<string> = new Set([
  "fido2",
  "fido2SecurityKey",
  "passKeyDeviceBound",
  "passKeyDeviceBoundAuthenticator",
  "passKeyDeviceBoundWindowsHello",
  "windowsHelloForBusiness",
]);
/** Registered, but no second factor: they reset a password or begin a registration. */
const NO_SECOND_FACTOR: ReadonlySet<string> = new Set(["email", "securityQuestion", "temporaryAccessPass"]);

export const hasStrongMethod = ({ registration }: User): boolean =>
  registration?.methods.some((method) => STRONG.has(method)) === true;

/** How many ways the account has to answer a prompt, as the report tells. */
export const secondFactors = ({ registration }: User): number =>
  registration?.methods.filter((method) => !NO_SECOND_FACTOR.has(method)).length ?? 0;

/** Everybody whom enforcement concerns. */
export const inScope = ({ byPhase }: { readonly byPhase: ReadonlyMap<unknown, readonly User[]> }): readonly User[] =>
  [...byPhase.values()].flat();

export const objectIdsOf = (users: readonly User[]) => users.flatMap(({ account }) => account?.objectId ?? []);
