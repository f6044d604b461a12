import { COVERAGE_STATES } from "../domain/coverage/proof-line.ts";
import type { ReportFacts } from "../domain/coverage/report-facts.ts";
import type { Block, Table } from "./report-blocks.ts";
import { dateTime, longDate, number, percent, words } from "./report-format.ts";
import {
  accessPaths,
  accountTable,
  exceptionTable,
  findingTable,
  holdoutTable,
  policyTable,
  recountTable,
  sourceTable,
} from "./report-tables.ts";

/**
 * What the report says, in the order in which a reader asks. It gives evidence to whoever signs the insurer's form and
 * never answers the form itself: a signed "yes" to "all users" that counted enrolment has cost a customer the policy.
 * @see Travelers v. International Control Services, No. 22-cv-2145 (C.D. Ill. 2022)
 */
export function reportContent(facts: ReportFacts): readonly Block[] {
  return [
    ...frontPage(facts),
    ...exceptionPart(facts),
    ...policyPart(facts),
    ...enrolmentPart(facts),
    ...signInPart(facts),
    ...limitsPart(facts),
    ...accountPart(facts),
  ];
}

function frontPage(facts: ReportFacts): readonly Block[] {
  const { insurer, customer, mspName } = facts;
  return [
    {
      kind: "title",
      eyebrow: "Evidence of enforced multi-factor authentication",
      text: customer,
      lines: [
        `For ${insurer.name}${insurer.form === null ? "" : `, form ${insurer.form}`}. Prepared by ${mspName}, ${dateTime(facts.writtenAt, facts.timeZone)} (${facts.timeZone}).`,
        `Rollout ${facts.rollout}, ${longDate(facts.startedOn)} to the deadline ${longDate(facts.deadline)}, procedure ${facts.procedure}.`,
      ],
    },
    { kind: "lead", text: conclusionOf(facts) },
    { kind: "answers", rows: answersOf(facts) },
    { kind: "heading", text: "By department" },
    {
      kind: "bars",
      legend:
        "The bar shows how many accounts in scope can use MFA. Dark: an enforced policy demands it. Light: it is not enforced yet.",
      rows: facts.departments.map(({ department, inScope, capable, enforced, exceptions }) => ({
        label: department,
        part: capable,
        whole: inScope,
        strong: inScope > 0 && enforced === inScope,
        note: `${number(enforced)} of ${number(inScope)} enforced · ${number(capable)} can use MFA · ${number(exceptions)} excepted`,
      })),
    },
    {
      kind: "paragraph",
      text: "“Enforced” means that an enabled Conditional Access policy covers the account and nothing carves it out. “Can use MFA” means that the account has a method that policy allows. “Excepted” means carved out with a reason, an owner and an expiry.",
    },
  ];
}

function conclusionOf({ totals, signoff, sources, proof }: ReportFacts): string {
  const { asked, disputes } = proof.whatIf;
  if (totals.accounts === 0) return "No account has been read, so this report shows nothing.";
  if (sources.some(({ complete }) => !complete)) {
    return "Not every source was read whole, so these numbers are not final (section 6).";
  }
  if (disputes.length > 0) {
    return `This proof fails: asked about ${number(asked)} accounts, Entra's What If differs from it ${number(disputes.length)} times (section 7).`;
  }
  const open = totals.report_only + totals.not_covered;
  if (open > 0) {
    return `Enforcement is not complete: ${number(open)} accounts that can sign in are not under an enforced policy.`;
  }
  if (totals.excepted === 0)
    return "Every account that can sign in is under an enforced policy. There are no exceptions.";
  const consent =
    signoff?.current === true
      ? "which the customer has signed off"
      : "whose sign-off by the customer does not cover the present list";
  return `Every account that can sign in is under an enforced policy, apart from ${number(totals.excepted)} exceptions, ${consent}.`;
}

function answersOf(facts: ReportFacts): readonly { readonly figure: string; readonly text: string }[] {
  const { totals, signoff, holdouts } = facts;
  const ableToSignIn = totals.accounts - totals.cannot_sign_in;
  const all = facts.departments.at(-1);
  const open = facts.findings.filter(({ status }) => status === "open").length;
  return [
    {
      figure: `${number(totals.enforced)} of ${number(ableToSignIn)}`,
      text: `accounts that can sign in are under an enforced MFA policy (${percent(totals.enforced, ableToSignIn)}).`,
    },
    {
      figure: number(totals.excepted),
      text:
        signoff === null
          ? "accounts are excepted. The customer has not signed them off."
          : `accounts are excepted, signed off by ${signoff.contact} on ${dateTime(signoff.at, facts.timeZone)}${signoff.current ? "" : ", but changed since"}.`,
    },
    {
      figure: number(totals.report_only + totals.not_covered),
      text: `accounts are not protected: ${number(totals.report_only)} only measured, ${number(totals.not_covered)} under no policy in force, of which ${number(totals.carved_out)} are left out by a policy without an exception.`,
    },
    {
      figure: `${number(all?.capable ?? 0)} of ${number(all?.inScope ?? 0)}`,
      text: `users in scope can use MFA; ${number(holdouts.length)} holdouts are listed by name.`,
    },
    {
      figure: `${number(open)} of ${number(facts.findings.length)}`,
      text: `findings are open. VPN, backup and network equipment are not evidenced here (section 5).`,
    },
  ];
}

function exceptionPart(facts: ReportFacts): readonly Block[] {
  const { signoff, timeZone } = facts;
  return [
    { kind: "heading", text: "1  Exceptions", newPage: true },
    {
      kind: "paragraph",
      text:
        signoff === null
          ? "No sign-off is on record."
          : `Signed off by ${signoff.contact}, ${dateTime(signoff.at, timeZone)}, recorded by ${signoff.recordedBy}. The signed table has SHA-256 ${signoff.table}.${signoff.current ? "" : " The exceptions have changed since."}`,
    },
    exceptionTable(facts),
  ];
}

const policyPart = (facts: ReportFacts): readonly Block[] => [
  { kind: "heading", text: "2  Policies and when they took effect" },
  {
    kind: "paragraph",
    text: "As approved, each policy demands MFA in every application and for every client type, legacy protocols included. Times are those of the change; Entra may take up to a day to apply it to running sessions.",
  },
  policyTable(facts),
];

function enrolmentPart(facts: ReportFacts): readonly Block[] {
  const { totals, methods } = facts;
  const methodTable: Table = {
    kind: "table",
    columns: [
      { title: "Registered method", share: 3 },
      { title: "Accounts", share: 1, align: "right" },
    ],
    rows: methods.map(({ method, accounts }) => [method, number(accounts)]),
    empty: "No method is on record.",
  };
  return [
    { kind: "heading", text: "3  Evidence of enrolment" },
    {
      kind: "paragraph",
      text: `Entra's registration report shows ${number(totals.registered)} accounts with a strong method and ${number(totals.capable)} that can use one; for ${number(totals.accounts - totals.reported)} it has no row, as for every disabled account, and they count as not able. An account may have several methods.`,
    },
    methodTable,
    { kind: "heading", text: "Holdouts" },
    holdoutTable(facts),
  ];
}

function signInPart(facts: ReportFacts): readonly Block[] {
  const { timeZone } = facts;
  return [
    { kind: "heading", text: "4  Sign-ins observed and findings" },
    {
      kind: "table",
      columns: [
        { title: "From", share: 3 },
        { title: "To", share: 3 },
        { title: "Sign-ins", share: 2, align: "right" },
        { title: "Interactive", share: 2, align: "right" },
        { title: "Users blocked", share: 2, align: "right" },
        { title: "Read whole", share: 2 },
      ],
      rows: facts.signIns.map(({ from, to, count, interactive, blocked, complete }) => [
        dateTime(from, timeZone),
        dateTime(to, timeZone),
        number(count),
        number(interactive),
        number(blocked),
        complete ? "whole" : "incomplete",
      ]),
      empty: "No sign-ins were read.",
    },
    {
      kind: "paragraph",
      text: "A finding is a sign-in that enforcement would break: a legacy protocol, a stored password, an application without MFA support.",
    },
    findingTable(facts),
  ];
}

const limitsPart = (facts: ReportFacts): readonly Block[] => [
  { kind: "heading", text: "5  What this report shows and what it does not" },
  {
    kind: "paragraph",
    text: "This report is evidence for the person who signs the insurer's form. It covers sign-in through Microsoft Entra ID only. For every other way of access the signer needs evidence from that system.",
  },
  accessPaths,
  { kind: "heading", text: "6  Where the numbers come from" },
  sourceTable(facts),
  {
    kind: "paragraph",
    text: `Every step is in the rollout's ledger: ${number(facts.ledger.entries)} entries, each chained to the one before. Hash of the last entry: ${facts.ledger.head}. The command “mfa-rollout verify” checks it offline.`,
  },
];

function accountPart(facts: ReportFacts): readonly Block[] {
  const { totals, accounts, proof, employeesWithoutAccount } = facts;
  const { asked, disputes, seed } = proof.whatIf;
  const states = COVERAGE_STATES.map((state) => `${number(totals[state])} ${words(state)}`).join(", ");
  const unlisted = totals.accounts - accounts.length;
  return [
    { kind: "heading", text: "7  Every account", newPage: true },
    {
      kind: "paragraph",
      text: `${number(totals.accounts)} accounts: ${states}. ${number(totals.guests)} of them are guests. ${number(employeesWithoutAccount)} employees have no account.`,
    },
    {
      kind: "paragraph",
      text: `The file proof.jsonl has one line for each of them, with the policy or the exception behind it; its SHA-256 is ${proof.document}. The numbers above and those by department and by method are counted from its lines. To count one again, count the lines that have this text in them.`,
    },
    recountTable(facts),
    {
      kind: "paragraph",
      text: `Entra's What If was asked about ${number(asked)} accounts, one of each kind of line, drawn with the seed ${seed}. ${disputes.length === 0 ? "It agrees on all of them." : `It differs on these accounts and policies: ${disputes.join(", ")}.`}`,
    },
    accountTable(accounts),
    ...(unlisted > 0
      ? [{ kind: "paragraph" as const, text: `${number(unlisted)} more accounts are in proof.jsonl.` }]
      : []),
  ];
}
