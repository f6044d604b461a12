import type { Block } from "../../src/domain/model/block.ts";
import type { EffectSubject, MailKind } from "../../src/domain/model/effect.ts";
import type { Foresight } from "../../src/domain/model/foresight.ts";
import { CLOSING_PHASE, type PhaseId, type Sha256, sha256, type UserId } from "../../src/domain/model/ids.ts";
import type { User } from "../../src/domain/model/people.ts";
import { shortHash } from "../../src/domain/model/short-hash.ts";
import type { Finding } from "../../src/domain/model/signin.ts";
import { phaseDate } from "../../src/domain/phases/phase-date.ts";
import { datesToTell } from "../../src/domain/phases/told-date.ts";
import type { Pitfall } from "../../src/domain/pitfalls/pitfall.ts";
import { enforcing, groupNickname, wantedMembers } from "../../src/domain/policy/groups.ts";
import { changes } from "../../src/domain/reconcile/changes.ts";
import { argsKey } from "../../src/domain/rollout/args-key.ts";
import { fingerprint } from "../../src/domain/rollout/fingerprint.ts";
import type { Call, Next, Wait } from "../../src/domain/rollout/next/answer.ts";
import { decisionOn } from "../../src/domain/rollout/next/decision.ts";
import { groupsOf } from "../../src/domain/rollout/step-status.ts";
import { ROLLOUT } from "./rollout-facts.ts";
import { decision, PHASES, type Story } from "./rollout-story.ts";

interface Change {
  readonly key: string;
  readonly subject: EffectSubject;
  readonly outcome?: Record<string, string>;
}

const hash = (text: string): Sha256 => sha256(shortHash(text).padEnd(64, "0"));

type Args = Readonly<Record<string, string>>;

/** What a call of each tool writes into the ledger; the others only say that they are done. */
const CALLS: Readonly<Record<string, (story: Story, args: Args) => void>> = {
  reconcile_users: reconcile,
  classify_exceptions: classify,
  request_signoff: requestSignoff,
  draft_ca_policy: draft,
  send_phase_email: send,
  apply_ca_policy: apply,
  foresee_lockouts: (story, args) => foresee(story, args, {}),
  fetch_signin_logs: (story) => observe(story, {}),
  check_tenant: (story) => checkTenant(story),
};

/**
 * Writes into the story's ledger what a tool's call writes when nothing goes wrong, without any vendor: enough for a
 * whole rollout to be followed in a test of `next`.
 */
export function perform(story: Story, { tool, args }: Call): void {
  const { rollout: _, ...own } = args;
  const carryOut = CALLS[tool];
  if (carryOut === undefined) story.stepDone(tool, own);
  else carryOut(story, own);
}

/** People do at once what they are waited for, and time passes when it is waited for. @throws {Error} nobody can help. */
export function attend(story: Story, wait: Wait): void {
  const digest = [...story.state.plans.values()].find(({ id }) => id === wait.planId)?.digest;
  if (wait.for === "approval" && digest !== undefined) story.approve(digest);
  else if (wait.for === "signoff") consent(story);
  else if (wait.for === "finding") for (const findingId of wait.findingIds) help(story, findingId);
  else if (wait.for === "time" && wait.until !== null) story.pass(wait.until);
  else throw new Error(`nobody can help here: ${wait.why}`);
}

function help(story: Story, findingId: string): void {
  const decision = { resolution: "remediated", by: "Priya", why: "Helped." } as const;
  story.record({ type: "finding_resolved", data: { findingId, ...decision } });
}

/**
 * Does what `next` says until it is finished or `reached`; returns the calls made, in their order.
 * @throws {Error} a call changed nothing, nobody can go on, or it never ends.
 */
export function follow(story: Story, reached: (todo: Next) => boolean = () => false): readonly Call[] {
  const calls: Call[] = [];
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const todo = story.next();
    if (todo.do === "finished" || reached(todo)) return calls;
    if (todo.do === "wait") {
      attend(story, todo);
      continue;
    }
    const { seq } = story.state;
    perform(story, todo);
    if (story.state.seq === seq) throw new Error(`a call that changes nothing: ${todo.tool}, ${todo.why}`);
    calls.push(todo);
    story.pass(MINUTE);
  }
  throw new Error(`not finished after ${MOST_TURNS} turns: ${JSON.stringify(story.next())}`);
}

const MOST_TURNS = 400;
const MINUTE = 1 / 60;

/** Whether `next` asks for this tool, with at least these arguments. */
export const asksFor =
  (tool: string, args: Readonly<Record<string, string>> = {}) =>
  (todo: Next): boolean =>
    todo.do === "call" &&
    todo.tool === tool &&
    Object.entries(args).every(([name, value]) => todo.args[name] === value);

/** What a look at the sign-ins finds out: who was blocked in which phase, and what enforcement would break. */
export function observe(
  story: Story,
  seen: {
    readonly blocked?: Readonly<Record<PhaseId, readonly UserId[]>>;
    readonly findings?: readonly Finding[];
    readonly keptOut?: readonly Pick<Block, "userId" | "phase" | "kind">[];
    readonly recovered?: readonly UserId[];
  },
): void {
  const from = story.state.observations.at(-1)?.to ?? story.state.startedAt;
  const phases = Object.entries(seen.blocked ?? {}).map(([phase, blockedUsers]) => ({
    phase: phase as PhaseId, // the keys are phase ids
    ...{ signIns: 1, users: 1, wouldBePrompted: 0, promptedNotCapable: 0 },
    ...{ blocked: blockedUsers.length, blockedUsers },
  }));
  const counts = { count: 1, interactive: 1, complete: true, sources: [], evidence: hash("evidence") };
  const refused = {
    count: 2,
    firstAt: story.now,
    lastAt: story.now,
    errorCode: 500121,
    appName: "App",
    clientApp: "Browser",
  };
  const blocks = (seen.keptOut ?? []).map((block) => ({ ...block, ...refused }));
  const recovered = (seen.recovered ?? []).map((userId) => ({ userId, at: story.now }));
  const data = { from, to: story.now, ...counts, phases, findings: seen.findings ?? [], blocks, recovered };
  story.record({ type: "signins_observed", data });
  story.stepDone("fetch_signin_logs");
}

/** A look at the tenant that finds these pitfalls. */
export function checkTenant(story: Story, pitfalls: readonly Pitfall[] = []): void {
  const { list, exceptions } = story.state;
  if (list === null) throw new Error("nobody is known");
  const judgedBy = { list: list.hash, register: exceptions?.register ?? null };
  story.record({ type: "tenant_checked", data: { ...judgedBy, facts: hash("tenant"), pitfalls, sources: [] } });
  story.stepDone("check_tenant");
}

/** What a look ahead finds out: nothing in the way, unless told. */
export function foresee(story: Story, args: Args, found: Partial<Foresight>): void {
  const phase = phaseIn(args);
  const [live, list, to] = [
    story.state.policies.get(phase),
    story.state.list?.hash,
    story.state.observations.at(-1)?.to,
  ];
  if (live === undefined || list === undefined || to === undefined) throw new Error("there is nothing to look at yet");
  const counts = { breaks: 0, cannot_answer: 0, unclear: 0, no_evidence: 0, prompted: 0, passes: 0 };
  const none = { cannotAnswer: [], breaks: [], silent: [], missing: [], disputes: [], unlisted: 0 };
  const basis = { draft: live.draft, list, from: live.reportOnlySince, to, signIns: 1, users: 1 };
  story.record({
    type: "lockouts_foreseen",
    data: { phase, ...basis, counts, ...none, table: hash("foresight"), ...found },
  });
  story.stepDone("foresee_lockouts", args);
}

const phaseIn = (args: Args): PhaseId => (args.phase ?? CLOSING_PHASE) as PhaseId; // `next` names phases of the rollout

function draft(story: Story, args: Args): void {
  const phase = phaseIn(args);
  const hashed = hash(`draft ${phase}`);
  story.record({ type: "policy_drafted", data: { phase, draft: hashed, artifact: hashed, lint: [], covers: 1 } });
  story.stepDone("draft_ca_policy", args);
}

function reconcile(story: Story): void {
  const { people } = story.told;
  const marks = people.map(({ id, registration, department, account }) =>
    [id, registration?.capable, department, account?.enabled].join(" "),
  );
  const list = hash(marks.join());
  const { renamed, ...moves } = changes(story.listed, people);
  const zero = {
    employeesActive: 0,
    accounts: 0,
    users: 0,
    correlated: 0,
    orphanAccounts: 0,
    missingAccounts: 0,
    registered: 0,
    capable: 0,
    unknownRegistration: 0,
  };
  story.record({
    type: "users_reconciled",
    data: { list, findings: list, findingCounts: {}, counts: zero, sources: [], ...moves, renamed },
  });
  story.stepDone("reconcile_users");
}

function classify(story: Story): void {
  const { told, state } = story;
  const register = told.register.filter(({ expires }) => expires >= story.view().today);
  const table = hash(register.map(({ userId, expires }) => `${userId} ${expires}`).join());
  const known = [...state.endedExceptions, ...story.registered.map(({ userId }) => userId)];
  const ended = [...new Set(known).difference(new Set(register.map(({ userId }) => userId)))];
  const list = story.state.list?.hash ?? table;
  story.record({
    type: "exceptions_classified",
    data: { list, register: table, table, counts: {}, total: 0, overrides: table, ended },
  });
  story.stepDone("classify_exceptions");
}

function requestSignoff(story: Story): void {
  const { exceptions, signoff } = story.state;
  if (exceptions === null) throw new Error("nothing to sign off");
  if (signoff?.table === exceptions.table) {
    story.stepDone("request_signoff");
    return;
  }
  const key = `${ROLLOUT}/signoff/${exceptions.table}`;
  carry(story, "request_signoff", {}, [{ key, subject: { kind: "signoff_mail", document: exceptions.table } }]);
}

/** The customer consents to the table as it stands. */
export function consent(story: Story): void {
  const { exceptions } = story.state;
  if (exceptions === null) throw new Error("nothing to sign off");
  const approval = { ...decision("plan", exceptions.table, story.now), kind: "signoff" } as const;
  story.record({ type: "signoff_recorded", data: { approval, contact: "Carla Fontana" } });
}

function send(story: Story, args: Args): void {
  const phase = phaseIn(args);
  const view = story.view();
  const kind = args.kind as MailKind; // as the small procedure has it
  const sent = story.state.mails.get(kind);
  const due = (view.roster?.byPhase.get(phase) ?? []).filter(
    ({ id, address }) => address !== null && sent?.has(id) !== true,
  );
  const place = PHASES.find(({ id }) => id === phase);
  if (place !== undefined && !story.state.enforcementDates.has(phase)) {
    story.record({ type: "phase_scheduled", data: { phase, enforcementDate: phaseDate(place, view) } });
  }
  const dateOf = place === undefined ? undefined : datesToTell(place, story.view());
  const change = ({ id: userId }: User): Change => ({
    key: `${ROLLOUT}/${kind}/${phase}/${userId}`,
    subject: {
      ...{ kind: "mail", mail: kind, phase, userId, managerCopied: true },
      ...(kind === "announcement" && dateOf !== undefined && { date: dateOf(userId) }),
    },
  });
  carry(story, "send_phase_email", args, due.map(change));
}

function apply(story: Story, args: Args): void {
  const phase = phaseIn(args);
  const { roster, emergency } = story.view();
  const live = story.state.policies.get(phase);
  const wanted = args.state === "enforced" ? "enforced" : "report_only";
  if (roster === null) throw new Error("nobody is known");
  const then = args.state === "enforced" ? enforcing(phase, roster) : roster;
  const fillings = groupsOf(phase).flatMap((purpose): readonly Change[] => {
    const nickname = groupNickname(ROLLOUT, purpose);
    const members = wantedMembers(purpose, { roster: then, emergency });
    const mark = fingerprint(members);
    story.groups.set(`${nickname} ${mark}`, members);
    const key = `${ROLLOUT}/group-members/${nickname}/${story.state.seq}`;
    return story.state.groupMembers.get(nickname) === mark
      ? []
      : [{ key, subject: { kind: "group_members", nickname, fingerprint: mark } }];
  });
  const policy: Change = {
    key: `${ROLLOUT}/policy/${phase}`,
    subject: { kind: "policy", phase, draft: hash(`draft ${phase}`) },
    outcome: { policyId: `id of ${phase}`, state: "report_only" },
  };
  const state: Change = {
    key: `${ROLLOUT}/policy-state/${phase}/${story.state.seq}`,
    subject: { kind: "policy_state", phase, state: wanted },
  };
  carry(story, "apply_ca_policy", args, [
    ...(args.state === "roll_back" ? [] : fillings),
    ...(live === undefined ? [policy] : live.state === wanted ? [] : [state]),
  ]);
}

/** As the server does: nothing to do, or a plan that waits for a decision, or every change and the step. */
function carry(story: Story, tool: string, args: Args, changes: readonly Change[]): void {
  if (changes.length === 0) {
    story.stepDone(tool, args);
    return;
  }
  const subjects = JSON.stringify(changes.map(({ subject }) => subject));
  const round = [...story.state.plans.values()].filter(
    (plan) => plan.tool === tool && plan.argsKey === argsKey(args) && plan.status === "completed",
  ).length;
  const digest = story.propose(tool, args, `${subjects} ${round}`);
  const plan = story.state.plans.get(digest);
  if (plan === undefined || decisionOn(plan, story.view()) !== "given") return;
  for (const { key, subject, outcome } of changes) story.did(digest, key, subject, outcome);
  story.record({ type: "plan_completed", data: { digest } });
  story.stepDone(tool, args);
}
