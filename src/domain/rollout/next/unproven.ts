import { leftToProve, onlyTimeIsLeft } from "../../coverage/unproven.ts";
import { addDays, dateIn, instantAt } from "../../model/time.ts";
import { type PlacedStep, type RolloutView, WORK_HOUR } from "../step-status.ts";
import { type Wait, waitFor } from "./answer.ts";

/**
 * A proof that was made today and is not whole: making it again shows the same until somebody has mended what it names.
 * `null`: there is none, it is whole, or a new day has come.
 */
export function unprovenToday({ step }: PlacedStep, { state, today }: RolloutView): Wait | null {
  const { report, timeZone } = state;
  if (step.tool !== "generate_compliance_report" || report?.unproven === undefined) return null;
  const left = leftToProve(report.unproven);
  if (left.length === 0 || dateIn(timeZone, report.at) < today) return null;
  const why = `The closing proof is not whole. ${left.join(" ")}`;
  if (onlyTimeIsLeft(report.unproven)) {
    return waitFor("time", why, { until: instantAt(timeZone, addDays(today, 1), WORK_HOUR) });
  }
  return waitFor("person", `${why} Then call generate_compliance_report; it is due again tomorrow.`);
}
