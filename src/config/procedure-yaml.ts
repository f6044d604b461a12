import { stringify } from "yaml";
import type { Procedure, ProcedureStep } from "../domain/model/procedure.ts";
import { WEEKDAYS } from "./procedure-schema.ts";

/** The file as `procedure-schema.ts` reads it. */
export function asYaml(procedure: Omit<Procedure, "hash">): string {
  const { id, version, title, description, parameters, settings, prepare, eachPhase, nextPhaseAfter, close, lessons } =
    procedure;
  return stringify({
    ...{ id, version, title, description, parameters },
    settings: {
      report_only_hours: settings.reportOnlyHours,
      lead_days: settings.leadDays,
      late_lead_days: settings.lateLeadDays,
      judge_hours: settings.judgeHours,
      evidence_max_age_hours: settings.evidenceMaxAgeHours,
      not_capable_percent: settings.notCapablePercent,
      not_capable_count: settings.notCapableCount,
      blocked_users: settings.blockedUsers,
      holdout_days: settings.holdoutDays,
      frozen: {
        weekdays: settings.frozen.weekdays.map((day) => WEEKDAYS[day]),
        dates: settings.frozen.dates,
        month_end_days: settings.frozen.monthEndDays,
      },
    },
    prepare: prepare.map(stepAsWritten),
    each_phase: eachPhase.map(stepAsWritten),
    next_phase_after: nextPhaseAfter,
    close: close.map(stepAsWritten),
    lessons,
  });
}

function stepAsWritten({ id, tool, args, wait }: ProcedureStep): Record<string, unknown> {
  const written = wait === null || "after" in wait ? wait : { days_before_enforcement: wait.daysBeforeEnforcement };
  return { id, tool, ...(Object.keys(args).length > 0 && { args }), ...(written !== null && { wait: written }) };
}
