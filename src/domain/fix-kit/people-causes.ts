import { unresolvedBreaks, usersOf } from "../foresight/lockouts.ts";
import type { PhaseId, UserId } from "../model/ids.ts";
import type { User } from "../model/people.ts";
import type { Phase } from "../model/phase.ts";
import { dateIn } from "../model/time.ts";
import type { RolloutView } from "../rollout/step-status.ts";
import type { Cause, Fault } from "./cause.ts";
import { GUIDES } from "./guides.ts";

const peopleFix = (phase: PhaseId): string => `people_${phase}`;

/** Whom a look ahead names: people who cannot answer a prompt, and what would be shut out beside the known findings. */
export const peopleCauses = (view: RolloutView): readonly Cause[] =>
  view.state.phases.flatMap((phase) => [...cannotAnswer(phase, view), ...shutOut(phase, view)]);

/** One ticket a phase: the helpdesk calls down a list, and the list shrinks with every call. */
function cannotAnswer(phase: Phase, { state, roster }: RolloutView): readonly Cause[] {
  const named = foreseenOrDue(phase.id, state);
  if (named === null || roster === null || state.list === null) return [];
  const id = peopleFix(phase.id);
  const unable = (roster.byPhase.get(phase.id) ?? []).filter(
    (user) => user.registration?.capable !== true && named(user.id),
  );
  const lacking = unable.filter((user) => !hasOwnTicket(user.id, state));
  if (lacking.length === 0) {
    const day = dateIn(state.timeZone, state.list.at);
    const left = unable.length === 0 ? "nobody" : `${unable.length}, each with a ticket of their own by now,`;
    return [{ id, standing: "gone", why: `The list of ${day} shows of these people ${left} who cannot use MFA.` }];
  }
  const fault: Fault = {
    summary: `Second method: ${phase.department ?? "closing policy"}`,
    found: `People whom enforcement would ask for MFA and who have no method to answer with: ${lacking.length}.`,
    guide: GUIDES.person,
    mender: "helpdesk",
    accounts: lacking.flatMap(({ account }) => account?.upn ?? []),
    manager: managerOfAll(lacking),
    fullList: `foresight:${phase.id}`,
    phases: [phase.id],
  };
  return [{ id, standing: "open", fault }];
}

/** Who of a phase counts: whom the look ahead named, or everybody once the check found the phase due. */
function foreseenOrDue(phase: PhaseId, state: RolloutView["state"]): ((user: UserId) => boolean) | null {
  const due = state.tenantCheck?.pitfalls.some(({ name, holds }) => name === "not_enrolled" && holds.includes(phase));
  if (due === true) return () => true;
  const foresight = state.foresights.get(phase);
  if (foresight === undefined) return null;
  const ids = new Set(foresight.cannotAnswer);
  return (user) => ids.has(user);
}

/** A holdout who is chased has a ticket alone. */
const hasOwnTicket = (user: UserId, { id, effects }: RolloutView["state"]): boolean =>
  effects.has(`${id}/psa/ticket/${user}`);

function managerOfAll(users: readonly User[]): Fault["manager"] {
  const [first] = users.map(({ manager }) => manager);
  if (first === undefined || first === null || first.state !== "ok" || first.address === null) return null;
  const one = users.every(({ manager }) => manager?.state === "ok" && manager.address === first.address);
  return one ? { name: first.displayName, address: first.address } : null;
}

/** Breaks that are findings of the sign-in log have tickets by device and program. */
function shutOut(phase: Phase, { state, roster }: RolloutView): readonly Cause[] {
  const foresight = state.foresights.get(phase.id);
  if (foresight === undefined) return [];
  const id = `break_${phase.id}`;
  const breaks = unresolvedBreaks(foresight.breaks, state.findings).filter(
    ({ finding }) => !state.findings.has(finding),
  );
  const users = new Set(usersOf(breaks));
  if (users.size === 0) {
    const day = dateIn(state.timeZone, foresight.at);
    return [{ id, standing: "gone", why: `The look ahead of ${day} foresees nothing of this any more.` }];
  }
  const fault: Fault = {
    summary: `Shut out by policy or device: ${phase.department ?? "closing policy"}`,
    found: `Clients and devices that enforcement would shut out: ${breaks.length}, of ${users.size} accounts.`,
    guide: GUIDES.shut_out,
    mender: "technician",
    accounts: [...(roster?.byPhase.values() ?? [])]
      .flat()
      .flatMap(({ id: user, account }) => (users.has(user) && account !== null ? account.upn : [])),
    manager: null,
    fullList: `foresight:${phase.id}`,
    phases: [phase.id],
  };
  return [{ id, standing: "open", fault }];
}
