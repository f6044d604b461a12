import { addDays } from "./calendar.ts";
import type { SpecialName } from "./company-profile.ts";
import type { Ground } from "./ground.ts";
import { emptyAccount, SKU } from "./person.ts";
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
  readonly scanner: Account | null;
  readonly otherServices: readonly Account[];
  readonly sharedMailboxes: readonly Account[];
  /** Meeting rooms and the like, which are booked and never sign in by themselves. */
  readonly rooms: readonly Account[];
  readonly emergencyAccess: readonly Account[];
  readonly guests: readonly Account[];
}

/** All of them are older than the story. */
export function makeSpecialAccounts({
  profile,
  addresses,
  luck,
  today,
}: Omit<Ground, "employees" | "reportedAt">): SpecialAccounts {
  const { special, mailDomain, tenantDomain } = profile;
  const make = (local: string, displayName: string, domain: string): Account => {
    const created = addDays(today, -luck.between(400, 2500, `${local} created`));
    return emptyAccount(luck.guid(`account ${local}`), displayName, `${local}@${domain}`, `${created}T09:30:00Z`);
  };
  const service = ({ local, displayName }: SpecialName): Account => ({
    ...make(addresses.reserve(local), displayName, mailDomain),
    onPremisesSyncEnabled: true,
  });
  const emergency = ({ local, displayName }: SpecialName): Account => ({
    ...withMethods(make(local, displayName, tenantDomain), ["fido2"]),
    roles: [ROLE.globalAdministrator],
  });
  return {
    directorySync: {
      ...make(special.directorySync, "On-Premises Directory Synchronization Service Account", tenantDomain),
      roles: [ROLE.directorySynchronization],
    },
    scanner: special.scanner && withMailbox(service(special.scanner), "user", [SKU.exchangePlan1]),
    otherServices: special.services.map((name) =>
      name.mailbox ? withMailbox(service(name), "user", [SKU.exchangePlan1]) : service(name),
    ),
    sharedMailboxes: special.sharedMailboxes.map(({ local, displayName }) =>
      withMailbox(make(addresses.reserve(local), displayName, mailDomain), "shared", []),
    ),
    rooms: special.rooms.map(({ local, displayName }) =>
      withMailbox(make(addresses.reserve(local), displayName, mailDomain), "room", [SKU.teamsRoomsPro]),
    ),
    emergencyAccess: special.emergencyAccess.map(emergency),
    guests: special.guests.map((guest) => makeGuest(guest, tenantDomain, make)),
  };
}

/** A guest's principal name is the outside address with its @ written as an underscore, then `#EXT#`. */
function makeGuest(
  guest: { readonly mail: string; readonly displayName: string },
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

function withMailbox(account: Account, purpose: "user" | "shared" | "room", licences: readonly string[]): Account {
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
