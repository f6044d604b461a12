import { createWorld } from "../../../src/sandbox/world/create-world.ts";
import type { Account, World, WorldSettings } from "../../../src/sandbox/world/world.ts";

export const DAY = 86_400_000;
export const HOUR = 3_600_000;
export const START = Date.parse("2026-10-05T13:00:00Z");

export function world(settings: Partial<WorldSettings> = {}): World {
  return createWorld({ company: "larkfield", seed: 1, employees: 214, startsAt: "2026-10-05T13:00:00Z", ...settings });
}

export interface Named {
  readonly id: string;
  readonly employeeId?: string;
}

/** Who is who, as the dump tells it. */
export function cast(of: World): {
  readonly exceptions: Readonly<Record<string, readonly Named[]>>;
  readonly people: Readonly<Record<string, readonly Named[]>>;
} {
  const dump = of.dump();
  // The dump is untyped on purpose: it is for readers outside; the assertions below check what is used of it.
  const people = Object.fromEntries(
    Object.entries(dump).map(([key, value]) => [key, (Array.isArray(value) ? value : [value]) as readonly Named[]]),
  );
  return { exceptions: dump.exceptions as Readonly<Record<string, readonly Named[]>>, people };
}

export function accountOf(of: World, named: Named | undefined): Account {
  const account = of.accounts.get(named?.id ?? "");
  if (account === undefined) throw new Error(`no account ${named?.id}`);
  return account;
}

export const isStrong = (method: string): boolean => method !== "email";
export const isRegistered = ({ methodsRegistered }: Account): boolean => methodsRegistered.some(isStrong);

export function mail(
  of: World,
  to: readonly string[],
  headers: Record<string, string> = { "X-MFA-Rollout-Key": "k" },
): void {
  const sentAt = new Date(of.now()).toISOString();
  of.deliver({ to, cc: [], subject: "Set up MFA", headers, text: "", html: "", sentAt });
}

/** Active people's accounts, those on leave included. */
export function staff(of: World): Account[] {
  const ids = new Set(
    [...of.employees.values()].filter(({ status }) => status === "Active").map(({ workEmail }) => workEmail),
  );
  return [...of.accounts.values()].filter(({ proxyAddresses }) =>
    proxyAddresses.some((address) => ids.has(address.replace(/^smtp:/i, "").toLowerCase())),
  );
}

export const addressOf = (account: Account): string => account.mail ?? account.userPrincipalName;
