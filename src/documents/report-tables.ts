import { RECOUNTS } from "../domain/coverage/proof-tally.ts";
import type { ReportFacts } from "../domain/coverage/report-facts.ts";
import type { Table } from "./report-blocks.ts";
import { dateTime, number, words } from "./report-format.ts";

export const exceptionTable = ({ exceptions }: ReportFacts): Table => ({
  kind: "table",
  columns: [
    { title: "Account", share: 5 },
    { title: "Kind", share: 3 },
    { title: "Reason", share: 6 },
    { title: "Owner", share: 3 },
    { title: "Expires", share: 2 },
  ],
  rows: exceptions.map(({ displayName, upn, kind, reason, owner, expires }) => [
    `${displayName}\n${upn}`,
    words(kind),
    reason,
    owner,
    expires,
  ]),
  empty: "There are no exceptions.",
});

export const policyTable = ({ policies, timeZone }: ReportFacts): Table => ({
  kind: "table",
  columns: [
    { title: "Policy", share: 6 },
    { title: "History", share: 5 },
    { title: "Live against approved", share: 5 },
  ],
  rows: policies.map(({ name, policyId, changes, differences }) => [
    `${name}\n${policyId ?? "never created"}`,
    changes.map(({ at, state }) => `${dateTime(at, timeZone)} ${words(state)}`).join("\n"),
    differences === null ? "not looked at" : differences.length === 0 ? "identical" : differences.join("\n"),
  ]),
  empty: "No policy was made.",
});

export const holdoutTable = ({ holdouts }: ReportFacts): Table => ({
  kind: "table",
  columns: [
    { title: "Account", share: 5 },
    { title: "Department", share: 3 },
    { title: "State", share: 4 },
    { title: "Done so far", share: 5 },
  ],
  rows: holdouts.map(({ upn, department, enforced, done }) => [
    upn,
    department ?? "–",
    enforced ? "enforced: cannot sign in until enrolled" : "not enforced yet",
    done,
  ]),
  empty: "There are no holdouts.",
});

export const findingTable = ({ findings, timeZone }: ReportFacts): Table => ({
  kind: "table",
  columns: [
    { title: "Account and client", share: 6 },
    { title: "Cause", share: 3 },
    { title: "Seen", share: 4 },
    { title: "Outcome", share: 6 },
  ],
  rows: findings.map((finding) => [
    `${finding.upn}\n${finding.appName}, ${finding.clientApp}`,
    words(finding.cause),
    `${number(finding.count)}×, last ${dateTime(finding.lastSeen, timeZone)}`,
    finding.status === "open"
      ? `open. ${finding.remedy}`
      : `${words(finding.status)} by ${finding.resolvedBy ?? "–"}: ${finding.why ?? "–"}`,
  ]),
  empty: "There were no findings.",
});

export const sourceTable = ({ sources, timeZone }: ReportFacts): Table => ({
  kind: "table",
  columns: [
    { title: "Source", share: 4 },
    { title: "Call", share: 7 },
    { title: "Read at", share: 3 },
    { title: "Records", share: 2, align: "right" },
    { title: "Read whole", share: 2 },
  ],
  rows: sources.map(({ source, call, at, count, complete }) => [
    source,
    call,
    dateTime(at, timeZone),
    number(count),
    complete ? "whole" : "incomplete",
  ]),
  empty: "No source is on record.",
});

export const recountTable = ({ totals }: ReportFacts): Table => ({
  kind: "table",
  columns: [
    { title: "Accounts", share: 2, align: "right" },
    { title: "That are", share: 3 },
    { title: "Text in the line", share: 6 },
  ],
  rows: [
    [number(totals.accounts), "in the tenant", "every line"],
    ...RECOUNTS.map(({ total, text }) => [number(totals[total]), words(total), text]),
  ],
  empty: "",
});

export const accountTable = (accounts: ReportFacts["accounts"]): Table => ({
  kind: "table",
  columns: [
    { title: "Account", share: 6 },
    { title: "Department", share: 3 },
    { title: "State", share: 3 },
    { title: "Can use MFA", share: 2 },
    { title: "Why", share: 6 },
  ],
  rows: accounts.map(({ upn, department, kind, state, capable, why }) => [
    upn,
    kind === "guest" ? "guest" : (department ?? "–"),
    words(state),
    capable ? "can" : "cannot",
    why,
  ]),
  empty: "There are no accounts.",
});

/**
 * Insurers ask by access path and number their questions anew in each edition, so the report names paths, not
 * questions. The carriers' forms that ask for each of these are public; wording here is ours.
 */
export const accessPaths: Table = {
  kind: "table",
  columns: [
    { title: "Access path", share: 5 },
    { title: "This report", share: 3 },
    { title: "Remark", share: 8 },
  ],
  rows: [
    [
      "E-mail and other Microsoft 365 services",
      "shows it",
      "For the accounts under an enforced policy in section 7; not for the exceptions in section 1.",
    ],
    [
      "Cloud applications that sign in through Entra ID",
      "shows it",
      "For the same accounts. Applications with their own passwords are not covered.",
    ],
    [
      "Administration of the cloud tenant",
      "shows it in part",
      "Administrators' accounts are in section 7. The service provider's technicians sign in under their own tenant's policies.",
    ],
    [
      "Remote network access: VPN, RDP, gateways",
      "does not show it",
      "Needs evidence from the gateway, or proof that it signs in through Entra ID.",
    ],
    [
      "Administration of on-premises directory services",
      "does not show it",
      "Conditional Access does not reach Active Directory.",
    ],
    ["Backup environments", "does not show it", "Needs evidence from the backup console."],
    ["Network equipment: firewalls, routers, switches", "does not show it", "Needs evidence from each system."],
    [
      "Local administrators of endpoints and servers",
      "does not show it",
      "Conditional Access does not reach local accounts.",
    ],
    [
      "Service principals and other workload identities",
      "does not show it",
      "User-scoped policies do not apply to them.",
    ],
  ],
  empty: "",
};
