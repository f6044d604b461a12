import { z } from "zod";
import { type CalendarDate, dateIn, instant } from "../../domain/model/time.ts";
import type { VendorsDump } from "./vendors-dump.ts";

/** What the plan that replaced security defaults says of who is worse off, as the person signed it. */
export const SwitchPlan = z.object({
  gapMinutes: z.number(),
  weaker: z.array(z.object({ account: z.string(), why: z.string(), until: z.string().nullable() })),
});
export type SwitchPlan = z.output<typeof SwitchPlan>;

type Entra = VendorsDump["entra"];
type User = Entra["users"][number];
type Policy = Entra["policies"][number];

/** How an account is protected: 2, asked for MFA at each sign-in; 1, has to register, or asked at a risk; 0, not asked. */
interface Protection {
  readonly mfa: 0 | 1 | 2;
  readonly legacyBarred: boolean;
}

/** A stretch of time in which an account was less protected than at the start. */
export interface Weakness {
  readonly account: string;
  readonly from: string;
  /** `null`: to the end. */
  readonly until: string | null;
  readonly lacks: "mfa" | "legacy" | "both";
}

/** Role of the account that synchronizes a directory: security defaults never asked it. */
const SYNC_ROLE = "d29b2b05-8046-44ba-8758-1e26182fcf32";

/** The tenant as its protections stood, moved along by what was written to it. */
class Tenant {
  readonly #policies: readonly Policy[];
  readonly #states = new Map<string, string>();
  readonly #members = new Map<string, Set<string>>();
  readonly #perUser = new Map<string, string>();
  #defaultsOn: boolean;

  constructor(entra: Entra) {
    this.#policies = entra.policies;
    const [first] = entra.securityDefaultsHistory;
    this.#defaultsOn = first === undefined ? entra.securityDefaultsEnabled : !first.isEnabled;
    const written = new Set(entra.policyHistory.map(({ id }) => id));
    for (const { id, state } of entra.policies) if (!written.has(id)) this.#states.set(id, state);
    for (const { id, atStart } of entra.users) if (atStart !== null) this.#perUser.set(id, atStart.perUserMfa);
  }

  setDefaults(isEnabled: boolean): void {
    this.#defaultsOn = isEnabled;
  }

  setState(policy: string, state: string): void {
    this.#states.set(policy, state);
  }

  setPerUser(account: string, state: string): void {
    this.#perUser.set(account, state);
  }

  setMember(group: string, member: string, isIn: boolean): void {
    const members = this.#members.get(group) ?? new Set();
    if (isIn) members.add(member);
    else members.delete(member);
    this.#members.set(group, members);
  }

  protectionOf(user: User): Protection {
    const applying = this.#policies.filter(
      (policy) => this.#states.get(policy.id) === "enabled" && this.#isFor(policy, user),
    );
    const byPolicy = applying.some((policy) => controls(policy).includes("mfa")) ? 2 : 0;
    const own = { enabled: 1, enforced: 2 }[this.#perUser.get(user.id) ?? ""] ?? 0;
    const defaults = this.#defaultsOn && !user.roles.includes(SYNC_ROLE);
    const isAskedAlways =
      user.roles.length > 0 && (user.atStart?.methodsRegistered ?? []).some((one) => one !== "email");
    const byDefaults = defaults ? (isAskedAlways ? 2 : 1) : 0;
    return {
      mfa: Math.max(byPolicy, own, byDefaults) as Protection["mfa"], // of numbers from 0 to 2
      legacyBarred: defaults || applying.some(barsLegacy),
    };
  }

  #isFor({ conditions: { users } }: Policy, { id, roles }: User): boolean {
    const isIn = (groups: readonly string[]): boolean => groups.some((group) => this.#members.get(group)?.has(id));
    const included = users.includeUsers.includes("All") || isIn(users.includeGroups);
    const excluded =
      users.excludeUsers.includes(id) ||
      isIn(users.excludeGroups) ||
      roles.some((role) => users.excludeRoles.includes(role));
    return included && !excluded;
  }
}

const controls = ({ grantControls }: Policy): readonly string[] => grantControls?.builtInControls ?? [];

const barsLegacy = (policy: Policy): boolean =>
  policy.conditions.clientAppTypes.some((type) => type === "all" || type === "other") &&
  controls(policy).some((control) => control === "mfa" || control === "block");

/** Every stretch in which an account that was there at the start was less protected than then, from the vendors' own word. */
function weaknesses({ entra }: Pick<VendorsDump, "entra">): readonly Weakness[] {
  const tenant = new Tenant(entra);
  const changes: readonly { readonly at: string; make(): void }[] = [
    ...entra.securityDefaultsHistory.map(({ at, isEnabled }) => ({ at, make: () => tenant.setDefaults(isEnabled) })),
    ...entra.perUserMfaHistory.map(({ at, id, state }) => ({ at, make: () => tenant.setPerUser(id, state) })),
    ...entra.groupHistory.map(({ at, group, member, isIn }) => ({
      at,
      make: () => tenant.setMember(group, member, isIn),
    })),
    ...entra.policyHistory.flatMap(({ at, id, method, body }) => {
      const state = method === "DELETE" ? "deleted" : body?.state;
      return state === undefined ? [] : [{ at, make: () => tenant.setState(id, state) }];
    }),
  ].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));

  // Nobody signs in with an account that was disabled already.
  const users = entra.users.filter(({ atStart }) => atStart?.accountEnabled === true);
  const start = new Map(users.map((user) => [user.id, tenant.protectionOf(user)]));
  const open = new Map<string, Omit<Weakness, "until">>();
  const found: Weakness[] = [];
  for (const { at, make } of changes) {
    make();
    for (const user of users) {
      const lacks = lackOf(start.get(user.id), tenant.protectionOf(user));
      const before = open.get(user.id);
      if (before?.lacks === (lacks ?? undefined)) continue;
      if (before !== undefined) found.push({ ...before, until: at });
      if (lacks === null) open.delete(user.id);
      else open.set(user.id, { account: user.id, from: at, lacks });
    }
  }
  return [...found, ...[...open.values()].map((one) => ({ ...one, until: null }))];
}

function lackOf(before: Protection | undefined, now: Protection): Weakness["lacks"] | null {
  if (before === undefined) return null;
  const [mfa, legacy] = [now.mfa < before.mfa, before.legacyBarred && !now.legacyBarred];
  if (mfa) return legacy ? "both" : "mfa";
  return legacy ? "legacy" : null;
}

/** Those stretches that the signed plan does not name, or that lasted longer than it says. */
export function unsignedWeaknesses(
  { entra, world }: Pick<VendorsDump, "entra" | "world">,
  plan: SwitchPlan | null,
): readonly Weakness[] {
  const off = entra.securityDefaultsHistory.find(({ isEnabled }) => !isEnabled)?.at;
  const gapEnds = off === undefined || plan === null ? 0 : Date.parse(off) + plan.gapMinutes * 60_000;
  const named = new Map(plan?.weaker.map((one) => [one.account, one]));
  const isSigned = ({ account, until, lacks }: Weakness): boolean => {
    if (until !== null && Date.parse(until) <= gapEnds) return true;
    const word = named.get(account);
    if (word === undefined || (lacks !== "mfa" && word.why !== "emergency_access")) return false;
    return word.until === null || (until !== null && dayOf(until, world.timeZone) <= word.until);
  };
  return weaknesses({ entra }).filter((weakness) => !isSigned(weakness));
}

const dayOf = (at: string, timeZone: string): CalendarDate => dateIn(timeZone, instant(at));
