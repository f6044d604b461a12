import type { Account } from "../../world/world.ts";
import type { Json } from "./request-body.ts";

/** What a read of users returns without `$select`: learn.microsoft.com/graph/api/user-list */
export const DEFAULT_PROPERTIES: readonly string[] = [
  "businessPhones",
  "displayName",
  "givenName",
  "jobTitle",
  "mail",
  "mobilePhone",
  "officeLocation",
  "preferredLanguage",
  "surname",
  "userPrincipalName",
  "id",
];

/** Properties that only a read of one user can give; on the collection they are 501. */
export const ONE_USER_ONLY: readonly string[] = [
  "mailboxSettings",
  "aboutMe",
  "birthday",
  "hireDate",
  "interests",
  "mySite",
  "pastProjects",
  "preferredName",
  "responsibilities",
  "schools",
  "skills",
];

/** A user with every property that this tenant fills. */
export function userResource(account: Account): Json {
  return {
    id: account.id,
    accountEnabled: account.accountEnabled,
    assignedLicenses: account.assignedLicenses.map((skuId) => ({ disabledPlans: [], skuId })),
    businessPhones: [],
    city: null,
    companyName: null,
    country: null,
    createdDateTime: account.createdDateTime,
    creationType: account.userType === "Guest" ? "Invitation" : null,
    deletedDateTime: null,
    department: account.department,
    displayName: account.displayName,
    employeeHireDate: null,
    employeeId: account.employeeId,
    employeeType: null,
    externalUserState: account.userType === "Guest" ? "Accepted" : null,
    givenName: account.givenName,
    identities: [],
    jobTitle: account.jobTitle,
    mail: account.mail,
    mailNickname: account.userPrincipalName.split("@")[0],
    mobilePhone: null,
    officeLocation: null,
    onPremisesImmutableId: null,
    onPremisesSamAccountName: null,
    onPremisesSyncEnabled: account.onPremisesSyncEnabled,
    otherMails: [],
    // Not in Graph's published schema; KelvinTegelaar/CIPP-API, Get-CIPPMFAState.ps1, selects it on the list.
    perUserMfaState: account.perUserMfa,
    preferredLanguage: null,
    proxyAddresses: account.proxyAddresses,
    surname: account.surname,
    usageLocation: "US",
    userPrincipalName: account.userPrincipalName,
    userType: account.userType,
  };
}
