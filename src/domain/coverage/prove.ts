import type { Roster } from "../exceptions/scope.ts";
import type { AccessPolicy, Membership } from "../foresight/access-policy.ts";
import { guestKind } from "../foresight/accounts.ts";
import { type Applies, isFor, type NamedBy, namedBy, type Subject } from "../foresight/applies.ts";
import type { Exception } from "../model/exception.ts";
import type { EntraObjectId, PhaseId, Sha256 } from "../model/ids.ts";
import type { Account, Registration, User } from "../model/people.ts";
import type { CalendarDate } from "../model/time.ts";
import { appliesEverywhere, demandsMfa } from "./demands-mfa.ts";
import { ownPhase } from "./progress-rows.ts";
import type { CoverageState, Gap, ProofLine } from "./proof-line.ts";
import { sentenceFor } from "./why.ts";

/** What the closing proof rests on, read from the tenant at the end, and what people signed. */
export interface Evidence {
  /** Every policy of the tenant, anybody's. */
  readonly policies: readonly AccessPolicy[];
  /** Of every group and role that they name, nested groups included. */
  readonly membership: Membership;
  /** Who is in these groups without another group between. */
  readonly direct: Membership["groups"];
  readonly registrations: ReadonlyMap<EntraObjectId, Registration>;
  /** The canonical list. */
  readonly users: Iterable<User>;
  readonly roster: Roster;
  readonly register: readonly Exception[];
  /** The exceptions table as it was signed; `null`: it was not, or has changed since. */
  readonly signoff: Sha256 | null;
  readonly today: CalendarDate;
}

/** Whom a policy is for, and how it comes to that. */
interface Reach {
  readonly policy: AccessPolicy;
  readonly applies: Applies;
  readonly included: NamedBy | null;
  /** What leaves an account out that is included. */
  readonly spared: NamedBy | null;
}

export interface Verdict {
  readonly state: CoverageState;
  readonly gap: Gap | null;
  readonly reach: Reach | null;
}

/** Gives the line of any account of the tenant; each rests on the evidence alone, so accounts may stream by. */
export function prover(evidence: Evidence): (account: Account) => ProofLine {
  const { policies, membership, direct, register, roster, registrations, signoff, today } = evidence;
  const everywhere = policies.filter((policy) => demandsMfa(policy) && appliesEverywhere(policy));
  const conditional = policies.filter((policy) => demandsMfa(policy) && !appliesEverywhere(policy));
  const exceptions = new Map(register.map((exception) => [exception.objectId, exception]));
  const people = peopleIn(evidence.users, roster);

  return (account) => {
    const { objectId, upn, kind, enabled } = account;
    const subject = { objectId, guest: guestKind(account) };
    const reachOf = (policy: AccessPolicy): Reach => reach(policy, subject, membership);
    const exception = exceptions.get(objectId) ?? null;
    const standing = exception === null ? null : standingOf(exception, { signoff, today });
    const verdict = verdictOf({
      enabled,
      standing,
      isReturning: people.get(objectId)?.isReturning === true,
      everywhere: everywhere.map(reachOf),
      conditional: conditional.map(reachOf),
    });
    const person = people.get(objectId);
    const registration = registrations.get(objectId);
    const facts = {
      objectId,
      upn,
      kind,
      department: person === undefined ? account.department : person.department,
      state: verdict.state,
      gap: verdict.gap,
      ...policyPart(verdict.reach, objectId, direct),
      ...exceptionPart(exception, signoff),
      phase: person?.phase ?? null,
      listed: person !== undefined,
      reported: registration !== undefined,
      registered: registration?.registered === true,
      capable: registration?.capable === true,
      methods: registration?.methods ?? [],
    };
    return { ...facts, why: sentenceFor(facts) };
  };
}

interface Person {
  readonly isReturning: boolean;
  readonly department: string | null;
  readonly phase: PhaseId | null;
}

function peopleIn(users: Iterable<User>, roster: Roster): ReadonlyMap<EntraObjectId, Person> {
  const phases = new Map(
    [...roster.byPhase].flatMap(([phase, members]) => members.map(({ id }) => [id, phase] as const)),
  );
  const people = new Map<EntraObjectId, Person>();
  for (const user of users) {
    if (user.account === null) continue;
    const phase = roster.excepted.has(user.id) ? ownPhase(user, roster) : (phases.get(user.id) ?? null);
    const isReturning = roster.returning.has(user.id);
    people.set(user.account.objectId, { department: user.department, phase, isReturning });
  }
  return people;
}

function reach(policy: AccessPolicy, subject: Subject, membership: Membership): Reach {
  const by = (side: "include" | "exclude"): NamedBy | null =>
    policy.users === null ? null : namedBy(policy.users[side], subject, membership);
  return { policy, applies: isFor(policy, subject, membership), included: by("include"), spared: by("exclude") };
}

type Standing = "in_force" | "exception_expired" | "exception_not_signed";

function standingOf(exception: Exception, { signoff, today }: Pick<Evidence, "signoff" | "today">): Standing {
  if (exception.expires < today) return "exception_expired";
  return signoff === null ? "exception_not_signed" : "in_force";
}

/** What the tenant does goes before what was meant: an excepted account that a policy covers all the same is enforced. */
function verdictOf(account: {
  readonly enabled: boolean;
  readonly standing: Standing | null;
  /** Left out for as long as the date told is still to come. */
  readonly isReturning: boolean;
  readonly everywhere: readonly Reach[];
  readonly conditional: readonly Reach[];
}): Verdict {
  const { everywhere, conditional, standing } = account;
  const applying = (state: AccessPolicy["state"], among = everywhere): Reach | null =>
    among.find(({ policy, applies }) => policy.state === state && applies === "yes") ?? null;
  const sparing = (state: AccessPolicy["state"]): Reach | null =>
    everywhere.find(({ policy, included, spared }) => policy.state === state && included !== null && spared !== null) ??
    null;
  const enforced = applying("enforced");
  const reportOnly = applying("report_only");
  const left = sparing("enforced") ?? (reportOnly === null ? sparing("report_only") : null);

  if (enforced === null && standing === "in_force") return { state: "excepted", gap: null, reach: left };
  if (!account.enabled) return { state: "cannot_sign_in", gap: null, reach: enforced };
  if (enforced !== null) return { state: "enforced", gap: null, reach: enforced };
  const gap = (name: Gap, found: Reach | null): Verdict => ({ state: "not_covered", gap: name, reach: found });
  if (left !== null && account.isReturning) return gap("under_notice", left);
  if (left !== null) return gap(standing === null || standing === "in_force" ? "carved_out" : standing, left);
  if (reportOnly !== null) return { state: "report_only", gap: null, reach: reportOnly };
  const undecided = everywhere.find(({ policy, applies }) => policy.state === "enforced" && applies === "unknown");
  if (undecided !== undefined) return gap("cannot_be_told", undecided);
  const partly = applying("enforced", conditional);
  if (partly !== null) return gap("conditional", partly);
  const disabled = applying("disabled");
  return gap(disabled === null ? "no_policy" : "policy_disabled", disabled);
}

function policyPart(
  found: Reach | null,
  objectId: EntraObjectId,
  direct: Evidence["direct"],
): Pick<ProofLine, "policyId" | "policyName" | "policyState" | "by" | "through" | "nested"> {
  if (found === null) {
    return { policyId: null, policyName: null, policyState: null, by: null, through: null, nested: null };
  }
  const { policy, included, spared } = found;
  const named = spared ?? included;
  const through = named?.id ?? null;
  return {
    policyId: policy.id,
    policyName: policy.displayName,
    policyState: policy.state,
    by: named?.part ?? null,
    through,
    nested: named?.part === "group" ? direct.get(named.id ?? "")?.has(objectId) !== true : null,
  };
}

function exceptionPart(
  exception: Exception | null,
  signoff: Sha256 | null,
): Pick<ProofLine, "exception" | "exceptionKind" | "owner" | "expires" | "signoff"> {
  if (exception === null) return { exception: null, exceptionKind: null, owner: null, expires: null, signoff: null };
  const { userId, kind, owner, expires } = exception;
  return { exception: userId, exceptionKind: kind, owner, expires, signoff };
}
