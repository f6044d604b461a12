import type { Luck } from "../../src/sandbox/world/luck.ts";
import type { Account, Device, SignInAttempt } from "../../src/sandbox/world/world.ts";

/** Something a person or device does again and again, always from the same place with the same client. */
export type Habit = Omit<SignInAttempt, "at">;

type App = readonly [id: string, name: string, resource: string];

export const APPS: readonly [App, ...App[]] = [
  ["00000002-0000-0ff1-ce00-000000000000", "Office 365 Exchange Online", "Office 365 Exchange Online"],
  ["00000003-0000-0ff1-ce00-000000000000", "Office 365 SharePoint Online", "Office 365 SharePoint Online"],
  ["c44b4083-3bb0-49c1-b47d-974e53cbdf3c", "Azure Portal", "Windows Azure Service Management API"],
  ["00000006-0000-0ff1-ce00-000000000000", "Microsoft 365 admin center", "Windows Azure Active Directory"],
  ["8e6c3f52-7d0b-4a3e-9c11-5b2f4de07a96", "Stock Importer", "Microsoft Graph"],
  ["5d0a7c1e-33f1-4a77-8a52-0b6ed41f9a10", "Payroll", "Payroll"],
];

/** Inside and outside of the places that random tenants name. */
const ADDRESSES = ["203.0.113.24", "203.0.113.200", "198.51.100.7", "2001:db8:1::7", "2001:db8:2::7"] as const;
const COUNTRIES = ["US", "DE", "BR"] as const;
const SYSTEMS = ["Windows10", "Ios 18.1", "Android 15", "MacOs", "Linux", ""] as const;
const JOINS = ["", "Azure AD joined", "Hybrid Azure AD joined"] as const;

const LEGACY = [
  "Authenticated SMTP",
  "IMAP4",
  "POP3",
  "Exchange ActiveSync",
  "Exchange Web Services",
  "Other clients",
] as const;

/** What an account does: nothing at all now and then, mostly one to four things. */
export function randomHabits(luck: Luck, account: Account): readonly Habit[] {
  if (!account.accountEnabled) return [];
  const count = luck.chance(`${account.id} silent`) < 0.12 ? 0 : luck.between(1, 4, `${account.id} habits`);
  return Array.from({ length: count }, (_, n) => randomHabit(luck, account, `${account.id} habit ${n}`));
}

function randomHabit(luck: Luck, account: Account, key: string): Habit {
  const [appId, appDisplayName, resourceDisplayName] = luck.pick(APPS, `${key} app`);
  return {
    accountId: account.id,
    appId,
    appDisplayName,
    resourceDisplayName,
    ipAddress: luck.pick(ADDRESSES, `${key} address`),
    countryOrRegion: luck.pick(COUNTRIES, `${key} country`),
    userAgent: "",
    ...randomClient(luck, key),
  };
}

function randomClient(
  luck: Luck,
  key: string,
): Pick<Habit, "clientAppUsed" | "authenticationProtocol" | "interactive" | "device"> {
  const drawn = luck.chance(`${key} client`);
  const modern = "Mobile Apps and Desktop clients";
  // A device that is signed in with a code proves nothing about itself, so the tenant knows none.
  if (drawn < 0.06) return { clientAppUsed: modern, authenticationProtocol: "deviceCode", interactive: false };
  if (drawn < 0.1) return { clientAppUsed: modern, authenticationProtocol: "deviceCode", interactive: true };
  const device = randomDevice(luck, key);
  if (drawn < 0.17) return { clientAppUsed: modern, authenticationProtocol: "ropc", interactive: false, device };
  if (drawn < 0.27) {
    const clientAppUsed = luck.pick(LEGACY, `${key} legacy`);
    return {
      clientAppUsed,
      authenticationProtocol: "none",
      interactive: luck.chance(`${key} interactive`) < 0.5,
      device,
    };
  }
  if (drawn < 0.5) return { clientAppUsed: modern, authenticationProtocol: "oAuth2", interactive: false, device };
  const clientAppUsed = drawn < 0.7 ? modern : "Browser";
  return { clientAppUsed, authenticationProtocol: "none", interactive: true, device };
}

const randomDevice = (luck: Luck, key: string): Device => ({
  operatingSystem: luck.pick(SYSTEMS, `${key} system`),
  isCompliant: luck.chance(`${key} compliant`) < 0.4,
  trustType: luck.pick(JOINS, `${key} join`),
});
