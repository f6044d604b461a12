import { z } from "zod";
import { foreseenAccounts } from "../src/domain/foresight/accounts.ts";
import { draftAsPolicy } from "../src/domain/foresight/draft-as-policy.ts";
import { type ForeseenAccount, type ForeseenUser, LockoutForesight } from "../src/domain/foresight/foresee.ts";
import type { Rules } from "../src/domain/foresight/judge-sign-in.ts";
import { missingEvidence } from "../src/domain/foresight/missing-evidence.ts";
import { adviceOn } from "../src/domain/foresight/remedy.ts";
import { settledSince } from "../src/domain/foresight/settled-since.ts";
import { type ForesightSummary, sumUp } from "../src/domain/foresight/sum-up.ts";
import { foresightTable } from "../src/domain/foresight/table.ts";
import { whatIfDisputes } from "../src/domain/foresight/what-if.ts";
import { OUTCOMES, type Tally } from "../src/domain/model/foresight.ts";
import type { EntraObjectId } from "../src/domain/model/ids.ts";
import type { Phase } from "../src/domain/model/phase.ts";
import { addHours, type Instant } from "../src/domain/model/time.ts";
import type { PolicyDraft } from "../src/domain/policy/draft.ts";
import { groupNickname, wantedMembers } from "../src/domain/policy/groups.ts";
import { latestComplete } from "../src/domain/rollout/blockers/evidence-window.ts";
import type { LivePolicyRecord } from "../src/domain/rollout/state.ts";
import { groupsOf } from "../src/domain/rollout/step-status.ts";
import { StateError } from "../src/errors.ts";
import { foresightLink } from "../src/kit/artifacts.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { phaseField, rolloutField } from "../src/kit/fields.ts";
import { phaseOf } from "../src/kit/phase-of.ts";
import { readRules } from "../src/kit/read-rules.ts";
import { storedSignIns } from "../src/kit/stored-sign-ins.ts";
import type { OpenRollout, ToolContext } from "../src/kit/tool-context.ts";
import { untrusted } from "../src/kit/untrusted-text.ts";

/** How far back sign-ins are replayed: long enough for what is done once a week. */
const WINDOW_HOURS = 14 * 24;
const SHOWN = 10;
const PROGRESS_EVERY = 50_000;

type Needs = "conditionalAccess" | "directory";

const tally = z.strictObject({
  breaks: z.number().int(),
  cannot_answer: z.number().int(),
  unclear: z.number().int(),
  no_evidence: z.number().int(),
  prompted: z.number().int(),
  passes: z.number().int(),
});
const totals = z.array(z.strictObject({ name: z.string(), counts: tally }));

export const foreseeLockouts = defineTool({
  name: "foresee_lockouts",
  title: "Foresee who would be locked out",
  description:
    "Replays the stored sign-ins against a phase's policy as if enforced and says per user who passes, is prompted, cannot " +
    "answer or breaks; checked against report-only results and What If. Call it after fetch_signin_logs, before enforcing.",
  approval: "record",
  idempotent: true,
  connectors: ["conditionalAccess", "directory"],
  input: z.strictObject({ rollout: rolloutField, phase: phaseField }),
  output: z.strictObject({
    phase: z.string(),
    from: z.string(),
    to: z.string(),
    sign_ins: z.number().int(),
    users_total: z.number().int(),
    counts: tally.describe("Users by what enforcement would do to them"),
    missing: z.array(z.string()).describe("Evidence that is missing; enforcing is refused while any is"),
    disputes: z.number().int().describe("Accounts on which Entra's own results differ; enforcing is refused"),
    unlisted_accounts: z.number().int().describe("Signed in and not in the list: call reconcile_users"),
    departments: totals,
    applications: totals,
    worst: z.array(
      z.strictObject({
        user_id: z.string(),
        account: z.string(),
        outcome: z.enum(OUTCOMES),
        app: z.string(),
        reason: z.string(),
        remedy: z.string(),
      }),
    ),
    artifact: z.string().describe("Artifact id of the table of all users, worst first; read it with get_artifact"),
  }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    const phase = phaseOf(open.state, input.phase);
    const live = liveOf(open, phase);
    const roster = await open.roster();
    const members = roster.byPhase.get(phase.id) ?? [];
    const accounts = foreseenAccounts(await open.users(), new Set(members.map(({ id }) => id)));
    const rules = await rulesFor(open, { phase, live, context });
    const window = windowOf(open, live);

    const foresight = new LockoutForesight({
      rules,
      accounts,
      settledSince: settledSince(open.state, phase.id),
    });
    const [signIns, asked] = await Promise.all([
      replay(foresight, open, { window, context }),
      askWhatIf(open, { rules, accounts, context }),
    ]);
    const summary = sumUp(foresight.users());
    const crossCheck = foresight.crossCheck();
    const disputes = [...crossCheck.disputed.map((user) => `${user} report_only`), ...asked];
    const missing = missingEvidence({
      ...window,
      hours: open.procedure.settings.reportOnlyHours,
      observations: open.state.observations,
      crossCheck,
      members: members.length,
      silent: summary.silent.length,
    });
    const table = await context.documents.put(foresightTable(summary.rows));
    const { users, counts, cannotAnswer, breaks, silent } = summary;
    const { unlisted } = crossCheck;
    const found = { signIns, users, counts, cannotAnswer, breaks, silent, missing, disputes, unlisted, table };
    const basis = { draft: live.draft, list: listOf(open), ...window };
    await open.record({ type: "lockouts_foreseen", data: { phase: phase.id, ...basis, ...found } });
    await open.stepDone("foresee_lockouts", { phase: phase.id }, `${users} users`);
    return {
      phase: phase.id,
      ...window,
      sign_ins: signIns,
      users_total: users,
      counts,
      missing: [...missing],
      disputes: disputes.length,
      unlisted_accounts: unlisted,
      ...shown(summary),
      artifact: table,
    };
  },

  summarize: ({ phase, from, to, sign_ins, users_total, counts, missing, disputes, worst, artifact }) =>
    `${phase}, ${sign_ins} sign-ins from ${from} to ${to}, ${users_total} users: ${counted(counts)}. ` +
    (missing.length === 0 ? "" : `Missing evidence: ${missing.join(", ")}. `) +
    (disputes === 0 ? "" : `${disputes} accounts disputed by Entra's own results. `) +
    worst
      .map(({ user_id, account, outcome, app, remedy }) => `${user_id} ${account} ${outcome} ${app}: ${remedy} `)
      .join("") +
    `All users: artifact ${artifact}.`,

  links: ({ phase }, { rollout }) => [foresightLink(rollout, phase)],
});

const counted = (counts: Tally): string => OUTCOMES.map((outcome) => `${counts[outcome]} ${outcome}`).join(", ");

const shown = ({ departments, applications, rows }: ForesightSummary) => ({
  departments: departments.slice(0, SHOWN).map(shownTotal),
  applications: applications.slice(0, SHOWN).map(shownTotal),
  worst: rows
    .filter(({ outcome }) => outcome !== "passes" && outcome !== "prompted")
    .slice(0, SHOWN)
    .map(shownUser),
});

const shownTotal = ({ name, counts }: ForesightSummary["departments"][number]) => ({
  name: untrusted(name, 60),
  counts,
});

const shownUser = (user: ForeseenUser) => ({
  user_id: user.account.userId,
  account: user.account.upn,
  outcome: user.outcome,
  app: user.because === null ? "" : untrusted(user.because.appName, 60),
  ...adviceOn(user),
});

function liveOf({ state }: OpenRollout<Needs>, phase: Phase): LivePolicyRecord {
  const live = state.policies.get(phase.id);
  if (live !== undefined) return live;
  throw new StateError("This phase's policy is not live yet, so no sign-in shows what it would do.", {
    nextStep: `Call apply_ca_policy with phase ${phase.id} and state report_only first.`,
  });
}

function listOf({ state }: OpenRollout<Needs>) {
  if (state.list !== null) return state.list.hash;
  throw new StateError("There is no list of users yet.", { nextStep: "Call reconcile_users first." });
}

/** From the beginning of report-only, but not for ever, to the end of the last look at the sign-ins. */
function windowOf(
  { state }: OpenRollout<Needs>,
  live: LivePolicyRecord,
): { readonly from: Instant; readonly to: Instant } {
  const to = latestComplete(state.observations)?.to;
  if (to === undefined || to <= live.reportOnlySince) {
    throw new StateError("No sign-ins have been read since this policy is report-only.", {
      nextStep: "Call fetch_signin_logs first.",
    });
  }
  const earliest = addHours(to, -WINDOW_HOURS);
  return { from: live.reportOnlySince > earliest ? live.reportOnlySince : earliest, to };
}

/** The draft with the members that its groups are meant to have, among everybody else's enforced policies. */
async function rulesFor(
  open: OpenRollout<Needs>,
  { phase, live, context }: { phase: Phase; live: LivePolicyRecord; context: ToolContext<Needs> },
): Promise<Rules> {
  const { roster, emergency } = await open.view();
  const { signal } = context;
  const draft = JSON.parse(await context.documents.text(live.draft)) as PolicyDraft; // ours, its hash was checked
  const purposes =
    roster === null
      ? []
      : groupsOf(phase.id).map((purpose) => [purpose, wantedMembers(purpose, { roster, emergency })] as const);
  const objectIds = new Set((await open.users()).flatMap(({ account }) => account?.objectId ?? []));
  return readRules(
    {
      draft: draftAsPolicy(draft, live.policyId),
      tenant: await (await open.vendor("conditionalAccess")).readAccessRules({ signal }),
      draftGroups: new Map(purposes.map(([purpose, wanted]) => [groupNickname(open.id, purpose), wanted])),
      isAccount: (id) => objectIds.has(id),
    },
    { directory: await open.vendor("directory"), signal },
  );
}

async function replay(
  foresight: LockoutForesight,
  { state }: OpenRollout<Needs>,
  { window, context }: { window: { readonly from: Instant; readonly to: Instant }; context: ToolContext<Needs> },
): Promise<number> {
  let replayed = 0;
  for await (const signIn of storedSignIns(context.documents, state.observations, window)) {
    foresight.add(signIn);
    replayed += 1;
    if (replayed % PROGRESS_EVERY === 0) await context.progress(replayed, null, "sign-ins replayed");
  }
  return replayed;
}

/** Asks What If about one account of each kind, because every question takes a second of the whole tenant's quota. */
async function askWhatIf(
  open: OpenRollout<Needs>,
  {
    rules,
    accounts,
    context,
  }: { rules: Rules; accounts: ReadonlyMap<EntraObjectId, ForeseenAccount>; context: ToolContext<Needs> },
): Promise<readonly string[]> {
  const { roster, emergency } = await open.view();
  const excepted = [...(roster?.exceptedObjectIds ?? [])].find((id) => !emergency.includes(id));
  const member = accounts.values().find((account) => account.member)?.objectId;
  const sample = [emergency[0], excepted, member].flatMap((id) => (id === undefined ? [] : (accounts.get(id) ?? [])));
  const policies = await open.vendor("conditionalAccess");
  const asked = { ...rules, policies: [rules.draft, ...rules.others] };
  const disputes: string[] = [];
  for (const account of sample) {
    const { appliedPolicyIds } = await policies.whatIf(account.objectId, { signal: context.signal });
    const disputed = whatIfDisputes(asked, account, appliedPolicyIds);
    disputes.push(...disputed.map((policy) => `${account.userId} what_if ${policy}`));
  }
  return disputes;
}
