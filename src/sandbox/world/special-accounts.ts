import { addDays } from "./calendar.ts";
import type { Luck } from "./luck.ts";
import { type AddressBook, emptyAccount, SKU } from "./person.ts";
import type { Account } from "./world.ts";

/** Role template ids of Entra's built-in roles, the same in every tenant. */
export const ROLE = {
  globalAdministrator: "62e90394-69f5-4237-9190-012177145e10",
  directorySynchronization: "d29b2b05-8046-44ba-8758-1e26182fcf32",
  userAdministrator: "fe930be7-5e62-47db-91af-98c3a49a38b1",
} as const;

/** Accounts behind which no employee stands. */
export interface SpecialAccounts {
  readonly directorySync: Account;
  /** Sends scans by SMTP AUTH. */
  readonly scanner: Account;
  readonly otherServices: readonly Account[];
  readonly sharedMailboxes: readonly Account[];
  readonly emergencyAccess: readonly Account[];
  readonly guests: readonly Account[];
}

/** @param today - Local date on which the story begins; all of them are older. */
export function makeSpecialAccounts(addresses: AddressBook, luck: Luck, today: string): SpecialAccounts {
  const { mailDomain, tenantDomain } = addresses;
  const make = (local: string, displayName: string, domain: string): Account => {
    const created = addDays(today, -luck.between(400, 2500, `${local} created`));
    return emptyAccount(luck.guid(`account ${local}`), displayName, `${local}@${domain}`, `${created}T09:30:00Z`);
  };
  const service = (local: string, displayName: string): Account => ({
    ...make(addresses.reserve(local), displayName, mailDomain),
    onPremisesSyncEnabled: true,
  });
  const emergency = (local: string, displayName: string): Account => ({
    ...withMethods(make(local, displayName, tenantDomain), ["fido2"]),
    roles: [ROLE.globalAdministrator],
  });
  return {
    directorySync: {
      ...make("Sync_LFDC01_8f2a1c9d4e7b", "On-Premises Directory Synchronization Service Account", tenantDomain),
      roles: [ROLE.directorySynchronization],
    },
    scanner: withMailbox(service("svc-scanner", "svc-scanner"), "user", [SKU.exchangePlan1]),
    otherServices: [
      service("svc-backup", "svc-backup"),
      withMailbox(service("svc-sql-reports", "svc-sql-reports"), "user", [SKU.exchangePlan1]),
      service("svc-erp-sync", "svc-erp-sync"),
    ],
    sharedMailboxes: SHARED_MAILBOXES.map(([local, displayName]) =>
      withMailbox(make(addresses.reserve(local), displayName, mailDomain), "shared", []),
    ),
    emergencyAccess: [
      emergency("emergency-access-01", "Emergency Access 01"),
      emergency("emergency-access-02", "Emergency Access 02"),
    ],
    guests: GUESTS.map((guest) => makeGuest(guest, tenantDomain, make)),
  };
}

/** The mailbox from which users hear of the rollout. */
export const SUPPORT_MAILBOX = "it-support";

const SHARED_MAILBOXES = [
  [SUPPORT_MAILBOX, "IT Support"],
  ["info", "Larkfield Foods Information"],
  ["invoices", "Accounts Payable"],
  ["careers", "Careers"],
] as const;

const GUESTS = [
  { mail: "dana.whitaker@northgate-audit.com", displayName: "Dana Whitaker (Northgate Audit)" },
  { mail: "r.osei@coldchain-logistics.net", displayName: "Richard Osei" },
  { mail: "hello@studio-pomelo.design", displayName: "Studio Pomelo" },
] as const;

/** A guest's principal name is the outside address with its @ written as an underscore, then `#EXT#`. */
function makeGuest(
  guest: (typeof GUESTS)[number],
  tenantDomain: string,
  make: (local: string, displayName: string, domain: string) => Account,
): Account {
  return {
    ...make(`${guest.mail.replace("@", "_")}#EXT#`, guest.displayName, tenantDomain),
    userType: "Guest",
    mail: guest.mail,
    proxyAddresses: [`SMTP:${guest.mail}`],
  };
}

function withMailbox(account: Account, purpose: "user" | "shared", licences: readonly string[]): Account {
  return {
    ...account,
    mail: account.userPrincipalName,
    proxyAddresses: [`SMTP:${account.userPrincipalName}`],
    userPurpose: purpose,
    assignedLicenses: [...licences],
  };
}

/** The account with methods registered, the report included. */
function withMethods(account: Account, methods: readonly string[]): Account {
  return {
    ...account,
    methodsRegistered: [...methods],
    reported: { methodsRegistered: [...methods], at: account.reported.at },
  };
}
