import { unresolvedBreaks, usersOf } from "../../foresight/lockouts.ts";
import { WHAT_IS_MISSING } from "../../foresight/missing-evidence.ts";
import type { Foresight } from "../../model/foresight.ts";
import type { UserId } from "../../model/ids.ts";
import { hoursBetween } from "../../model/time.ts";

import { countOf, customer, firstFew, type PolicyGate, technician } from "./gate.ts";

/** Whether somebody has looked who would be locked out, with the people, the draft and the sign-ins of now. */
export const foresightCurrent: PolicyGate = ({ state, phase, settings, now }) => {
  const foresight = state.foresights.get(phase);
  if (foresight === undefined) {
    return technician("foresight_missing", "Nobody has looked who would be locked out. Call foresee_lockouts.");
  }
  const isOld =
    foresight.list !== state.list?.hash ||
    foresight.draft !== state.policies.get(phase)?.draft ||
    hoursBetween(foresight.to, now) > settings.evidenceMaxAgeHours;
  return isOld
    ? technician(
        "foresight_outdated",
        "People, draft or sign-ins have changed since it was foreseen who would be locked out. Call foresee_lockouts.",
        [`foreseen at ${foresight.at}`],
      )
    : null;
};

export const foresightComplete: PolicyGate = ({ state, phase }) => {
  const missing = state.foresights.get(phase)?.missing ?? [];
  return missing.length === 0
    ? null
    : technician(
        "foresight_incomplete",
        `Who would be locked out cannot be told. ${missing.map((lack) => WHAT_IS_MISSING[lack]).join(" ")}`,
        missing,
      );
};

/** What the log does not show is no evidence that somebody gets in. */
export const nobodyUnclear: PolicyGate = ({ state, phase }) => {
  const unclear = state.foresights.get(phase)?.counts.unclear ?? 0;
  return unclear === 0
    ? null
    : technician(
        "foresight_unclear",
        `What enforcement would do cannot be told for ${countOf(unclear, "user")}: a policy asks them for something that the sign-in log does not show. Look at each in Entra's What If (the artifact of foresee_lockouts names them), take what nobody can tell out of that policy or grant a signed exception, then call foresee_lockouts.`,
      );
};

/** Two ways of telling the same thing that differ: one of them is wrong, and nobody knows which. */
export const foresightUndisputed: PolicyGate = ({ state, phase }) => {
  const disputes = state.foresights.get(phase)?.disputes ?? [];
  return disputes.length === 0
    ? null
    : technician(
        "foresight_disputed",
        `Entra's own results contradict what was foreseen for ${countOf(disputes.length, "account")}. Compare the policy and its groups in Entra, then call foresee_lockouts.`,
        firstFew(disputes),
      );
};

/** Nobody's device may break unseen; of those who cannot answer a prompt, as many as the procedure allows. */
export const nobodyLockedOut: PolicyGate = ({ state, phase, roster, settings }) => {
  const foresight = state.foresights.get(phase);
  if (foresight === undefined) return null;
  const isDue = (id: UserId): boolean => roster?.late.has(id) !== true;
  const broken = usersOf(unresolvedBreaks(foresight.breaks, state.findings)).filter(isDue);
  const helpless = foresight.cannotAnswer.filter(isDue);
  if (broken.length === 0 && helpless.length <= toleratedIn(foresight, settings)) return null;
  return customer(
    "lockouts_foreseen",
    `Enforcement would lock out: ${countOf(helpless.length, "user")} who cannot answer a prompt, ${toleratedIn(foresight, settings)} allowed; ${countOf(broken.length, "user")} with a client that breaks, 0 allowed. Help them (issue_access_pass for who cannot register otherwise), then call reconcile_users and foresee_lockouts.`,
    firstFew([...broken, ...helpless]),
  );
};

const toleratedIn = (
  { users }: Foresight,
  { notCapablePercent, notCapableCount }: Parameters<PolicyGate>[0]["settings"],
): number => Math.max(notCapableCount, Math.floor((users * notCapablePercent) / 100));
