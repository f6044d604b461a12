import { CLOSING_PHASE, type PhaseId } from "../model/ids.ts";
import { shortHash } from "../model/short-hash.ts";
import type { FindingCause } from "../model/signin.ts";
import { dateIn } from "../model/time.ts";
import { SMTP_CLIENTS } from "../pitfalls/mail-device.ts";
import { covers } from "../rollout/blockers/evidence-window.ts";
import type { FindingRecord } from "../rollout/state.ts";
import type { RolloutView } from "../rollout/step-status.ts";
import type { Cause, Fault } from "./cause.ts";
import { GUIDES, type Guide } from "./guides.ts";

/** Sign-ins read without a gap for so long and none of it: holds whatever runs once a week. What runs monthly comes back. */
const QUIET_HOURS = 7 * 24;

interface Kind {
  /** What a person calls it. */
  readonly name: string;
  readonly guide: Guide;
  /** One device or program an account, so each account has a ticket; else one for the application, whoever uses it. */
  readonly perAccount: boolean;
}

const SCANNER: Kind = { name: "Device or program that mails with a password", guide: GUIDES.scanner, perAccount: true };
const KINDS: Readonly<Record<FindingCause, Kind>> = {
  legacy_protocol: { name: "Mail program without modern sign-in", guide: GUIDES.old_client, perAccount: false },
  ropc: { name: "Program with a stored password", guide: GUIDES.script, perAccount: true },
  device_code: { name: "Sign-in by device code", guide: GUIDES.device_code, perAccount: true },
  app_without_mfa: { name: "Application that cannot ask for MFA", guide: GUIDES.old_app, perAccount: false },
};

const kindOf = ({ cause, clientApp }: FindingRecord): Kind =>
  cause === "legacy_protocol" && SMTP_CLIENTS.has(clientApp.trim().toLowerCase()) ? SCANNER : KINDS[cause];

/** The fix that a finding belongs to. */
export function findingFix(finding: FindingRecord): string {
  if (kindOf(finding).perAccount) return finding.id;
  return `app_${shortHash(finding.cause, finding.appName, finding.clientApp)}`;
}

/** What the sign-in log shows to be mended, with where each stands. */
export function findingCauses(view: RolloutView): readonly Cause[] {
  const groups = Map.groupBy(view.state.findings.values(), findingFix);
  const phases = phaseByAccount(view);
  return [...groups].map(([id, findings]) => {
    const seen = findings.map((finding) => ({ finding, end: endOf(finding, view) }));
    const open = seen.flatMap(({ finding, end }) => (end === "open" ? finding : []));
    const [first] = open;
    if (first !== undefined) return { id, standing: "open", fault: faultOf(first, open, phases) };
    const why = seen.flatMap(({ end }) => (end === "open" || end === "waiting" ? [] : end.why));
    return why.length < seen.length ? { id, standing: "waiting" } : { id, standing: "gone", why: why[0] ?? "" };
  });
}

/** A person's word ends a decision, but what was to be mended is mended only when the sign-ins show it. */
function endOf(
  finding: FindingRecord,
  { state, procedure, roster }: RolloutView,
): "open" | "waiting" | { why: string } {
  const { observations, timeZone } = state;
  const { status, resolvedAt, lastSeen } = finding;
  if (status === "open") {
    if (roster?.exceptedObjectIds.has(finding.objectId) === true) {
      return { why: "The account has an exception in force, so enforcement does not reach it." };
    }
    if (!covers(observations, lastSeen, QUIET_HOURS)) return "open";
    return {
      why: `Every sign-in of seven days after ${dateIn(timeZone, lastSeen)} was read, and none is of this kind. Record that with resolve_finding.`,
    };
  }
  const day = resolvedAt === null ? "" : dateIn(timeZone, resolvedAt);
  if (status !== "remediated") {
    const what = status === "accepted" ? "accepted" : "carved out";
    return { why: `A person recorded on ${day} that it is ${what}, so nothing is left to mend.` };
  }
  const { reportOnlyHours } = procedure.settings;
  if (resolvedAt === null || !covers(observations, resolvedAt, reportOnlyHours)) return "waiting";
  return {
    why: `Recorded as mended on ${day}; every sign-in of the ${reportOnlyHours} hours after that was read, and none is of this kind.`,
  };
}

function faultOf(
  first: FindingRecord,
  findings: readonly FindingRecord[],
  phases: ReadonlyMap<string, PhaseId>,
): Fault {
  const { name, guide, perAccount } = kindOf(first);
  const { appName, clientApp } = first;
  const count = findings.reduce((sum, finding) => sum + finding.count, 0);
  const concerned = new Set(findings.map(({ objectId }) => phases.get(objectId) ?? CLOSING_PHASE));
  return {
    summary: perAccount ? `${name}: ${first.upn}` : `${name}: ${appName}`,
    found: `Sign-ins to ${appName} with ${clientApp} that enforcement would stop: ${count}, accounts: ${findings.length}.`,
    guide,
    mender: "technician",
    accounts: findings.map(({ upn }) => upn).sort(),
    manager: null,
    fullList: null,
    phases: [...concerned],
  };
}

const phaseByAccount = ({ roster }: RolloutView): ReadonlyMap<string, PhaseId> =>
  new Map(
    [...(roster?.byPhase ?? [])].flatMap(([phase, users]) =>
      users.flatMap(({ account }) => (account === null ? [] : [[account.objectId, phase] as const])),
    ),
  );
