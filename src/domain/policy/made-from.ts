import type { LivePolicy } from "../model/policy.ts";
import { shortHash } from "../model/short-hash.ts";

/** Another's policy as it stood when a plan was made. `mark` changes with anything that was read of it. */
export interface PolicySeen {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly modifiedAt: string | null;
  readonly mark: string;
}

/** What of the tenant a plan was made from, besides what its gates compare: whoever signs it signs for that tenant. */
export interface MadeFrom {
  readonly securityDefaults: boolean;
  /** By id. Policies of the rollout are left out: its own changes are no news, and gates compare them with the drafts. */
  readonly policies: readonly PolicySeen[];
}

/** What a plan keeps of the tenant that it was made from. Equal tenants give equal results, in whatever order they were read. */
export function madeFrom(
  tenant: { readonly policies: readonly LivePolicy[]; readonly securityDefaults: boolean },
  isOurs: (policy: LivePolicy) => boolean,
): MadeFrom {
  const others = tenant.policies.filter((policy) => !isOurs(policy)).map(seen);
  return {
    securityDefaults: tenant.securityDefaults,
    policies: others.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

/** Lists come in any order, so order is no difference. */
function seen(policy: LivePolicy): PolicySeen {
  const parts = Object.entries(policy)
    .map(([name, value]) => `${name} ${JSON.stringify(Array.isArray(value) ? value.toSorted() : value)}`)
    .sort();
  const { id, displayName, state, modifiedAt } = policy;
  return { id, name: displayName, state, modifiedAt, mark: shortHash(...parts) };
}

/** What is another way now than when the plan was made, one line each; empty when nothing is. */
export function changedSince(then: MadeFrom, now: MadeFrom, quoted: (name: string) => string): readonly string[] {
  const before = new Map(then.policies.map((policy) => [policy.id, policy]));
  const after = new Map(now.policies.map((policy) => [policy.id, policy]));
  const onOff = (on: boolean): string => (on ? "on" : "off");
  return [
    ...(then.securityDefaults === now.securityDefaults
      ? []
      : [`Security defaults were ${onOff(then.securityDefaults)}, are ${onOff(now.securityDefaults)}`]),
    ...now.policies.flatMap((policy) => {
      const was = before.get(policy.id);
      if (was !== undefined && was.mark === policy.mark) return [];
      return [`Policy ${quoted(policy.name)} ${policy.id} ${difference(was, policy)}`];
    }),
    ...then.policies
      .filter(({ id }) => !after.has(id))
      .map(({ id, name, state }) => `Policy ${quoted(name)} ${id} was ${state}, is gone`),
  ];
}

function difference(was: PolicySeen | undefined, { state, modifiedAt }: PolicySeen): string {
  if (was === undefined) return `was not there, is ${state}`;
  if (was.state !== state) return `was ${was.state}, is ${state}`;
  return `is ${state} as before, but says something else${modifiedAt === null ? "" : ` since ${modifiedAt}`}`;
}
