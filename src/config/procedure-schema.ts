import { z } from "zod";
import type { Procedure, ProcedureStep } from "../domain/model/procedure.ts";

/** As in `weekday()`: 0 = Sunday. */
export const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;

const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "write it in lower-case words joined by hyphens");
const snakeName = z.string().regex(/^[a-z0-9]+(_[a-z0-9]+)*$/, "write it in lower-case words joined by underscores");
const count = z.int().min(0);
const hours = z.number().min(0);

/** For procedures from before it could be set. */
const LATE_LEAD_DAYS = 3;

const Wait = z.union([
  z.strictObject({ after: slug, hours }),
  z.strictObject({ days_before_enforcement: count }).transform(({ days_before_enforcement }) => ({
    daysBeforeEnforcement: days_before_enforcement,
  })),
]);

const Step = z
  .strictObject({
    id: slug,
    tool: snakeName,
    args: z.record(snakeName, z.string()).default({}),
    wait: Wait.nullable().default(null),
  })
  .transform((step): ProcedureStep => step);

const Parameter = z.strictObject({
  name: snakeName,
  type: z.enum(["string", "date", "departments"]),
  description: z.string().min(1),
  default: z.string().nullable().default(null),
});

const Settings = z
  .strictObject({
    report_only_hours: hours,
    lead_days: count,
    late_lead_days: count.default(LATE_LEAD_DAYS),
    judge_hours: hours,
    evidence_max_age_hours: z.number().min(1, "leave at least an hour between a look at the sign-ins and enforcement"),
    not_capable_percent: z.number().min(0).max(100),
    not_capable_count: count,
    blocked_users: count,
    holdout_days: count,
    frozen: z.strictObject({
      weekdays: z.array(z.enum(WEEKDAYS)).max(6, "leave at least one day of the week to work on"),
      dates: z.array(z.iso.date()),
      month_end_days: count.max(27),
    }),
  })
  .transform(({ frozen, ...settings }) => ({
    reportOnlyHours: settings.report_only_hours,
    leadDays: settings.lead_days,
    lateLeadDays: settings.late_lead_days,
    judgeHours: settings.judge_hours,
    evidenceMaxAgeHours: settings.evidence_max_age_hours,
    notCapablePercent: settings.not_capable_percent,
    notCapableCount: settings.not_capable_count,
    blockedUsers: settings.blocked_users,
    holdoutDays: settings.holdout_days,
    frozen: {
      weekdays: frozen.weekdays.map((day) => WEEKDAYS.indexOf(day)),
      dates: frozen.dates,
      monthEndDays: frozen.month_end_days,
    },
  }));

/** `procedure.yaml` as it is written; the output is the procedure without its hash and texts. */
export const ProcedureFile = z
  .strictObject({
    id: slug,
    version: z.string().regex(/^\d+\.\d+\.\d+$/, "write it as three numbers, such as 1.0.0"),
    title: z.string().min(1),
    description: z.string().min(1),
    parameters: z.array(Parameter),
    settings: Settings,
    prepare: z.array(Step),
    each_phase: z.array(Step).min(1),
    next_phase_after: slug,
    close: z.array(Step),
    lessons: z.array(z.string()).default([]),
  })
  .transform(
    ({ each_phase, next_phase_after, ...file }): Omit<Procedure, "hash" | "texts"> => ({
      ...file,
      eachPhase: each_phase,
      nextPhaseAfter: next_phase_after,
    }),
  );
