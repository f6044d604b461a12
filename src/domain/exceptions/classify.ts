import type { Customer } from "../model/customer.ts";
import { EXCEPTION_KINDS, type Exception, type ExceptionKind, type ExceptionVerdict } from "../model/exception.ts";
import type { UserId } from "../model/ids.ts";
import type { Account, User } from "../model/people.ts";
import { addDays, type CalendarDate } from "../model/time.ts";
import { directorySync } from "./directory-sync.ts";
import { emergencyAccess } from "./emergency-access.ts";
import { onLeave } from "./on-leave.ts";
import { type ExceptionOverride, type OverrideProblem, overrideProblems } from "./overrides.ts";
import { roomOrEquipment } from "./room-or-equipment.ts";
import type { ExceptionRule, RuleContext } from "./rule.ts";
import { serviceAccount } from "./service-account.ts";
import { sharedMailbox } from "./shared-mailbox.ts";

/** The strongest first: of several certain verdicts the first counts. */
const RULES: readonly ExceptionRule[] = [
  emergencyAccess,
  directorySync,
  sharedMailbox,
  roomOrEquipment,
  onLeave,
  serviceAccount,
];

/** Counted from the deadline and not from today, so that the same exceptions give the same table on another day. */
const DEFAULT_EXPIRY_DAYS = 365;

const REASONS: Readonly<Record<ExceptionKind, string>> = {
  emergency_access:
    "Gets administrators back in when multifactor authentication itself fails; has its own strong method.",
  directory_sync: "Synchronises the directory without a person; a prompt would stop the synchronisation.",
  service_account: "A program or device signs in with it and cannot answer a prompt.",
  shared_mailbox: "Nobody signs in to it directly; people open it with their own accounts.",
  room_or_equipment: "A room or device signs in with it and cannot answer a prompt.",
  on_leave: "On leave and not able to register; told and enforced after coming back.",
  other: "",
};

export interface Classification {
  /** By kind as in `EXCEPTION_KINDS`, then by UPN. */
  readonly register: Exception[];
  /** Verdicts that only ask a person; none for a user of the register or of an override. In the order of the list. */
  readonly suggestions: { readonly userId: UserId; readonly verdict: ExceptionVerdict }[];
}

/**
 * Tags the accounts that the policy carves out. Only enabled member accounts can be exceptions: a disabled one signs
 * in nowhere, and guests have their own rules.
 *
 * @returns `problems` instead of a classification when an override cannot be taken; then nothing is classified.
 */
export function classify(input: {
  readonly users: Iterable<User>;
  readonly customer: Customer;
  readonly overrides: readonly ExceptionOverride[];
  readonly today: CalendarDate;
  readonly deadline: CalendarDate;
}): Classification | { readonly problems: OverrideProblem[] } {
  const { users, overrides, ...context } = input;
  const candidates = [...users].flatMap((user) =>
    user.account?.enabled === true && user.account.kind === "member"
      ? [{ user, account: user.account, verdict: strongest(user, context) }]
      : [],
  );
  const seen = new Map(candidates.map(({ user, verdict }) => [user.id, verdict]));
  const problems = overrideProblems(overrides, seen, context.today);
  if (problems.length > 0) return { problems };

  const decided = new Map(overrides.map((override) => [override.userId, override]));
  const register: Exception[] = [];
  const suggestions: { userId: UserId; verdict: ExceptionVerdict }[] = [];
  for (const { user, account, verdict } of candidates) {
    const override = decided.get(user.id);
    if (override?.action === "add") register.push(byOverride(override, { user, account, verdict }));
    else if (override === undefined && verdict?.confidence === "certain") {
      register.push(byRule(verdict, { user, account, context }));
    } else if (override === undefined && verdict !== null) suggestions.push({ userId: user.id, verdict });
  }
  // What ended is no exception any more; a person who wants it to go on says until when.
  return { register: register.filter(({ expires }) => expires >= context.today).sort(inTableOrder), suggestions };
}

/** The first certain verdict in order of precedence, else the first suggestion. */
function strongest(user: User, context: RuleContext): ExceptionVerdict | null {
  const verdicts = RULES.flatMap((rule) => rule(user, context) ?? []);
  return verdicts.find(({ confidence }) => confidence === "certain") ?? verdicts[0] ?? null;
}

function byRule(
  verdict: ExceptionVerdict,
  { user, account, context }: { user: User; account: Account; context: RuleContext },
): Exception {
  const { customer, deadline } = context;
  const manager = verdict.kind === "on_leave" && user.manager?.state === "ok" ? user.manager.displayName : null;
  return {
    ...identity(user, account),
    kind: verdict.kind,
    reason: REASONS[verdict.kind],
    owner: manager ?? customer.escalation.name,
    expires: verdict.expires ?? addDays(deadline, DEFAULT_EXPIRY_DAYS),
    evidence: verdict.evidence,
    source: "rule",
  };
}

function byOverride(
  override: ExceptionOverride,
  { user, account, verdict }: { user: User; account: Account; verdict: ExceptionVerdict | null },
): Exception {
  return {
    ...identity(user, account),
    kind: override.kind ?? verdict?.kind ?? "other",
    reason: override.reason.trim(),
    owner: override.owner.trim(),
    expires: override.expires,
    evidence: ["Decided by a person.", ...(verdict?.evidence ?? [])],
    source: "override",
  };
}

const identity = (user: User, account: Account) => ({
  userId: user.id,
  objectId: account.objectId,
  displayName: user.displayName,
  upn: account.upn,
});

function inTableOrder(a: Exception, b: Exception): number {
  const byKind = EXCEPTION_KINDS.indexOf(a.kind) - EXCEPTION_KINDS.indexOf(b.kind);
  return byKind || (a.upn < b.upn ? -1 : 1);
}
