/** What a technician does, in order. The last step says what shows that it worked. */
export type Guide = readonly string[];

const SEEN_IN_LOG =
  "Record it with resolve_finding as remediated. This ticket is closed once a day of sign-ins shows none of it.";
const SEEN_IN_CHECK = "Call check_tenant. This ticket is closed once it finds nothing of this any more.";

/**
 * A scanner, a printer or a program that submits mail with a name and a password.
 * @see https://learn.microsoft.com/exchange/mail-flow-best-practices/how-to-set-up-a-multifunction-device-or-application-to-send-email-using-microsoft-365-or-office-365
 */
const scanner: Guide = [
  "Find the device or program: the sign-in log has its address, and the account is named below.",
  "If it writes to colleagues only: direct send. Point it at the tenant's MX host on port 25 without a login, and check that Reject Direct Send is off for the tenant.",
  "If it writes to outsiders, too: SMTP relay. Add an inbound connector for its certificate or fixed public address, point it at the MX host on port 25 with TLS, and put the address into the SPF record.",
  "If its firmware offers OAuth for SMTP: update it and sign it in once. If it sends in bulk to colleagues: give it a High Volume Email account.",
  "Turn authenticated SMTP off for the mailbox (SmtpClientAuthenticationDisabled), change the password that the device held, and send a test page.",
  SEEN_IN_LOG,
];

/**
 * A program that sends name and password (ROPC).
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth-ropc
 */
const script: Guide = [
  "Find the program and its owner: the sign-in log has application and address, and the account is named below.",
  "If it runs in Azure: give it a managed identity. In a pipeline such as GitHub Actions: workload identity federation. Anywhere else: an app registration with a certificate.",
  "Grant that identity the application permissions it needs and no more (Exchange: an RBAC for Applications scope), and change the program to the client credentials flow.",
  "Where the maker offers no such way, move the job to a product that does; a password that MFA is waived for is the way in that insurers ask about.",
  "Delete the stored password, change it, and block sign-in of the account where nobody else uses it.",
  SEEN_IN_LOG,
];

/** @see https://learn.microsoft.com/entra/identity/conditional-access/policy-block-legacy-authentication */
const oldClient: Guide = [
  "See which program it is: an old Outlook, the built-in mail app of a phone, or a program that fetches mail (IMAP, POP, Exchange ActiveSync).",
  "People: set the mailbox up anew in Outlook or in an app that shows Microsoft's sign-in page. Programs: OAuth for IMAP and POP, or Microsoft Graph.",
  "Turn the old protocol off for these mailboxes (Set-CASMailbox), so that nothing falls back to it.",
  SEEN_IN_LOG,
];

/** @see https://learn.microsoft.com/entra/identity/conditional-access/policy-block-authentication-flows */
const deviceCode: Guide = [
  "Ask the owner whether they expect a sign-in by device code: it is also how accounts are phished. If nobody does, revoke the account's sessions and change its password.",
  "A meeting room, panel or shared phone: give it a resource account, carve that out with classify_exceptions, and cover it with a policy of its own (known location or compliant device).",
  "A command-line tool of a person: sign in through the browser instead; automation gets an identity of its own.",
  SEEN_IN_LOG,
];

const oldApp: Guide = [
  "Ask the maker for the version that uses Microsoft's sign-in page (OAuth or SAML), and update it.",
  "Where there is none: put the application behind one that has (application proxy, a virtual desktop), or have it replaced.",
  "Only then an exception, with owner and expiry, signed by the customer: classify_exceptions, request_signoff.",
  SEEN_IN_LOG,
];

/** @see https://learn.microsoft.com/microsoftteams/rooms/conditional-access-and-compliance-for-devices */
const room: Guide = [
  "Carve the accounts out with classify_exceptions (kind room_or_equipment) and have the list signed.",
  "Give them a Conditional Access policy of their own: allow from a named location or a compliant device, block everything else. Report-only first: it can disturb devices that cannot show a prompt.",
  "Set a long random password, turn off self-service password reset for them, and let nobody sign in with them by hand.",
  SEEN_IN_CHECK,
];

/** @see https://learn.microsoft.com/entra/identity/authentication/howto-authentication-temporary-access-pass */
const person: Guide = [
  "Call each of them and open https://aka.ms/mysecurityinfo together: the authenticator app first, and a second method for the day the phone is lost.",
  "Nobody has to use a private phone: a FIDO2 key or a hardware token does as well.",
  "Who cannot register because they would need MFA to get there: issue_access_pass, handed over only to the person or their verified manager.",
  "Who is away gets an exception with an end (classify_exceptions), signed by the customer.",
  "Call reconcile_users. This ticket is closed once the list shows that all of them can use MFA.",
];

const shutOut: Guide = [
  "Open the table of the phase (get_artifact): it names the client, the application and the reason for each account.",
  "A device that is not in the state demanded: enrol it, or sign in from one that is. A sign-in blocked outright: take the account or application out of the policy that blocks it.",
  "Call fetch_signin_logs and foresee_lockouts for the phase. This ticket is closed once it foresees nothing of this any more.",
];

const emergencyAccess: Guide = [
  "Have two accounts or more, cloud-only, on the tenant's onmicrosoft.com domain, enabled, with Global Administrator assigned for good and not through a group.",
  "Register a FIDO2 key for each and lock the keys away in two places; portals ask these accounts for MFA whatever the policies say.",
  "Exclude them from every Conditional Access policy, and alert on every sign-in of theirs.",
  SEEN_IN_CHECK,
];

export const GUIDES = {
  scanner,
  script,
  old_client: oldClient,
  device_code: deviceCode,
  old_app: oldApp,
  room,
  person,
  shut_out: shutOut,
  emergency_access: emergencyAccess,
} as const satisfies Readonly<Record<string, Guide>>;

/** Guides to pitfalls that need more than the check's own remedy. */
const OF_PITFALL: Readonly<Record<string, Guide>> = {
  room_in_scope: room,
  emergency_access_unsafe: emergencyAccess,
  emergency_access_no_method: emergencyAccess,
};

/** How to end a pitfall: its own guide, else the check's remedy and how to see that it worked. */
export const guideToPitfall = ({ name, remedy }: { readonly name: string; readonly remedy: string }): Guide =>
  OF_PITFALL[name] ?? [remedy, SEEN_IN_CHECK];
