import type { Luck } from "../../src/sandbox/world/luck.ts";
import { emptyAccount } from "../../src/sandbox/world/person.ts";
import type { Account } from "../../src/sandbox/world/world.ts";

export const ROLES = {
  globalAdministrator: "62e90394-69f5-4237-9190-012177145e10",
  userAdministrator: "fe930be7-5e62-47db-91af-98c3a49a38b1",
  directorySync: "d29b2b05-8046-44ba-8758-1e26182fcf32",
  onPremisesSync: "a92aed5d-d78a-4d16-b381-09adb37eb3b0",
} as const;

/** Every state of registration: none, no second factor, not allowed here, ordinary, strong. */
const METHODS: readonly [readonly string[], ...(readonly string[])[]] = [
  [],
  ["email"],
  ["temporaryAccessPass"],
  ["officePhone"],
  ["hardwareOneTimePasscode", "email"],
  ["mobilePhone"],
  ["microsoftAuthenticatorPush", "softwareOneTimePasscode"],
  ["microsoftAuthenticatorPush"],
  ["microsoftAuthenticatorPasswordless"],
  ["windowsHelloForBusiness"],
  ["fido2"],
];

/** Accounts of every kind: members, guests of each kind, administrators, synchronisation, disabled ones. */
export function randomPeople(luck: Luck, startsAt: string): readonly Account[] {
  const count = luck.between(8, 28, "accounts");
  return Array.from({ length: count }, (_, n) => randomAccount(luck, n, startsAt));
}

function randomAccount(luck: Luck, n: number, startsAt: string): Account {
  const key = `account ${n}`;
  const kind = luck.chance(`${key} kind`);
  const invited = kind < 0.12;
  const name = invited ? `person${n}_elsewhere.example#EXT#` : `person${n}`;
  const methods = [...luck.pick(METHODS, `${key} methods`)];
  return {
    ...emptyAccount(luck.guid(key), `Person ${n}`, `${name}@random.onmicrosoft.com`, startsAt),
    accountEnabled: luck.chance(`${key} enabled`) > 0.05,
    userType: kind < 0.08 || (kind >= 0.12 && kind < 0.15) ? "Guest" : "Member",
    department: luck.pick(["IT", "Sales", "Plant"], `${key} department`),
    roles: randomRoles(luck, key),
    methodsRegistered: methods,
    reported: { methodsRegistered: methods, at: startsAt },
  };
}

function randomRoles(luck: Luck, key: string): string[] {
  const drawn = luck.chance(`${key} role`);
  if (drawn < 0.08) return [ROLES.globalAdministrator];
  if (drawn < 0.14) return [ROLES.userAdministrator];
  if (drawn < 0.18) return [ROLES.directorySync];
  return drawn < 0.2 ? [ROLES.onPremisesSync] : [];
}
