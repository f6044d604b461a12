import fc from "fast-check";
import { expect, it } from "vitest";
import type { Exception } from "../../../src/domain/model/exception.ts";
import { CLOSING_PHASE, type EntraObjectId, type PhaseId, type UserId } from "../../../src/domain/model/ids.ts";
import type { User } from "../../../src/domain/model/people.ts";
import { addDays } from "../../../src/domain/model/time.ts";
import { toldOf } from "../../../src/domain/phases/told-date.ts";
import { groupNickname } from "../../../src/domain/policy/groups.ts";
import type { Next, Wait } from "../../../src/domain/rollout/next/answer.ts";
import { exception, IT, SALES, user } from "../../support/rollout-facts.ts";
import { attend, perform } from "../../support/rollout-play.ts";
import { type Story, story } from "../../support/rollout-story.ts";

const KINDS = ["joiner", "leaver", "mover", "leave", "exception", "disabled", "enabled", "renamed"] as const;
type Kind = (typeof KINDS)[number];

const change = fc.record({
  turn: fc.nat(160),
  kind: fc.constantFrom(...KINDS),
  who: fc.nat(20),
  days: fc.integer({ min: 1, max: 20 }),
  to: fc.constantFrom("IT", "Sales", "Law", null),
});
type Change = { readonly kind: Kind; readonly who: number; readonly days: number; readonly to: string | null };

const MOST_TURNS = 900;

it("tells everybody once and before their enforcement, whoever comes, goes, moves or is away", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 14 }), fc.integer({ min: 5, max: 90 }), (changes, minutes) => {
      const told = story({
        people: [10, 11, 12, 20, 21, 22, 30].map((n) =>
          user(n, { department: DEPARTMENTS[Math.floor(n / 10)] ?? null }),
        ),
        register: [exception(1, { kind: "emergency_access" })],
      });
      const watch = watchOver(told);
      expect(play(told, { changes, minutes, watch })).toBe("finished");
      expectAccountedFor(told);
    }),
    { numRuns: 100, verbose: 1 },
  );
});

const DEPARTMENTS: Readonly<Record<number, string>> = { 1: "IT", 2: "Sales" };

/** Follows `next` while people change; whoever is waited for does their part. */
function play(
  told: Story,
  run: { readonly changes: readonly (Change & { turn: number })[]; readonly minutes: number; watch(): void },
): Next["do"] {
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    for (const [index, one] of run.changes.entries()) if (one.turn === turn) happen(told, one, 50 + index);
    const todo = told.next();
    if (todo.do === "finished") return "finished";
    if (todo.do === "call") perform(told, todo);
    else attendTo(told, todo);
    run.watch();
    told.pass(run.minutes / 60);
  }
  throw new Error(`not finished: ${JSON.stringify(told.next())}`);
}

function attendTo(told: Story, wait: Wait): void {
  if (wait.for === "time" && (wait.until === null || wait.until <= told.now))
    throw new Error(`a wait for a time that is past or never comes: ${wait.why}`);
  attend(told, wait);
}

function happen(told: Story, { kind, who, days, to }: Change, number: number): void {
  const { people, register } = told.told;
  const somebody = people[who % people.length];
  if (somebody === undefined) return;
  const put = (changed: User): void => {
    told.told.people = people.map((one) => (one.id === changed.id ? changed : one));
  };
  const enable = (enabled: boolean): void => {
    if (somebody.account !== null) put({ ...somebody, account: { ...somebody.account, enabled } });
  };
  const grant = (given: Partial<Exception>): void => {
    const n = people.indexOf(somebody);
    const { id: userId, account: its } = somebody;
    if (its === null || register.some((one) => one.userId === userId)) return;
    const expires = addDays(told.view().today, days);
    told.told.register = [...register, exception(n, { userId, objectId: its.objectId, expires, ...given })];
  };
  switch (kind) {
    case "joiner":
      told.told.people = [...people, user(number, { department: to })];
      return;
    case "leaver":
      if (people.length > 2) told.told.people = people.filter(({ id }) => id !== somebody.id);
      return;
    case "mover":
      put({ ...somebody, department: to });
      return;
    case "leave":
      grant({ kind: "on_leave" });
      return;
    case "exception":
      grant({ kind: "other", source: "override" });
      return;
    case "disabled":
      enable(false);
      return;
    case "enabled":
      enable(true);
      return;
    case "renamed":
      told.told.people = people.map((one) =>
        one.department === somebody.department && one.department !== null
          ? { ...one, department: `${one.department} ${days}` }
          : one,
      );
  }
}

/** Whom the policies cover, judged after each turn by what was put into their groups, and by no rule of ours. */
function watchOver(told: Story): () => void {
  const coveredBefore = new Set<UserId>();
  return () => {
    const { state } = told;
    const isEnforced = (phase: PhaseId): boolean => state.policies.get(phase)?.state === "enforced";
    const left = inGroup(told, "exceptions").union(inGroup(told, "emergency"));
    const held = new Set([IT, SALES].filter(isEnforced).flatMap((phase) => [...inGroup(told, phase)]));
    const today = told.view().today;
    const dates = toldOf(state);
    for (const { id, account: its } of told.listed) {
      const covered =
        its?.enabled === true && !left.has(its.objectId) && (isEnforced(CLOSING_PHASE) || held.has(its.objectId));
      const isNew = covered && !coveredBefore.has(id);
      if (covered) coveredBefore.add(id);
      else coveredBefore.delete(id);
      // Who comes when everybody is enforced already is covered from the first day.
      const closedBefore = isEnforced(CLOSING_PHASE) && (state.policies.get(CLOSING_PHASE)?.since ?? "") < told.now;
      if (!isNew || (closedBefore && !wasSpared(told, its?.objectId))) continue;
      expect(dates.get(id)?.date, `${id} is enforced without being told`).toBeDefined();
      expect((dates.get(id)?.date ?? "9999") <= today, `${id} is enforced before the date told`).toBe(true);
      const granted = told.registered.find(({ userId, expires }) => userId === id && expires >= today);
      expect(granted, `${id} is enforced and excepted`).toBeUndefined();
    }
    expectEachInOnePhase(told);
  };
}

/** Whether an account was in the group of exceptions before this filling of it. */
const wasSpared = ({ groups, state }: Story, objectId: EntraObjectId | undefined): boolean =>
  objectId !== undefined &&
  [...groups].some(([key, members]) => key.startsWith(groupNickname(state.id, "exceptions")) && members.has(objectId));

function inGroup({ state, groups }: Story, purpose: PhaseId | "exceptions" | "emergency"): ReadonlySet<EntraObjectId> {
  const nickname = groupNickname(state.id, purpose);
  return groups.get(`${nickname} ${state.groupMembers.get(nickname)}`) ?? new Set();
}

function expectEachInOnePhase(told: Story): void {
  const { roster } = told.view();
  if (roster === null) return;
  const placed = [...roster.byPhase.values()].flat().map(({ id }) => id);
  expect(new Set(placed).size, "in two phases").toBe(placed.length);
  const elsewhere = [...roster.excepted, ...roster.outOfScope.map(({ user: one }) => one.id)];
  expect([...placed, ...elsewhere].sort(), "in none").toEqual(told.listed.map(({ id }) => id).sort());
}

/** At the end nobody is left: told once, and covered unless excepted. */
function expectAccountedFor(told: Story): void {
  const sent = [...told.state.effects.values()].flatMap(({ subject }) =>
    subject.kind === "mail" && subject.mail === "announcement" ? [subject.userId] : [],
  );
  expect(new Set(sent).size, "mailed twice").toBe(sent.length);
  const { roster } = told.view();
  const inScope = [...(roster?.byPhase.values() ?? [])].flat();
  expect(
    inScope.filter(({ id }) => !sent.includes(id)),
    "never told",
  ).toEqual([]);
  expect(told.state.policies.get(CLOSING_PHASE)?.state).toBe("enforced");
}
