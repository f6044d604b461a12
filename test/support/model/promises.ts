import { join } from "node:path";
import { expect } from "vitest";
import { z } from "zod";
import { CLOSING_PHASE } from "../../../src/domain/model/ids.ts";
import type { LedgerEntry } from "../../../src/domain/rollout/events.ts";
import type { RolloutState } from "../../../src/domain/rollout/state.ts";
import { verifyLedger } from "../../../src/ledger/verify-ledger.ts";
import type { Harness } from "../harness.ts";
import { grantedNow } from "./exceptions-table.ts";
import type { Model, PhaseModel } from "./model.ts";
import { expectNothingTwice } from "./twice.ts";

const Id = z.string();
const Policy = z.object({
  id: Id,
  displayName: z.string(),
  state: z.string(),
  conditions: z.object({
    users: z.object({ includeGroups: z.array(Id), excludeUsers: z.array(Id), excludeGroups: z.array(Id) }),
  }),
});
/** What the promises are judged by, of all that the vendors hold. */
const Vendors = z.object({
  gmail: z.object({
    sent: z.array(z.object({ to: z.array(z.string()), headers: z.record(z.string(), z.string()) })),
  }),
  entra: z.object({
    policies: z.array(Policy),
    policyHistory: z.array(
      z.object({ at: z.string(), id: Id, body: z.looseObject({ state: z.string().optional() }).nullable() }),
    ),
    groups: z.array(z.object({ id: Id, members: z.array(Id) })),
    users: z.array(z.object({ id: Id, mail: z.string().nullable() })),
  }),
  teams: z.object({ messages: z.array(z.unknown()) }),
  connectwise: z.object({ projects: z.array(z.unknown()) }),
  powerBi: z.object({ datasets: z.array(z.unknown()) }),
});
type Vendors = z.output<typeof Vendors>;

const HOUR_MS = 3_600_000;
const OURS = "MFA rollout: ";
/** Kinds of mail of which nobody gets a second one. A reminder is judged anew when it is sent. */
const ONCE_EACH = new Set(["announcement", "enforcement_notice", "chase"]);
/** Friday, Saturday and Sunday, as the shipped procedure freezes them. */
const FROZEN = new Set(["Fri", "Sat", "Sun"]);

/** Everything there is to judge a step by, but for the model: what the vendors hold and what the ledger says. */
interface Facts {
  readonly vendors: Vendors;
  readonly entries: readonly LedgerEntry[];
  readonly state: RolloutState;
  readonly emergency: readonly string[];
}

/** Holds what the vendors hold, and what the ledger says, against product.md's promises and the model. */
export async function expectPromises(office: Harness, model: Model): Promise<void> {
  const { rollout } = model;
  expect(await verifyLedger(join(office.home, "rollouts", rollout, "ledger.jsonl"))).toMatchObject({ ok: true });
  const ledger = await office.ledger(rollout);
  const held = await office.box.dump();
  const facts: Facts = {
    vendors: Vendors.parse(held),
    // The chain was verified, so every line is an entry.
    entries: ledger
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as LedgerEntry),
    state: await (await office.office.parts.store.open(rollout)).state(),
    emergency: model.emergency,
  };
  expectMailedOnce(facts);
  expectNothingTwice(held);
  expectSigned(facts);
  expectEmergencyAccessLeftOut(facts);
  expectPolicies(facts, model);
}

function expectMailedOnce({ vendors, emergency }: Facts): void {
  const mails = vendors.gmail.sent.map(({ headers, to }) => ({
    key: headers["X-MFA-Rollout-Key"] ?? "",
    to: to.join(),
  }));
  expect(repeated(mails.map(({ key }) => key)), "mails with one key").toEqual([]);
  const kinds = mails.map(({ key, to }) => ({ kind: key.split("/")[1] ?? "", to }));
  expect(
    repeated(kinds.flatMap(({ kind, to }) => (ONCE_EACH.has(kind) ? [`${kind} ${to}`] : []))),
    "mailed twice",
  ).toEqual([]);
  const left = new Set(vendors.entra.users.flatMap(({ id, mail }) => (emergency.includes(id) ? [mail] : [])));
  expect(mails.filter(({ to }) => left.has(to))).toEqual([]);
}

/** Every change that was begun belongs to a plan that a person had signed by then, and nothing else changed a vendor. */
function expectSigned({ vendors, entries }: Facts): void {
  const signed = new Set<string>();
  const begun = new Set<string>();
  for (const entry of entries) {
    if (entry.type === "approval_signed" && entry.data.approval.kind === "plan") signed.add(entry.data.approval.digest);
    if (entry.type === "approval_denied") signed.delete(entry.data.approval.digest);
    if (entry.type !== "effect_intended") continue;
    expect(signed.has(entry.data.plan), `signed before ${entry.data.key}`).toBe(true);
    begun.add(entry.data.key);
  }
  for (const { headers } of vendors.gmail.sent) expect(begun).toContain(headers["X-MFA-Rollout-Key"]);
  const changes = vendors.entra.policyHistory.length;
  expect(changes).toBeLessThanOrEqual([...begun].filter((key) => /\/policy(-state)?\//.test(key)).length);
  if (begun.size === 0)
    expect([vendors.teams.messages, vendors.connectwise.projects, vendors.powerBi.datasets].flat()).toEqual([]);
}

function expectEmergencyAccessLeftOut({ vendors, emergency }: Facts): void {
  for (const { displayName, conditions } of ours(vendors)) {
    expect(
      emergency.filter((id) => !conditions.users.excludeUsers.includes(id)),
      displayName,
    ).toEqual([]);
  }
}

/** Each policy is as the answers said, and whatever was enforced in this step was enforced by the rules. */
function expectPolicies(facts: Facts, model: Model): void {
  for (const [phase, known] of model.phases) {
    const policy = policyOf(facts, phase);
    const now = policy?.state === "enabled" ? "enforced" : policy === undefined ? "none" : "report_only";
    if (known.isCertain) expect(now, `the policy of ${phase}`).toBe(known.policy);
    const writes = facts.vendors.entra.policyHistory.filter(({ id }) => id === policy?.id);
    const enforcedAt = writes.findLast(({ body }) => body?.state === "enabled")?.at;
    if (now === "enforced" && enforcedAt !== undefined && enforcedAt !== known.enforcedAt) {
      expectGatesWereOpen(facts, { phase, enforcedAt, createdAt: writes[0]?.at ?? enforcedAt });
      known.enforcedAt = enforcedAt;
    }
    known.policy = now;
    known.isCertain = true;
  }
}

function expectGatesWereOpen(
  facts: Facts,
  { phase, enforcedAt, createdAt }: { readonly phase: string; readonly enforcedAt: string; readonly createdAt: string },
): void {
  const { vendors, state, entries, emergency } = facts;
  expect(Date.parse(enforcedAt) - Date.parse(createdAt), "time in report-only").toBeGreaterThanOrEqual(24 * HOUR_MS);
  expect(FROZEN.has(weekdayOf(enforcedAt)), `${phase} enforced on a frozen day`).toBe(false);
  expect(state.signoff?.table, "the exceptions are signed").toBe(state.exceptions?.table);
  const isPlan = (entry: LedgerEntry): boolean =>
    entry.type === "plan_proposed" &&
    entry.data.tool === "apply_ca_policy" &&
    entry.data.argsKey === JSON.stringify({ phase, state: "enforced" });
  expect(entries.some(isPlan), "a plan to enforce").toBe(true);

  const users = policyOf(facts, phase)?.conditions.users;
  const members = new Map(vendors.entra.groups.map((group) => [group.id, group.members]));
  const included = new Set(users?.includeGroups.flatMap((id) => members.get(id) ?? []));
  const excluded = new Set([
    ...(users?.excludeUsers ?? []),
    ...(users?.excludeGroups.flatMap((id) => members.get(id) ?? []) ?? []),
  ]);
  expect(
    emergency.filter((id) => !excluded.has(id) || included.has(id)),
    "emergency access",
  ).toEqual([]);
  const announced = new Set(announcedTo(vendors));
  const untold = vendors.entra.users.filter(
    ({ id, mail }) => included.has(id) && !excluded.has(id) && !announced.has(mail ?? ""),
  );
  expect(
    untold.map(({ mail }) => mail),
    "enforced without announcement",
  ).toEqual([]);
  const open = [...state.findings.values()].filter(
    ({ status, objectId }) =>
      status === "open" && !excluded.has(objectId) && (phase === CLOSING_PHASE || included.has(objectId)),
  );
  expect(open, "open findings").toEqual([]);
}

/** Everybody who was listed for the phase and is not excepted today has the announcement. */
export async function expectEverybodyTold(office: Harness, model: Model, { listed }: PhaseModel): Promise<void> {
  const told = new Set(announcedTo(Vendors.parse(await office.box.dump())));
  const excepted = grantedNow(model, office);
  const skipped = [...listed].filter(([id, mail]) => !excepted.has(id) && !told.has(mail));
  expect(skipped, "skipped").toEqual([]);
}

/** Whoever was listed and has no exception any more is out of the exceptions' group, and in that of a phase. */
export async function expectEndedExceptionsCovered(office: Harness, model: Model): Promise<void> {
  const vendors = Vendors.parse(await office.box.dump());
  const excepted = grantedNow(model, office);
  const listed = new Set([...model.phases.values()].flatMap((phase) => [...phase.listed.keys()]));
  const ended = [...model.granted.keys()].filter((id) => listed.has(id) && !excepted.has(id));
  const users = ours(vendors).map(({ conditions }) => conditions.users);
  const members = (ids: readonly string[]): ReadonlySet<string> =>
    new Set(vendors.entra.groups.flatMap((group) => (ids.includes(group.id) ? group.members : [])));
  const left = members(users.flatMap(({ excludeGroups }) => excludeGroups));
  const covered = members(users.flatMap(({ includeGroups }) => includeGroups));
  expect(
    ended.filter((id) => left.has(id)),
    "still left out",
  ).toEqual([]);
  expect(
    ended.filter((id) => !covered.has(id)),
    "in no phase",
  ).toEqual([]);
}

const announcedTo = ({ gmail }: Vendors): readonly string[] =>
  gmail.sent.flatMap(({ headers, to }) =>
    headers["X-MFA-Rollout-Key"]?.includes("/announcement/") === true ? to : [],
  );

const ours = ({ entra }: Vendors) => entra.policies.filter(({ displayName }) => displayName.startsWith(OURS));

function policyOf({ vendors, state }: Facts, phase: string) {
  const department = state.phases.find(({ id }) => id === phase)?.department ?? "all users";
  return ours(vendors).find(({ displayName }) => displayName === `${OURS}${department}`);
}

const weekdayOf = (at: string): string =>
  new Intl.DateTimeFormat("en-US", { timeZone: "America/Chicago", weekday: "short" }).format(new Date(at));

const repeated = (values: readonly string[]): readonly string[] =>
  values.filter((value, index) => values.indexOf(value) !== index);
