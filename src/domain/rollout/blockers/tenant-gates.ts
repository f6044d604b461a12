import { hoursBetween } from "../../model/time.ts";
import { isOpenPitfall } from "../../pitfalls/open-pitfalls.ts";
import { type Blocker, customer, firstFew, type PolicyQuestion, technician } from "./gate.ts";

/** What `next` and programs know these blockers by, whatever the check is called. */
export const PITFALL_CODE = "pitfall_";

/** What the last look at the tenant found in this phase's way; a look that is old or judged other people counts for nothing. */
export function tenantClear({ state, settings, now, phase }: PolicyQuestion): readonly Blocker[] {
  const { tenantCheck: check, acceptedPitfalls } = state;
  const current =
    check !== null &&
    check.list === state.list?.hash &&
    (state.exceptions === null || check.register === state.exceptions.register) &&
    hoursBetween(check.at, now) <= settings.evidenceMaxAgeHours;
  if (!current) {
    return [
      technician(
        "tenant_not_checked",
        `The tenant has not been looked at within ${settings.evidenceMaxAgeHours} hours with the current list and exceptions. Call check_tenant.`,
        check === null ? [] : [`last checked ${check.at}`],
      ),
    ];
  }
  return check.pitfalls
    .filter((pitfall) => isOpenPitfall(pitfall, acceptedPitfalls) && pitfall.holds.includes(phase))
    .map(({ name, message, remedy, mender, evidence }) => {
      const blocker = mender === "customer_admin" ? customer : technician;
      return blocker(`${PITFALL_CODE}${name}`, `${message} ${remedy}`, firstFew(evidence));
    });
}
