import type { Customer } from "../model/customer.ts";
import type { User } from "../model/people.ts";
import type { Procedure } from "../model/procedure.ts";
import type { RolloutState } from "./state.ts";

/**
 * A procedure made from what was really done: the steps, settings and texts that the rollout used, in the version
 * after the one it began with, and what it taught. Customer facts were never in it: texts name them by parameters.
 * @param name - Id of a new procedure; `null` keeps the id and raises the version.
 */
export function promote(used: Procedure, state: RolloutState, name: string | null): Omit<Procedure, "hash"> {
  const { hash: _, ...rest } = used;
  const renamed = name !== null && name !== used.id;
  return {
    ...rest,
    id: name ?? used.id,
    version: renamed ? "1.0.0" : raised(used.version),
    lessons: [...new Set([...used.lessons, ...lessonsOf(state)])],
  };
}

/** "1.4.2" → "1.5.0": other steps or texts of the same procedure. */
function raised(version: string): string {
  const [major = "1", minor = "0"] = version.split(".");
  return `${major}.${Number(minor) + 1}.0`;
}

/** What the next technician is glad to know, in kinds and counts: never who. */
function lessonsOf(state: RolloutState): readonly string[] {
  const findings = new Map<string, number>();
  for (const { cause } of state.findings.values()) findings.set(cause, (findings.get(cause) ?? 0) + 1);
  const kinds = Object.entries(state.exceptions?.counts ?? {}).filter(([, count]) => count > 0);
  const rolledBack = [...state.effects.values()].filter(
    ({ subject, status }) => subject.kind === "policy_state" && subject.state === "report_only" && status === "done",
  ).length;
  return [
    ...[...findings].map(
      ([cause, count]) =>
        `Report-only found ${cause.replaceAll("_", " ")} ${count} time${count === 1 ? "" : "s"}; look for it before announcing.`,
    ),
    ...(kinds.length > 0
      ? [`Exceptions granted: ${kinds.map(([kind, count]) => `${count} ${kind.replaceAll("_", " ")}`).join(", ")}.`]
      : []),
    ...(rolledBack > 0 ? [`${rolledBack} phases were rolled back.`] : []),
  ];
}

/** Shorter words than this occur in any text by chance. */
const SHORTEST_TELLING = 4;

/**
 * The kinds of customer facts that a procedure's words contain; empty when it may be saved. It says where, not what,
 * so that the answer leaks nothing either.
 */
export function leakedFacts(
  procedure: Omit<Procedure, "hash">,
  from: { readonly customer: Customer; readonly state: RolloutState; readonly users: readonly User[] },
): readonly string[] {
  const { customer, state, users } = from;
  const facts: [string, readonly string[]][] = [
    ["the customer's name", [customer.name, customer.slug]],
    ["a domain", domainsOf(users)],
    [
      "a tenant or object id",
      [
        customer.tenantId,
        customer.mspTenantId,
        ...state.groups.values(),
        ...users.flatMap(({ account }) => account?.objectId ?? []),
      ],
    ],
    ["an address", [customer.escalation.address, customer.signoffContact.address, customer.sender.address]],
    [
      "a person's name",
      [customer.escalation.name, customer.signoffContact.name, ...users.map(({ displayName }) => displayName)],
    ],
    ["a link", [customer.guideUrl, customer.faqUrl]],
  ];
  const renamed = procedure.id === state.procedure.id ? {} : { id: procedure.id };
  const places = {
    ...procedure.texts,
    ...renamed,
    title: procedure.title,
    description: procedure.description,
    lessons: procedure.lessons.join("\n"),
  };
  return Object.entries(places).flatMap(([place, text]) => {
    const folded = text.toLowerCase();
    const found = facts.filter(([, words]) =>
      words.some((word) => word.length >= SHORTEST_TELLING && folded.includes(word.toLowerCase())),
    );
    return found.map(([kind]) => `${place} has ${kind}`);
  });
}

const domainsOf = (users: readonly User[]): readonly string[] => [
  ...new Set(
    users.flatMap(({ account }) => [account?.upn, account?.mail].flatMap((address) => address?.split("@")[1] ?? [])),
  ),
];
