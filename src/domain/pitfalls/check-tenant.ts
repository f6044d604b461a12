import { CLOSING_PHASE, type PhaseId } from "../model/ids.ts";
import { shortHash } from "../model/short-hash.ts";
import { appExclusions } from "./app-exclusions.ts";
import { deviceEnrolmentDeadlock } from "./device-enrolment-deadlock.ts";
import { directorySyncBlocked } from "./directory-sync-blocked.ts";
import { emergencyAccessNoMethod } from "./emergency-access-no-method.ts";
import { emergencyAccessUnsafe } from "./emergency-access-unsafe.ts";
import { emergencyRoleUnproven } from "./emergency-role-unproven.ts";
import type { PitfallFacts } from "./facts.ts";
import { groupUnsound, ourGroupNested } from "./group-unsound.ts";
import { guestsWithoutTrust } from "./guests-without-trust.ts";
import { licenceGap } from "./licence-gap.ts";
import { lostPhone } from "./lost-phone.ts";
import { mailDevice } from "./mail-device.ts";
import { managedPolicyActivates } from "./managed-policy-activates.ts";
import { methodNotAllowed } from "./method-not-allowed.ts";
import { noPhone } from "./no-phone.ts";
import { notEnrolled } from "./not-enrolled.ts";
import { perUserMfa } from "./per-user-mfa.ts";
import { type Found, type Pitfall, type PitfallCheck, SEVERITIES } from "./pitfall.ts";
import { policyChanged } from "./policy-changed.ts";
import { policyLimit } from "./policy-limit.ts";
import { registrationRestricted } from "./registration-restricted.ts";
import { reportOnlyDisturbs } from "./report-only-disturbs.ts";
import { reportStale } from "./report-stale.ts";
import { roomInScope } from "./room-in-scope.ts";
import { securityDefaultsOn } from "./security-defaults-on.ts";
import { serviceProviderBlocked } from "./service-provider-blocked.ts";
import { sharedMailboxSignIn } from "./shared-mailbox-sign-in.ts";
import { storedPassword } from "./stored-password.ts";
import { trustedLocation } from "./trusted-location.ts";
import { unsignedExclusion } from "./unsigned-exclusion.ts";
import { windowsActivation } from "./windows-activation.ts";

/** Every check, worst first and within a severity in the order of the harm. */
export const PITFALL_CHECKS: readonly PitfallCheck[] = [
  emergencyAccessUnsafe,
  emergencyAccessNoMethod,
  emergencyRoleUnproven,
  serviceProviderBlocked,
  directorySyncBlocked,
  notEnrolled,
  methodNotAllowed,
  registrationRestricted,
  deviceEnrolmentDeadlock,
  ourGroupNested,
  securityDefaultsOn,
  policyLimit,
  reportStale,
  storedPassword,
  mailDevice,
  roomInScope,
  sharedMailboxSignIn,
  guestsWithoutTrust,
  managedPolicyActivates,
  windowsActivation,
  noPhone,
  lostPhone,
  policyChanged,
  trustedLocation,
  appExclusions,
  groupUnsound,
  unsignedExclusion,
  perUserMfa,
  licenceGap,
  reportOnlyDisturbs,
].toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));

/** Kept of the evidence in the ledger; the stored facts have the rest. */
const EVIDENCE_KEPT = 10;

/** What stands in the way of enforcement, worst first; what could not be looked at stands last. */
export function checkTenant(facts: PitfallFacts): readonly Pitfall[] {
  const found = PITFALL_CHECKS.flatMap((check) => {
    const seen = check.look(facts);
    return seen === null ? [] : [pitfall(check, seen, facts)];
  });
  return [...found.filter(({ seen }) => seen), ...found.filter(({ seen }) => !seen)];
}

function pitfall(check: PitfallCheck, found: Found, facts: PitfallFacts): Pitfall {
  const { name, severity, mender, acceptable, heldBy, remedy } = check;
  const { message, evidence } = found;
  return {
    id: `pit_${shortHash(name, ...evidence.toSorted())}`,
    ...{ name, severity, mender, acceptable, heldBy, remedy, message },
    seen: found.seen ?? true,
    evidence: evidence.slice(0, EVIDENCE_KEPT),
    count: evidence.length,
    holds: phasesHeld(found, facts),
  };
}

/** An account without a phase of its own is the closing policy's; that one also covers every account of the others. */
function phasesHeld({ affects }: Found, { phases, roster }: PitfallFacts): readonly PhaseId[] {
  if (affects === "everyone") return phases.map(({ id }) => id);
  if (affects === "closing") return [CLOSING_PHASE];
  if (affects === "nobody") return [];
  const ids = new Set(affects);
  const own = [...roster.byPhase]
    .filter(([, members]) => members.some(({ account }) => account !== null && ids.has(account.objectId)))
    .map(([phase]) => phase);
  return [...new Set([...own, CLOSING_PHASE])];
}
