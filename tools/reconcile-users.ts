import { z } from "zod";
import type { EntraObjectId } from "../src/domain/model/ids.ts";
import type { Account, Employee, JoinFinding, Registration, User } from "../src/domain/model/people.ts";
import type { CalendarDate } from "../src/domain/model/time.ts";
import { changes, type ListChanges } from "../src/domain/reconcile/changes.ts";
import { mailboxCandidates } from "../src/domain/reconcile/mailbox-candidates.ts";
import { reconcile } from "../src/domain/reconcile/reconcile.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { rolloutField } from "../src/kit/fields.ts";
import { tally } from "../src/kit/tally.ts";
import type { OpenRollout, ToolContext } from "../src/kit/tool-context.ts";
import { untrusted } from "../src/kit/untrusted-text.ts";
import type { DirectoryPort } from "../src/ports/directory.ts";
import type { HrPort } from "../src/ports/hr.ts";

const FINDINGS_SHOWN = 10;
const USERS_SHOWN = 5;
/** Sources read at the same time; mailboxes, which depend on them, come after. */
const READS = 4;

export const reconcileUsers = defineTool({
  name: "reconcile_users",
  title: "Reconcile users",
  description:
    "Reads HR, Entra ID and the MFA registration report in one go, joins employees and accounts, and stores the " +
    "canonical list. Says what does not fit and who joined, left or moved since the last time. Read details with list_users.",
  approval: "record",
  idempotent: true,
  connectors: ["hr", "directory"],
  input: z.strictObject({ rollout: rolloutField }),
  output: z.strictObject({
    employees_active: z.number().int(),
    accounts: z.number().int(),
    correlated: z.number().int(),
    orphan_accounts: z.number().int(),
    missing_accounts: z.number().int(),
    registered: z.number().int(),
    capable: z.number().int(),
    unknown_registration: z.number().int(),
    joiners: z.number().int(),
    leavers: z.number().int(),
    movers: z.number().int(),
    renamed: z.array(z.strictObject({ from: z.string(), to: z.string() })).describe("Departments with a new name"),
    findings: z.array(z.strictObject({ kind: z.string(), what: z.string(), user_ids: z.array(z.string()) })),
    findings_total: z.number().int(),
    sources: z.array(z.string()),
  }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    const hr = await open.vendor("hr");
    const directory = await open.vendor("directory");
    const { employees, accounts, registrations, directorySync } = await readAtOnce(
      { hr, directory },
      open.today,
      context,
    );
    const purposes = await directory.mailboxPurposes(mailboxCandidates(employees, accounts), {
      signal: context.signal,
    });

    const people = { employees, accounts, registrations, purposes, directorySync, today: open.today };
    const { users, findings, counts } = reconcile(people);
    const { renamed, ...changed } = await changesSince(open, users);
    const list = await context.documents.putLines(users);
    const stored = await context.documents.putLines(findings);
    const sources = sourceNotes(
      context,
      { hr: hr.source, directory: directory.source },
      { employees, accounts, registrations, asked: purposes },
    );
    await open.record({
      type: "users_reconciled",
      data: {
        list: list.hash,
        findings: stored.hash,
        findingCounts: tally(findings.map(({ kind }) => kind)),
        counts,
        sources,
        ...changed,
        ...(renamed.length > 0 && { renamed }),
      },
    });
    await open.stepDone("reconcile_users", {}, `${counts.users} users`);
    return {
      employees_active: counts.employeesActive,
      accounts: counts.accounts,
      correlated: counts.correlated,
      orphan_accounts: counts.orphanAccounts,
      missing_accounts: counts.missingAccounts,
      registered: counts.registered,
      capable: counts.capable,
      unknown_registration: counts.unknownRegistration,
      joiners: changed.joiners.length,
      leavers: changed.leavers.length,
      movers: changed.movers.length,
      renamed: renamed.map(({ from, to }) => ({ from: untrusted(from, 60), to: untrusted(to, 60) })),
      findings: findings.slice(0, FINDINGS_SHOWN).map(shownFinding),
      findings_total: findings.length,
      sources: sources.map(({ source, call, count, at }) => `${count} from ${source}, ${call}, ${at}`),
    };
  },

  summarize: (answer) =>
    `${answer.employees_active} active employees, ${answer.accounts} accounts: ${answer.correlated} joined, ` +
    `${answer.orphan_accounts} accounts without employee, ${answer.missing_accounts} employees without account. ` +
    `${answer.capable} can answer an MFA prompt. Since the last look: ${answer.joiners} joined, ${answer.leavers} left, ${answer.movers} moved. ` +
    `${answer.findings_total} things to look at${answer.findings.length > 0 ? `, first: ${answer.findings[0]?.what} (${answer.findings[0]?.user_ids.join(", ")})` : ""}.`,
});

/** Reads at once, since each source waits for another service; the first that fails stops the others. */
async function readAtOnce(
  { hr, directory }: { readonly hr: HrPort; readonly directory: DirectoryPort },
  today: CalendarDate,
  { signal, progress }: ToolContext<never>,
) {
  const stop = new AbortController();
  const call = { signal: AbortSignal.any([signal, stop.signal]) };
  let done = 0;
  const reported = async <T>(what: string, work: Promise<T>): Promise<T> => {
    const result = await work;
    done += 1;
    await progress(done, READS, `${what} read`);
    return result;
  };
  const [employees, accounts, registrations, directorySync] = await Promise.all([
    reported("employees", Array.fromAsync(hr.listEmployees({ today, ...call }))),
    reported("accounts", Array.fromAsync(directory.listAccounts(call))),
    reported("registration report", Array.fromAsync(directory.listRegistrations(call))),
    reported("directory synchronisation accounts", directory.listDirectorySyncAccounts(call)),
  ]).finally(() => stop.abort());
  return { employees, accounts, registrations, directorySync };
}

const shownFinding = ({ kind, explanation, userIds }: JoinFinding) => ({
  kind,
  what: untrusted(explanation, 220),
  user_ids: userIds.slice(0, USERS_SHOWN),
});

async function changesSince(open: OpenRollout<never>, users: readonly User[]): Promise<ListChanges> {
  if (open.state.list === null) return { joiners: [], leavers: [], movers: [], renamed: [] };
  return changes(await open.users(), users);
}

/** Where each number of the list comes from. The connectors fail rather than return a part, so each is complete. */
function sourceNotes(
  { now }: ToolContext<never>,
  names: { readonly hr: string; readonly directory: string },
  read: {
    readonly employees: readonly Employee[];
    readonly accounts: readonly Account[];
    readonly registrations: readonly Registration[];
    readonly asked: ReadonlyMap<EntraObjectId, unknown>;
  },
) {
  const note = (source: string, call: string, count: number) => ({ source, call, at: now, count, complete: true });
  return [
    note(names.hr, "employees with employment status and time off", read.employees.length),
    note(names.directory, "users with manager", read.accounts.length),
    note(names.directory, "userRegistrationDetails", read.registrations.length),
    note(names.directory, "mailboxSettings/userPurpose", read.asked.size),
  ];
}
