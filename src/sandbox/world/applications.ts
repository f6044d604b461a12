import type { SignInAttempt } from "./world.ts";

/** What a sign-in attempt is, but for who, when and from where. */
export type Application = Pick<
  SignInAttempt,
  | "appId"
  | "appDisplayName"
  | "resourceDisplayName"
  | "clientAppUsed"
  | "authenticationProtocol"
  | "interactive"
  | "userAgent"
>;

const EDGE =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0";
const OUTLOOK_MOBILE = "Outlook-iOS/2.0";
const DESKTOP = "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.19127; Pro)";

const modern = {
  clientAppUsed: "Browser",
  authenticationProtocol: "oAuth2",
  interactive: true,
  userAgent: EDGE,
} as const;

/** First-party application ids are Microsoft's own, the same in every tenant. */
const exchange = {
  appId: "00000002-0000-0ff1-ce00-000000000000",
  appDisplayName: "Office 365 Exchange Online",
  resourceDisplayName: "Office 365 Exchange Online",
} as const;

/** What people open themselves. */
export const EVERYDAY: readonly [Application, ...Application[]] = [
  { ...modern, ...exchange },
  {
    ...modern,
    appId: "00000003-0000-0ff1-ce00-000000000000",
    appDisplayName: "Office 365 SharePoint Online",
    resourceDisplayName: "Office 365 SharePoint Online",
  },
  {
    ...modern,
    clientAppUsed: "Mobile Apps and Desktop clients",
    userAgent: DESKTOP,
    appId: "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
    appDisplayName: "Microsoft Teams",
    resourceDisplayName: "Microsoft Teams Services",
  },
];

/** What an administrator opens as well. */
export const ADMINISTRATION: readonly [Application, ...Application[]] = [
  {
    ...modern,
    appId: "c44b4083-3bb0-49c1-b47d-974e53cbdf3c",
    appDisplayName: "Azure Portal",
    resourceDisplayName: "Windows Azure Service Management API",
  },
  ...EVERYDAY,
];

/** A phone that renews its token without anybody looking. */
export const BACKGROUND: Application = {
  ...exchange,
  appId: "27922004-5251-4030-b22d-91ecd9a37ea4",
  appDisplayName: "Outlook Mobile",
  clientAppUsed: "Mobile Apps and Desktop clients",
  authenticationProtocol: "oAuth2",
  interactive: false,
  userAgent: OUTLOOK_MOBILE,
};

/** A script of one person that sends name and password: nobody is there to answer a prompt. */
export const LEGACY_IMPORTER: Application = {
  appId: "8e6c3f52-7d0b-4a3e-9c11-5b2f4de07a96",
  appDisplayName: "Legacy Asset Importer",
  resourceDisplayName: "Microsoft Graph",
  clientAppUsed: "Mobile Apps and Desktop clients",
  authenticationProtocol: "ropc",
  interactive: false,
  userAgent: "AssetImporter/1.4 python-requests/2.31.0",
};

/** Windows that asks the tenant for its subscription, in the background. */
export const WINDOWS_ACTIVATION: Application = {
  appId: "872cd9fa-d31f-45e0-9eab-6e460a02d1f1",
  appDisplayName: "Windows Sign In",
  resourceDisplayName: "Universal Store Service APIs and Web Application",
  clientAppUsed: "Mobile Apps and Desktop clients",
  authenticationProtocol: "oAuth2",
  interactive: true,
  userAgent: "Windows-AzureAD-Authentication-Provider/1.0",
};

/** The same script once it is mended. */
export const MENDED_IMPORTER: Application = {
  ...LEGACY_IMPORTER,
  authenticationProtocol: "oAuth2",
  userAgent: "AssetImporter/2.0 python-requests/2.32.3",
};

/** A device that submits mail with name and password. */
export const SMTP_SUBMISSION: Application = {
  ...exchange,
  clientAppUsed: "Authenticated SMTP",
  authenticationProtocol: "none",
  interactive: true,
  userAgent: "",
};

/** The connector between the company's own directory and the tenant. */
export const DIRECTORY_SYNC: Application = {
  appId: "cb1056e2-e479-49de-ae31-7812af012ed8",
  appDisplayName: "Microsoft Azure Active Directory Connect",
  resourceDisplayName: "Windows Azure Active Directory",
  clientAppUsed: "Mobile Apps and Desktop clients",
  authenticationProtocol: "oAuth2",
  interactive: false,
  userAgent: "",
};
