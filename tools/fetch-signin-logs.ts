import { z } from "zod";
import type { EntraObjectId, PhaseId } from "../src/domain/model/ids.ts";
import { CLOSING_PHASE } from "../src/domain/model/ids.ts";
import type { Finding, SignIn } from "../src/domain/model/signin.ts";
import { addHours, type Instant } from "../src/domain/model/time.ts";
import type { PhaseObservation } from "../src/domain/rollout/events.ts";
import type { RolloutState } from "../src/domain/rollout/state.ts";
import { type ObservedUser, SignInObserver } from "../src/domain/signins/observe.ts";
import { StateError } from "../src/errors.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { rolloutField } from "../src/kit/fields.ts";
import { shownKeptOut } from "../src/kit/kept-out.ts";
import type { OpenRollout, ToolContext } from "../src/kit/tool-context.ts";
import { untrusted } from "../src/kit/untrusted-text.ts";

/** Entries appear in the log minutes late, so each look reads this far back over the one before. */
const OVERLAP_HOURS = 0.5;
const PROGRESS_EVERY = 5_000;

export const fetchSigninLogs = defineTool({
  name: "fetch_signin_logs",
  title: "Read the sign-in log",
  description:
    "Reads the sign-ins since the last look, interactive and not, and says per phase who would be prompted, who is blocked, " +
    "and which legacy clients enforcement would break (findings). Needed before and a day after each enforcement.",
  approval: "record",
  idempotent: true,
  connectors: ["signInLog"],
  input: z.strictObject({ rollout: rolloutField }),
  output: z.strictObject({
    from: z.string(),
    to: z.string(),
    sign_ins: z.number().int(),
    interactive: z.number().int(),
    phases: z.array(
      z.strictObject({
        phase: z.string(),
        users: z.number().int().describe("Users seen"),
        would_be_prompted: z.number().int(),
        prompted_not_capable: z.number().int(),
        blocked: z.number().int(),
      }),
    ),
    kept_out: z.array(
      z.strictObject({
        finding_id: z.string(),
        user_id: z.string(),
        name: z.string(),
        account: z.string(),
        department: z.string(),
        phase: z.string(),
        app: z.string(),
        client: z.string(),
        refused: z.number().int().describe("Sign-ins refused"),
        last_refused: z.string(),
        standing: z.string().describe("open: a person has to decide, get_rollout says how; or what became of it"),
        remedy: z.string(),
      }),
    ),
    kept_out_by_department: z.array(
      z.strictObject({
        department: z.string(),
        users: z.number().int(),
        refused: z.number().int(),
        open: z.number().int(),
      }),
    ),
    open_findings: z.array(
      z.strictObject({
        finding_id: z.string(),
        cause: z.string(),
        account: z.string(),
        client: z.string(),
        app: z.string(),
        count: z.number().int(),
        remedy: z.string(),
      }),
    ),
    open_findings_total: z.number().int(),
    source: z.string(),
  }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    const from = windowStart(open.state);
    if (from === null) {
      throw new StateError("No policy is report-only yet, so there is nothing to watch.", {
        nextStep: "Call apply_ca_policy with state report_only first.",
      });
    }
    const log = await open.vendor("signInLog");
    const observer = new SignInObserver({
      users: await observedUsers(open),
      policies: policyPhases(open.state),
      watched: new Map([...open.state.blocks.values()].map(({ userId, lastAt }) => [userId, lastAt])),
    });
    const span = { from, to: context.now, signal: context.signal };
    const kept = await context.documents.putLines(observed(log.listSignIns(span), observer, context));
    const { phases, findings, evidence, count, interactive, blocks, recovered } = observer.summary();
    const sources = [
      {
        source: log.source,
        call: "auditLogs/signIns, interactive and non-interactive",
        at: context.now,
        count,
        complete: true,
      },
    ];
    const stored = await context.documents.putLines(evidence);
    await open.record({
      type: "signins_observed",
      data: {
        from,
        to: context.now,
        count,
        interactive,
        complete: true,
        phases,
        findings,
        blocks,
        recovered,
        sources,
        evidence: stored.hash,
        signIns: kept.hash,
      },
    });
    await open.stepDone("fetch_signin_logs", {}, `${count} sign-ins`);

    const openFindings = [...open.state.findings.values()].filter(({ status }) => status === "open");
    return {
      from,
      to: context.now,
      sign_ins: count,
      interactive,
      phases: phases.slice(0, 30).map(shownPhase),
      ...(await shownKeptOut(open)),
      open_findings: openFindings.slice(0, 10).map(shownFinding),
      open_findings_total: openFindings.length,
      source: log.source,
    };
  },

  summarize: ({ from, to, sign_ins, phases, kept_out, kept_out_by_department, open_findings, open_findings_total }) =>
    `${sign_ins} sign-ins from ${from} to ${to}. ` +
    phases
      .map(
        (row) =>
          `${row.phase}: ${row.would_be_prompted} would be prompted, ${row.prompted_not_capable} of them cannot answer, ${row.blocked} blocked`,
      )
      .join("; ") +
    `. Kept out since enforcement: ${kept_out_by_department.map(({ department, users, refused, open }) => `${department} ${users} users, ${refused} sign-ins, ${open} undecided`).join("; ") || "nobody"}.` +
    kept_out
      .map(
        ({ finding_id, name, account, app, client, last_refused, standing, remedy }) =>
          ` ${finding_id} (${standing}): ${name} ${account} with ${app}, ${client}, last at ${last_refused}. ${remedy}`,
      )
      .join("") +
    ` ${open_findings_total} open findings${open_findings.map((finding) => `; ${finding.finding_id}: ${finding.cause} by ${finding.account} with ${finding.app}`).join("")}.`,
});

/** Shows each sign-in to the observer as it streams by into the store. */
async function* observed(
  signIns: AsyncIterable<SignIn>,
  observer: SignInObserver,
  { progress }: Pick<ToolContext<never>, "progress">,
): AsyncGenerator<SignIn> {
  let read = 0;
  for await (const signIn of signIns) {
    observer.add(signIn);
    read += 1;
    if (read % PROGRESS_EVERY === 0) await progress(read, null, "sign-ins read");
    yield worthKeeping(signIn);
  }
}

/** That somebody else's policy did not apply is what most results say and nothing that a replay asks. */
const worthKeeping = (signIn: SignIn): SignIn => ({
  ...signIn,
  policies: signIn.policies.filter(({ outcome }) => outcome !== "other" && outcome !== "not_applied"),
});

const shownPhase = (row: PhaseObservation) => ({
  phase: row.phase,
  users: row.users,
  would_be_prompted: row.wouldBePrompted,
  prompted_not_capable: row.promptedNotCapable,
  blocked: row.blocked,
});

const shownFinding = (finding: Finding) => ({
  finding_id: finding.id,
  cause: finding.cause,
  account: finding.upn,
  client: untrusted(finding.clientApp, 60),
  app: untrusted(finding.appName, 60),
  count: finding.count,
  remedy: finding.remedy,
});

/** From the last look, a little overlapping; the first time from when the first policy began to watch. */
function windowStart({ observations, policies }: RolloutState): Instant | null {
  const last = observations
    .filter(({ complete }) => complete)
    .map(({ to }) => to)
    .sort()
    .at(-1);
  const first = [...policies.values()]
    .map(({ reportOnlySince }) => reportOnlySince)
    .sort()
    .at(0);
  return last === undefined ? (first ?? null) : addHours(last, -OVERLAP_HOURS);
}

const policyPhases = ({ policies }: RolloutState): ReadonlyMap<string, PhaseId> =>
  new Map([...policies].map(([phase, { policyId }]) => [policyId, phase]));

async function observedUsers(open: OpenRollout<never>): Promise<ReadonlyMap<EntraObjectId, ObservedUser>> {
  const roster = await open.roster();
  const observed = new Map<EntraObjectId, ObservedUser>();
  for (const [phase, members] of roster.byPhase) {
    for (const { id, account, registration } of members) {
      if (account === null) continue;
      observed.set(account.objectId, { userId: id, phase, capable: registration?.capable === true, excepted: false });
    }
  }
  for (const user of await open.users()) {
    if (user.account === null || !roster.excepted.has(user.id)) continue;
    observed.set(user.account.objectId, { userId: user.id, phase: CLOSING_PHASE, capable: false, excepted: true });
  }
  return observed;
}
