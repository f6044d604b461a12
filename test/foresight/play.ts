import { EntraConditionalAccess } from "../../src/connectors/entra/entra-conditional-access.ts";
import { EntraDirectory } from "../../src/connectors/entra/entra-directory.ts";
import { EntraSignInLog } from "../../src/connectors/entra/entra-sign-in-log.ts";
import { GraphClient } from "../../src/connectors/graph/graph-client.ts";
import { foreseenAccounts } from "../../src/domain/foresight/accounts.ts";
import { LockoutForesight } from "../../src/domain/foresight/foresee.ts";
import { whatIfDisputes } from "../../src/domain/foresight/what-if.ts";
import { userIdOfAccount } from "../../src/domain/model/ids.ts";
import { calendarDate, instant } from "../../src/domain/model/time.ts";
import { reconcile } from "../../src/domain/reconcile/reconcile.ts";
import { readRules } from "../../src/kit/read-rules.ts";
import { Luck } from "../../src/sandbox/world/luck.ts";
import { randomDraft } from "./random-draft.ts";
import { type Habit, randomHabits } from "./random-habits.ts";
import { randomPeople } from "./random-people.ts";
import { addPolicies, fillTenant, setState } from "./random-tenant.ts";
import { openStillTenant, type StillTenant } from "./still-tenant.ts";
import { stillWorld } from "./still-world.ts";

const STARTS_AT = "2026-10-05T13:00:00Z";
const HOUR_MS = 3_600_000;
/** Longer than the sandbox takes to heed a change, and than its log and report take to show what happened. */
const SETTLING_MS = 26 * HOUR_MS;

/** What was foreseen of one random tenant, and what its own evaluation then did. */
export interface Played {
  readonly users: number;
  readonly foreseen: ReadonlySet<string>;
  readonly lockedOut: ReadonlySet<string>;
  /** Where report-only results or What-If contradict the evaluator. */
  readonly disputes: readonly string[];
}

/** Makes a tenant from its seed and a function that plays it once its requests are answered. */
export function randomTenant(seed: number): { readonly tenant: StillTenant; play(): Promise<Played> } {
  const luck = new Luck(seed);
  const world = stillWorld(luck, { seed, startsAt: STARTS_AT });
  for (const account of randomPeople(luck, STARTS_AT)) world.accounts.set(account.id, account);
  const tenant = openStillTenant(world);
  return { tenant, play: () => play(luck, tenant) };
}

async function play(luck: Luck, tenant: StillTenant): Promise<Played> {
  const { world, ask, token } = tenant;
  const graph = new GraphClient({ cloud: "global", tokens: { token: async () => token } });
  const named = await fillTenant(luck, tenant);
  const late = await addPolicies(luck, tenant, named);
  const draft = await randomDraft(luck, ask, named);
  world.moveTo(world.now() + SETTLING_MS);

  const from = instant(world.now());
  world.moveTo(world.now() + 1_000); // The log's times are cut to the second.
  const habits = [...world.accounts.values()].flatMap((account) => randomHabits(luck, account));
  const before = habits.map((habit) => ({ habit, wentThrough: signIn(tenant, habit) }));
  world.moveTo(world.now() + HOUR_MS);
  const to = instant(world.now() - HOUR_MS / 2);
  for (const id of late) await setState(ask, id, "enabled");
  world.moveTo(world.now() + HOUR_MS);

  const options = { graph, tenant: "random" };
  const expected = await foresee(options, { draft, from, to, watched: draft.isWatched, luck });

  const refusedAnyway = before.map(({ habit }) => isRefused(tenant, habit));
  await setState(ask, draft.id, "enabled");
  world.moveTo(world.now() + HOUR_MS);
  const lockedOut = before.flatMap(({ habit, wentThrough }, n) =>
    wentThrough && refusedAnyway[n] === false && isRefused(tenant, habit) ? [habit.accountId] : [],
  );
  return { users: world.accounts.size, ...expected, lockedOut: new Set(lockedOut) };
}

/** The tenant judges a sign-in, and its log keeps it. */
function signIn({ world }: StillTenant, habit: Habit): boolean {
  const attempt = { ...habit, at: new Date(world.now()).toISOString() };
  const verdict = world.judge(attempt);
  world.signIns.push({ id: world.guid(`sign-in ${world.signIns.length}`), ...attempt, ...verdict });
  world.moveTo(world.now() + 1_000);
  return verdict.errorCode === 0;
}

const isRefused = ({ world }: StillTenant, habit: Habit): boolean =>
  world.judge({ ...habit, at: new Date(world.now()).toISOString() }).errorCode !== 0;

type Options = ConstructorParameters<typeof EntraDirectory>[0];

/** Our side: everything through the vendors' JSON and our connectors. */
async function foresee(
  options: Options,
  look: {
    readonly draft: Awaited<ReturnType<typeof randomDraft>>;
    readonly from: ReturnType<typeof instant>;
    readonly to: ReturnType<typeof instant>;
    readonly watched: boolean;
    readonly luck: Luck;
  },
): Promise<Pick<Played, "foreseen" | "disputes">> {
  const { signal } = new AbortController();
  const directory = new EntraDirectory(options);
  const policies = new EntraConditionalAccess(options);
  const { users } = reconcile({
    employees: [],
    accounts: await Array.fromAsync(directory.listAccounts({ signal })),
    registrations: await Array.fromAsync(directory.listRegistrations({ signal })),
    purposes: new Map(),
    directorySync: await directory.listDirectorySyncAccounts({ signal }),
    today: calendarDate("2026-10-07"),
  });
  const accounts = foreseenAccounts(users, new Set());
  const tenant = await policies.readAccessRules({ signal });
  const found = tenant.policies.find(({ id }) => id === look.draft.id);
  if (found === undefined) throw new Error("the draft is not live");
  const draft = look.draft.asDrafted ?? { ...found, state: "enforced" as const };
  const rules = await readRules(
    { draft, tenant, draftGroups: new Map(), isAccount: (id) => accounts.has(id) },
    { directory, signal },
  );
  const foresight = new LockoutForesight({ rules, accounts, settledSince: look.from });
  const log = new EntraSignInLog(options);
  for await (const signIn of log.listSignIns({ from: look.from, to: look.to, signal })) foresight.add(signIn);

  const foreseen = [...foresight.users()]
    .filter(({ cannotAnswer, breaks }) => cannotAnswer || breaks.length > 0)
    .map(({ account }) => account.objectId);
  const account = [...accounts.values()][look.luck.between(0, accounts.size - 1, "what if")];
  const disputes: string[] = [...foresight.crossCheck().disputed];
  if (look.watched && account !== undefined) {
    const { appliedPolicyIds } = await policies.whatIf(account.objectId, { signal });
    disputes.push(
      ...whatIfDisputes({ ...rules, policies: [rules.draft, ...rules.others] }, account, appliedPolicyIds).map(
        (id) => `${userIdOfAccount(account.objectId)} what_if ${id}`,
      ),
    );
  }
  return { foreseen: new Set(foreseen), disputes };
}
