import { z } from "zod";
import { secretReference } from "./secret.ts";

const leaveMinDays = z
  .number()
  .int()
  .min(1)
  .max(365)
  .default(21)
  .describe("Time off shorter than this is a holiday, not leave");

export const BambooHr = z.strictObject({
  kind: z.literal("bamboohr"),
  company: z
    .string()
    .regex(/^[a-z0-9-]+$/, "must be the first part of <company>.bamboohr.com")
    .describe("The first part of <company>.bamboohr.com"),
  api_key: secretReference.describe("API key, best of an account of its own"),
  leave_words: z
    .array(z.string().min(1))
    .optional()
    .describe("Words that mark an employment status as leave; leave, sabbatical and furlough unless told"),
  leave_min_days: leaveMinDays,
});

const alias = z.string().min(1);
const optional = (meaning: string) => alias.optional().describe(meaning);

/** The XML aliases of a report's columns are what the report's author typed. */
const workerColumns = z
  .strictObject({
    id: alias.describe("Employee id"),
    employee_number: optional("A second id, where Entra's employee id may hold it"),
    entra_employee_id: optional("The one id that Entra's employee id holds; no other is then compared"),
    name: alias.describe("Name as shown"),
    given_name: optional("Name as addressed"),
    work_email: alias.describe("Work address"),
    department: alias.describe("What the rollout goes by: cost centre or supervisory organisation"),
    job_title: optional("Business title"),
    active: alias.describe("1 and 0, yes and no, or active and terminated; those on leave are active"),
    hire_date: alias.describe("Hire date"),
    termination_date: optional("Last day of those who left"),
    manager_id: optional("The manager's employee id"),
    manager_email: optional("The manager's address"),
    on_leave: alias.describe("Currently on leave: 1 and 0, or yes and no"),
    leave_type: optional("Kind of the leave"),
    leave_from: optional("First day of the leave"),
    leave_until: optional("Estimated last day of the leave"),
  })
  .refine(({ manager_id, manager_email }) => manager_id !== undefined || manager_email !== undefined, {
    error: "needs manager_id or manager_email",
  });

/** Columns go by the names that the author of the report or query gave them. */
const source = <Columns extends z.ZodType>(columns: Columns) =>
  z.strictObject({
    from: z
      .discriminatedUnion("kind", [
        z.strictObject({
          kind: z.literal("report"),
          owner: z.string().min(1).describe("Workday account that owns the report"),
          name: z.string().min(1).describe("Name of the report as in its web service URL"),
        }),
        z.strictObject({
          kind: z.literal("wql"),
          query: z.string().min(1).describe("Query with an alias for each column; needs an API client"),
        }),
      ])
      .describe("A report enabled as a web service, or a query where the tenant offers none"),
    columns: columns.describe("Which column, by its XML alias or the query's, holds what"),
  });

export const Workday = z
  .strictObject({
    kind: z.literal("workday"),
    host: z
      .string()
      .regex(/^[a-z0-9.-]+$/, "must be a host name such as wd2-impl-services1.workday.com")
      .describe("Host of the tenant's data centre, as in the report's web service URL"),
    tenant: z.string().min(1).describe("Name of the tenant"),
    sign_in: z
      .discriminatedUnion("kind", [
        z.strictObject({
          kind: z.literal("basic"),
          user: z.string().min(1).describe("Integration system user, without the tenant"),
          password: secretReference.describe("Its password"),
        }),
        z.strictObject({
          kind: z.literal("refresh_token"),
          client_id: z.string().min(1).describe("API client with the scope of the reports"),
          client_secret: secretReference.describe("Secret of the API client"),
          refresh_token: secretReference.describe("One that does not expire"),
        }),
        z.strictObject({
          kind: z.literal("client_credentials"),
          client_id: z.string().min(1).describe("API client with the scope of the reports"),
          client_secret: secretReference.describe("Secret of the API client"),
        }),
      ])
      .describe("How the integration system user signs in"),
    workers: source(workerColumns).describe("One row for each worker, those who left and those to come too"),
    absences: source(
      z.strictObject({
        worker_id: alias.describe("Employee id"),
        from: alias.describe("First day"),
        until: alias.describe("Last day"),
      }),
    ).describe("One row for each approved absence, now or to come"),
    leave_min_days: leaveMinDays,
  })
  .refine(
    ({ sign_in, workers, absences }) =>
      sign_in.kind !== "basic" || [workers, absences].every(({ from }) => from.kind === "report"),
    { error: "needs an API client, because Workday takes queries from no other user", path: ["sign_in"] },
  );
