import type { World } from "../../world/world.ts";
import { graphTime } from "./graph-time.ts";
import { LaggedSet } from "./lagged-set.ts";
import type { Json } from "./request-body.ts";
import { helpdeskTeamId } from "./team-store.ts";

/** Longest time for which a new group may not be found by other requests. */
const NEW_GROUP_LAG_MS = 2_000;
/** Longest time for which a member list shows its state before a change. */
const MEMBER_LAG_MS = 1_000;
/** Members of the customer's own pilot group. */
const PILOT_SIZE = 3;

export interface Group {
  readonly id: string;
  readonly properties: Json;
  readonly visibleAt: number;
  /** Ids of accounts and of nested groups. */
  readonly members: LaggedSet;
  /** Groups that are members, as it truly is: every sign-in asks. */
  readonly nested: Set<string>;
}

/** The tenant's groups. */
export class GroupStore {
  readonly #world: World;
  /** Every change of members, for whoever checks what was done to the tenant. */
  readonly history: { readonly at: string; readonly group: string; readonly member: string; readonly isIn: boolean }[] =
    [];
  readonly #groups = new Map<string, Group>();
  #changes = 0;
  #reads = 0;

  constructor(world: World) {
    this.#world = world;
    const pilot = this.#addOld(pilotGroupId(world), "CA pilot: block legacy authentication", "ca-pilot");
    const staff = [...world.accounts.values()].filter(({ department }) => department === world.profile.itDepartment);
    for (const { id } of staff.slice(0, PILOT_SIZE)) this.setMember(pilot, id, true);
    this.#addOld(helpdeskTeamId(world), "IT", "it", ["Unified"]);
  }

  /** Every group, those included that are too new to be seen. */
  get all(): readonly Group[] {
    return [...this.#groups.values()];
  }

  /** A group as a request may find it, `undefined` while it is too new. */
  find(id: string): Group | undefined {
    const group = this.#groups.get(id);
    return group !== undefined && group.visibleAt <= this.#world.now() ? group : undefined;
  }

  exists(id: string): boolean {
    return this.#groups.has(id);
  }

  /** Nothing keeps two groups from having one `mailNickname`: Graph checks it for mail-enabled groups only. */
  create(properties: Json, members: readonly string[]): Group {
    this.#changes += 1;
    const id = this.#world.guid(`group ${this.#changes}`);
    const group = this.#add(
      id,
      { ...defaults(graphTime(this.#world.now())), ...properties, id },
      this.#lag(NEW_GROUP_LAG_MS),
    );
    for (const member of members) this.setMember(group, member, true);
    return group;
  }

  setMember(group: Group, memberId: string, isIn: boolean): void {
    group.members.set(memberId, isIn);
    this.history.push({ at: graphTime(this.#world.now()), group: group.id, member: memberId, isIn });
    if (isIn && this.exists(memberId)) group.nested.add(memberId);
    if (!isIn) group.nested.delete(memberId);
  }

  /** Direct or nested membership as it truly is, for the tenant's own judgement. */
  isMember(groupId: string, memberId: string): boolean {
    const group = this.#groups.get(groupId);
    if (group === undefined) return false;
    return group.members.actual.has(memberId) || group.nested.values().some((inner) => this.isMember(inner, memberId));
  }

  /** Accounts a reader sees in a group and the groups within it. */
  transitiveMembers(group: Group): ReadonlySet<string> {
    const found = new Set<string>();
    for (const id of group.members.shown) {
      const inner = this.#groups.get(id);
      if (inner === undefined) found.add(id);
      else for (const member of this.transitiveMembers(inner)) found.add(member);
    }
    return found;
  }

  #addOld(id: string, displayName: string, mailNickname: string, groupTypes: readonly string[] = []): Group {
    const created = graphTime(Date.parse(this.#world.settings.startsAt) - 400 * 86_400_000);
    const mailEnabled = groupTypes.length > 0;
    const properties = { ...defaults(created), id, displayName, mailNickname, groupTypes, mailEnabled };
    return this.#add(id, properties, 0);
  }

  #add(id: string, properties: Json, lagMs: number): Group {
    const now = (): number => this.#world.now();
    const members = new LaggedSet({
      now,
      lagMs: () => this.#lag(MEMBER_LAG_MS),
      pick: (copies) => Math.floor(this.#world.chance(`group read ${++this.#reads}`) * copies),
    });
    const group = { id, properties, visibleAt: now() + lagMs, members, nested: new Set<string>() };
    this.#groups.set(id, group);
    return group;
  }

  #lag(longest: number): number {
    this.#changes += 1;
    return this.#world.chance(`group change ${this.#changes}`) * longest;
  }
}

/** The group to which the customer's own policy applies. */
export const pilotGroupId = (world: World): string => world.guid("group:ca-pilot");

function defaults(createdDateTime: string): Json {
  return {
    id: "",
    deletedDateTime: null,
    classification: null,
    createdDateTime,
    description: null,
    displayName: null,
    groupTypes: [],
    isAssignableToRole: null,
    mail: null,
    mailEnabled: false,
    mailNickname: null,
    membershipRule: null,
    onPremisesSyncEnabled: null,
    proxyAddresses: [],
    renewedDateTime: createdDateTime,
    securityEnabled: true,
    visibility: null,
  };
}
