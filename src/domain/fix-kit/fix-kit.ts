import type { Customer } from "../model/customer.ts";
import type { PhaseId } from "../model/ids.ts";
import type { CalendarDate } from "../model/time.ts";
import { nextWorkingDay, previousWorkingDay } from "../phases/calendar.ts";
import type { Mender } from "../pitfalls/pitfall.ts";
import type { RolloutView } from "../rollout/step-status.ts";
import type { Cause, Fault } from "./cause.ts";
import { findingCauses } from "./finding-causes.ts";
import { peopleCauses } from "./people-causes.ts";
import { pitfallCauses } from "./pitfall-causes.ts";

/** Who answers for it that the thing is mended. */
export interface FixOwner {
  readonly role: "technician" | "helpdesk" | "customer" | "manager";
  readonly name: string;
  /** `null`: the service desk knows its own technicians. */
  readonly address: string | null;
}

/** Everything known to need mending in this rollout, what was mended included. In a stable order. */
export const fixCauses = (view: RolloutView): readonly Cause[] => [
  ...pitfallCauses(view),
  ...findingCauses(view),
  ...peopleCauses(view),
];

/** The one manager of all concerned where there is one, else whom the customer's file names for the work. */
export function ownerOf({ mender, manager }: Pick<Fault, "mender" | "manager">, customer: Customer): FixOwner {
  if (manager !== null) return { role: "manager", ...manager };
  const owners: Readonly<Record<Mender, FixOwner>> = {
    technician: { role: "technician", name: `${customer.mspName}, technician of this rollout`, address: null },
    helpdesk: { role: "helpdesk", ...customer.escalation },
    customer_admin: { role: "customer", ...customer.signoffContact },
  };
  return owners[mender];
}

/**
 * The last working day before the first of these phases is enforced; before its date is announced, before the deadline.
 * It may have passed, as it has where all of them are enforced.
 */
export function dueDay(phases: readonly PhaseId[], { state, procedure }: RolloutView): CalendarDate {
  const ahead = phases.filter((phase) => state.policies.get(phase)?.state !== "enforced");
  const dates = (ahead.length > 0 ? ahead : phases).flatMap((phase) => state.enforcementDates.get(phase) ?? []);
  return previousWorkingDay(dates.sort()[0] ?? state.deadline, procedure.settings.frozen);
}

/** A day that can still be kept: what should be done already is due on the next working day. */
export const dueFrom = (day: CalendarDate, { today, procedure }: RolloutView): CalendarDate =>
  day >= today ? day : nextWorkingDay(today, procedure.settings.frozen);
