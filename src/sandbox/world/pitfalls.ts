import { EVERYDAY, SMTP_SUBMISSION, WINDOWS_ACTIVATION } from "./applications.ts";
import { addDays } from "./calendar.ts";
import type { Company } from "./company.ts";
import { emptyAccount, type Person, SKU } from "./person.ts";
import type { Account, SignInAttempt } from "./world.ts";

/** A sign-in that happens every day because of a pitfall. */
export type Trouble = Omit<SignInAttempt, "at">;

const OFFICE_ADDRESS = "203.0.113.24";
const LEGACY_MFA_ACCOUNTS = 5;

type Change = (company: Company, today: string) => readonly Trouble[];

/** What each pitfall changes about the company's accounts; what it changes in the tenant's settings, the tenant knows. */
const CHANGES: Readonly<Record<string, Change>> = {
  emergency_access_unsafe: quietly(({ special }) => {
    const account = special.emergencyAccess[0];
    if (account === undefined) return;
    account.onPremisesSyncEnabled = true;
    account.roles = [];
  }),
  emergency_access_no_method: quietly(({ special }) => {
    for (const account of special.emergencyAccess.slice(1)) setMethods(account, []);
  }),
  not_enrolled: quietly((company) => {
    for (const { account } of staffOf(company, company.profile.itDepartment)) setMethods(account, []);
  }),
  method_not_allowed: quietly((company) => {
    for (const { account } of staffOf(company, company.profile.itDepartment).slice(1, 2))
      setMethods(account, ["officePhone"]);
  }),
  mail_device: (company) =>
    staffOf(company, company.profile.itDepartment)
      .slice(1, 2)
      .map(({ account }) => trouble(account, SMTP_SUBMISSION)),
  room_in_scope: quietly((company, today) => company.addShared(meetingRoom(company, today))),
  shared_mailbox_sign_in: ({ special }) =>
    special.sharedMailboxes.slice(1, 2).map((account) => trouble(account, EVERYDAY[0])),
  windows_activation: (company) =>
    staffOf(company, someDepartment(company))
      .slice(0, 1)
      .map(({ account }) => trouble(account, WINDOWS_ACTIVATION)),
  per_user_mfa: quietly((company) => {
    for (const { account } of staffOf(company, someDepartment(company)).slice(0, LEGACY_MFA_ACCOUNTS))
      account.perUserMfa = "enforced";
  }),
  licence_gap: quietly((company) => {
    for (const { account } of staffOf(company, company.profile.itDepartment).slice(1, 2))
      account.assignedLicenses = [SKU.exchangePlan1];
  }),
};

/** Changes the company as the pitfalls say, and gives the sign-ins that they add. Names that concern no account do nothing. */
export function troublesOf(pitfalls: readonly string[] = [], company: Company, today: string): readonly Trouble[] {
  return pitfalls.flatMap((name) => CHANGES[name]?.(company, today) ?? []);
}

/** Who never registers, whatever they are written. */
export const neverEnrolling = (pitfalls: readonly string[] = [], company: Company): ReadonlySet<string> =>
  new Set([
    ...company.accountIdsOf("neverEnrols"),
    ...(pitfalls.includes("not_enrolled")
      ? staffOf(company, company.profile.itDepartment).map(({ account }) => account.id)
      : []),
  ]);

function quietly(change: (company: Company, today: string) => void): Change {
  return (company, today) => {
    change(company, today);
    return [];
  };
}

/** One beside the department that runs the tenant. */
const someDepartment = ({ profile }: Company): string => profile.departments[1]?.name ?? "";

const staffOf = ({ people }: Company, department: string): readonly Person[] =>
  people.active.filter(({ employee }) => employee.department === department);

function setMethods(account: Account, methods: readonly string[]): void {
  account.methodsRegistered = [...methods];
  account.reported = { methodsRegistered: [...methods], at: account.reported.at };
}

const trouble = (account: Account, application: Omit<Trouble, "accountId" | "ipAddress">): Trouble => ({
  ...application,
  accountId: account.id,
  ipAddress: OFFICE_ADDRESS,
});

/** A room whose account somebody made by hand: licensed as a room, with a person's kind of mailbox. */
function meetingRoom(company: Company, today: string): Account {
  const mail = `boardroom@${company.mailDomain}`;
  return {
    ...emptyAccount(company.accountIdFor("boardroom"), "Boardroom", mail, `${addDays(today, -200)}T10:00:00Z`),
    mail,
    proxyAddresses: [`SMTP:${mail}`],
    department: company.profile.itDepartment,
    assignedLicenses: [SKU.teamsRoomsPro],
    userPurpose: "user",
  };
}
