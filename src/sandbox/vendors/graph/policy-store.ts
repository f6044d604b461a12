import type { World } from "../../world/world.ts";
import { graphTime } from "./graph-time.ts";
import { initialPolicies } from "./initial-policies.ts";
import type { Policy, PolicyBody } from "./policy.ts";
import type { Json } from "./request-body.ts";

/** Longest time for which a read shows the state before a write. */
const READ_LAG_MS = 3_000;
/** Longest time after which a change bites. Microsoft promises a day; half an hour keeps a day's story whole. */
const EFFECT_LAG_MS = 30 * 60_000;

interface Version {
  /** `null`: deleted. */
  readonly policy: Policy | null;
  readonly visibleAt: number;
  readonly effectiveAt: number;
}

/** A write that was accepted, for whoever checks what was done to the tenant. */
interface Write {
  readonly at: string;
  readonly method: "POST" | "PATCH" | "DELETE";
  readonly id: string;
  readonly body: Json | null;
  /** App id of another tool that did it; left out for the app that calls. */
  readonly by?: string;
}

/** Conditional Access policies with every version they had, because readers and sign-ins meet a new one late. */
export class PolicyStore {
  readonly history: Write[] = [];
  readonly #world: World;
  readonly #versions = new Map<string, Version[]>();
  #inForce: { readonly from: number; readonly until: number; readonly policies: readonly Policy[] } | null = null;

  constructor(world: World) {
    this.#world = world;
    for (const policy of initialPolicies(world)) this.addOld(policy);
  }

  /** A policy that was there before anybody looked. */
  addOld(policy: Policy): void {
    this.#versions.set(policy.id, [{ policy, visibleAt: 0, effectiveAt: 0 }]);
    this.#inForce = null;
  }

  /** Every policy as it truly is. */
  get latest(): readonly Policy[] {
    return this.#select((versions) => versions.at(-1));
  }

  /** Every policy as a read shows it now. */
  get visible(): readonly Policy[] {
    const now = this.#world.now();
    return this.#select((versions) => versions.findLast(({ visibleAt }) => visibleAt <= now));
  }

  /** The policies that judge a sign-in at `at`, in ms. Asked for every sign-in, so the answer is kept. */
  inForce(at: number): readonly Policy[] {
    if (this.#inForce !== null && this.#inForce.from <= at && at < this.#inForce.until) return this.#inForce.policies;
    const boundaries = [...this.#versions.values()].flat().map(({ effectiveAt }) => effectiveAt);
    const from = Math.max(0, ...boundaries.filter((boundary) => boundary <= at));
    const until = Math.min(Number.POSITIVE_INFINITY, ...boundaries.filter((boundary) => boundary > at));
    const policies = this.#select((versions) => versions.findLast(({ effectiveAt }) => effectiveAt <= at));
    this.#inForce = { from, until, policies };
    return policies;
  }

  create(body: PolicyBody, sent: Json): Policy {
    const id = this.#world.guid(`policy ${this.history.length}`);
    const createdDateTime = graphTime(this.#world.now());
    const policy = { ...body, id, templateId: null, createdDateTime, modifiedDateTime: null };
    this.#write({ id, method: "POST", policy, sent });
    return policy;
  }

  /** @param by - App id of another tool than the one that calls. */
  update(policy: Policy, sent: Json, by?: string): void {
    const modified = { ...policy, modifiedDateTime: graphTime(this.#world.now()) };
    this.#write({ id: policy.id, method: "PATCH", policy: modified, sent, ...(by !== undefined && { by }) });
  }

  delete(id: string): void {
    this.#write({ id, method: "DELETE", policy: null, sent: null });
  }

  #write(write: Omit<Write, "at" | "body"> & { policy: Policy | null; sent: Json | null }): void {
    const { policy, sent, ...made } = write;
    const { id } = made;
    const now = this.#world.now();
    const luck = (of: string): number => this.#world.chance(`policy ${of} ${this.history.length}`);
    const versions = this.#versions.get(id) ?? [];
    const last = versions.at(-1);
    versions.push({
      policy,
      // A later write never shows or bites before an earlier one.
      visibleAt: Math.max(last?.visibleAt ?? 0, now + luck("read") * READ_LAG_MS),
      effectiveAt: Math.max(last?.effectiveAt ?? 0, now + luck("effect") * EFFECT_LAG_MS),
    });
    this.#versions.set(id, versions);
    this.history.push({ at: graphTime(now), ...made, body: sent });
    this.#inForce = null;
  }

  #select(pick: (versions: readonly Version[]) => Version | undefined): readonly Policy[] {
    return [...this.#versions.values()].flatMap((versions) => pick(versions)?.policy ?? []);
  }
}
