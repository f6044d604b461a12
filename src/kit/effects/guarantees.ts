import type { EffectSubject } from "../../domain/model/effect.ts";

/** What is promised of one kind of change when its answer is lost, for the code that keeps it and for people. */
interface Guarantee {
  /** The change, and where. */
  readonly change: string;
  /** What we plant in it, or what it is told by. */
  readonly marker: string;
  /** How a later look finds it. */
  readonly foundBy: string;
  /**
   * How long it is looked for before it counts as not made, in ms: the vendor's reads may lag its writes, and its work
   * may go on behind a gateway that has given up.
   */
  readonly lagMs: number;
  /** What stands at the vendor when a box on the way delivers one request of ours twice. */
  readonly deliveredTwice: string;
  /** What cannot be told, why, and what a person looks at; `null` where a look always can. */
  readonly unknown: string | null;
}

/** For a change that is read back from where it was written. */
const AT_ONCE_MS = 500;
const CREATED_MS = 2_000;

const REPEATABLE = "Setting it again changes nothing.";
const NO_KEY = "Two of it: the vendor takes no idempotency key. We go on with one and leave the other alone.";

/** One entry a kind of effect; `docs/reference/guarantees.md` is written from it. */
export const GUARANTEES: Readonly<Record<EffectSubject["kind"], Guarantee>> = {
  mail: {
    change: "A mail to a user, sent through Gmail or Outlook",
    marker: "The id of the draft that it is sent from, with its mailbox, recorded before sending",
    foundBy:
      "Asking the mailbox that sends for the draft, if it was drafted there. Gmail: gone means sent. Outlook: no longer a draft, by an id that stays the same; where its " +
      "sent copy is not shown yet, a search by the effect's key; looked for at least 2 s, since it takes a draft first " +
      "and moves it later. Exchange's 202 counts only once the draft has left; one " +
      "that stays is sent again, which Exchange refuses if it has taken it. A draft whose id was lost is never sent by anyone",
    lagMs: AT_ONCE_MS,
    deliveredTwice: "One mail: sending ends the draft, so the second delivery is refused.",
    unknown:
      "Where an answer was lost and the customer's file names another mailbox before the next look: that one cannot tell. " +
      "A person looks among the sent mails of the mailbox that it was drafted in, which `check` names.",
  },
  signoff_mail: {
    change: "The mail that asks the customer's contact for sign-off",
    marker: "As of any mail",
    foundBy: "As any mail",
    lagMs: AT_ONCE_MS,
    deliveredTwice: "One mail.",
    unknown: "As any mail.",
  },
  group: {
    change: "A security group in Entra ID",
    marker: "Its `mailNickname`, made of the rollout and the group's purpose",
    foundBy: "Filtering groups by the nickname. Two of one nickname stop the work",
    // Seen to be up to some seconds; Entra would make a second one of the same nickname.
    lagMs: 8_000,
    deliveredTwice: "Two groups of one nickname, one of them empty and in no policy.",
    unknown: null,
  },
  group_members: {
    change: "The members of a group, exactly those of the plan",
    marker: "The list of members itself",
    foundBy: "Reading the members and doing what is left; the change counts only when a read shows it",
    lagMs: AT_ONCE_MS,
    deliveredTwice: "One membership each: “already a member” and “no such member” are read as done.",
    unknown: null,
  },
  group_member: {
    change: "One user more in the group of exceptions, given access back ahead of the sign-off",
    marker: "The membership itself",
    foundBy: "Reading the members; the change counts only when a read shows it",
    lagMs: AT_ONCE_MS,
    deliveredTwice: "One membership: “already a member” is read as done.",
    unknown: null,
  },
  policy: {
    change: "A Conditional Access policy, report-only",
    marker: "A tag with rollout and phase at the end of its description",
    foundBy:
      "Listing the policies and reading the tags; the change counts only when the tenant shows it, and one whose id is known " +
      "is looked for and never made again",
    lagMs: 4_000,
    deliveredTwice: "Two report-only policies with one tag; only one is ever enforced.",
    unknown: null,
  },
  policy_state: {
    change: "The state of a policy",
    marker: "The state itself",
    foundBy: "Reading the policy; the change counts only when the tenant shows it",
    lagMs: AT_ONCE_MS,
    deliveredTwice: REPEATABLE,
    unknown: null,
  },
  security_defaults: {
    change: "Security defaults of the tenant, turned off",
    marker: "The setting itself",
    foundBy: "Reading the setting",
    lagMs: AT_ONCE_MS,
    deliveredTwice: REPEATABLE,
    unknown: null,
  },
  per_user_mfa: {
    change: "Per-user MFA of the accounts of a phase, turned off",
    marker: "The state of each account itself",
    foundBy: "Reading the states; the change counts only when every account shows it",
    lagMs: CREATED_MS,
    deliveredTwice: REPEATABLE,
    unknown: null,
  },
  channel: {
    change: "The helpdesk channel in Teams",
    marker: "Its name, unique in the team",
    foundBy: "Listing the channels",
    lagMs: CREATED_MS,
    deliveredTwice: "One channel: the second delivery is refused for its name and read as made.",
    unknown: null,
  },
  channel_tab: {
    change: "A tab of the channel with the FAQ or the guide",
    marker: "Its name",
    foundBy: "Listing the channel's tabs",
    lagMs: CREATED_MS,
    deliveredTwice: NO_KEY,
    unknown: null,
  },
  channel_message: {
    change: "The FAQ as a message of the channel",
    marker: "The effect's key in the message",
    foundBy: "Reading the channel's messages",
    lagMs: CREATED_MS,
    deliveredTwice: NO_KEY,
    unknown:
      "Always, where messages go through a Workflows URL: the flow accepts, posts later and reads nothing back. A person " +
      "looks in the channel whether the message is there, once.",
  },
  ticket_reply: {
    change: "The reply to a user's ticket at the service desk",
    marker: "The last line of the note, with rollout and ticket",
    foundBy: "Reading the ticket's notes",
    lagMs: CREATED_MS,
    deliveredTwice: NO_KEY,
    unknown: null,
  },
  psa_project: {
    change: "The rollout's project at the service desk",
    marker: "The last line of its description",
    foundBy: "Listing the customer's projects",
    lagMs: CREATED_MS,
    deliveredTwice: NO_KEY,
    unknown: null,
  },
  psa_phase: {
    change: "A phase of the project",
    marker: "Its description, one for each phase of the rollout",
    foundBy: "Listing the project's phases",
    lagMs: CREATED_MS,
    deliveredTwice: NO_KEY,
    unknown: null,
  },
  psa_phase_status: {
    change: "The status of a phase of the project",
    marker: "The status itself",
    foundBy: "Not looked for: it is read before it is set, and read back after",
    lagMs: 0,
    deliveredTwice: REPEATABLE,
    unknown: null,
  },
  psa_ticket: {
    change: "The ticket of a holdout in the project",
    marker: "`wbsCode` of the ticket, with rollout and user",
    foundBy: "Listing the project's tickets",
    lagMs: CREATED_MS,
    deliveredTwice: NO_KEY,
    unknown: null,
  },
  psa_ticket_status: {
    change: "The status of a holdout's ticket",
    marker: "The status itself",
    foundBy: "Not looked for: it is read before it is set, and read back after",
    lagMs: 0,
    deliveredTwice: REPEATABLE,
    unknown: null,
  },
  psa_fix: {
    change: "The ticket of something to mend (fix kit) in the project",
    marker: "`wbsCode` of the ticket, with rollout and fix",
    foundBy: "Listing the project's tickets",
    lagMs: CREATED_MS,
    deliveredTwice: NO_KEY,
    unknown: null,
  },
  psa_fix_note: {
    change: "The note that says why such a ticket is closed, opened again or due on another day",
    marker: "The last line of the note, with rollout, fix and count",
    foundBy: "Reading the ticket's notes",
    lagMs: CREATED_MS,
    deliveredTwice: NO_KEY,
    unknown: null,
  },
  psa_fix_change: {
    change: "Status and due date of such a ticket",
    marker: "Status and date themselves",
    foundBy: "Not looked for: they are read before they are set, and read back after",
    lagMs: 0,
    deliveredTwice: REPEATABLE,
    unknown: null,
  },
  access_pass: {
    change: "A Temporary Access Pass, made by a technician's `mfa-rollout access-pass`",
    marker: "The second at which it begins, recorded before it is made",
    foundBy:
      "Listing the account's passes. Its passcode was told in the lost answer alone, so it is never taken for done: it is " +
      "deleted and another is made, as the signed plan says",
    lagMs: CREATED_MS,
    deliveredTwice:
      "One pass: the second replaces the first. If the first was told, it does not open, and another is planned with `again`.",
    unknown: null,
  },
  dashboard: {
    change: "A snapshot of enrolment, in one request, one load job or one file, so wholly there or not at all",
    marker: "The snapshot's id in every row, and in the name of the load job or file",
    foundBy:
      "A DAX query for it in Power BI; the load job in BigQuery, of which Looker may be told again; the file in a folder",
    lagMs: 5_000,
    deliveredTwice:
      "In Power BI its rows twice, which a report tells by the repeated snapshot id and department. A job's id is taken " +
      "once, and a file is the same again.",
    unknown:
      "Where a Power BI workspace forbids queries (Build permission, tenant setting “Dataset Execute Queries REST API”), an answer " +
      "that is lost stays unknown. A person looks in the dashboard's data for rows with the snapshot's id.",
  },
};
