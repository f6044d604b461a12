import { instantAt } from "../../model/time.ts";
import { isFrozen, nextWorkingDay } from "../../phases/calendar.ts";
import { customer, type Gate, technician, wait } from "./gate.ts";

/** The customer has consented to exactly the exceptions that stand now. */
export const signedOff: Gate = ({ state }) => {
  if (state.exceptions === null) {
    return technician("exceptions_missing", "No exceptions have been classified. Call classify_exceptions.");
  }
  if (state.signoff === null) {
    return customer("signoff_missing", "The customer has not signed off the exceptions. Call request_signoff.", [
      state.exceptions.table,
    ]);
  }
  if (state.signoff.table !== state.exceptions.table) {
    return customer(
      "signoff_outdated",
      "The exceptions have changed since the customer signed them off. Call request_signoff for the new table.",
      [state.signoff.table, state.exceptions.table],
    );
  }
  return null;
};

export const notFrozen: Gate = ({ today, settings, customer: { timeZone } }) => {
  if (!isFrozen(today, settings.frozen)) return null;
  const next = nextWorkingDay(today, settings.frozen);
  return wait("frozen_day", `${today} is a frozen day. The next working day is ${next}.`, instantAt(timeZone, next, 0));
};
