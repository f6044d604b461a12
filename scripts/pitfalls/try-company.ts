import { z } from "zod";
import { type Answer, type Harness, startHarness } from "../../test/support/harness.ts";

const EMPLOYEES = 60;
const FIRST = "phase_it";
/** As the tests' rollouts order the departments. */
const SECOND = "phase_finance";
const LAST = "phase_closing";

const Checked = z.object({
  pitfalls: z.array(z.object({ name: z.string(), status: z.string(), remedy: z.string(), who_mends: z.string() })),
});
const Refused = z.object({ details: z.object({ blockers: z.array(z.object({ code: z.string() })) }).optional() });

export type Found = z.output<typeof Checked>["pitfalls"][number];

/** What became of a rollout at a company with these pitfalls, as far as its first enforcement. */
export interface Outcome {
  /** What `check_tenant` found. */
  readonly found: readonly Found[];
  /** Why the first phase, and why the closing policy, may not be enforced. Empty: enforcing went on to the signature. */
  readonly refusals: { readonly first: readonly string[]; readonly closing: readonly string[] };
  /**
   * At the company without pitfalls, once the first phase is enforced: why the second may not follow at once, and what a
   * customer file gets in which an application alone is to post to the helpdesk's channel.
   */
  readonly afterwards: { readonly second: readonly string[]; readonly appOnlyPosting: string } | null;
  /** Errors of tools that read the tenant, in their own words. */
  readonly errors: readonly string[];
}

/**
 * Brings a rollout to the day on which its first phase is to be enforced, over MCP and against the simulated vendors,
 * asks what stands in the way, and tries to enforce anyway.
 */
export async function tryCompany(pitfalls: readonly string[]): Promise<Outcome> {
  await using company = await startHarness({ employees: EMPLOYEES, pitfalls });
  const rollout = await company.withItReportOnly();
  const { phases } = await company.look(rollout);
  const date = phases.find(({ phase }) => phase === FIRST)?.enforcement_date;
  company.moveTo(`${date}T15:00:00Z`);

  const errors: string[] = [];
  const call = async (tool: string, args: Readonly<Record<string, unknown>> = {}): Promise<Answer> => {
    const answer = await company.call(tool, { rollout, ...args });
    if (answer.isError && tool !== "apply_ca_policy") errors.push(`${tool}: ${answer.text}`);
    return answer;
  };
  await call("reconcile_users");
  await call("classify_exceptions");
  await company.signOff(rollout);
  await call("fetch_signin_logs");
  const checked = await call("check_tenant");
  const found = checked.isError ? [] : Checked.parse(checked.structured).pitfalls;
  await call("foresee_lockouts", { phase: FIRST });
  const refusals = {
    first: blockersOf(await call("apply_ca_policy", { phase: FIRST, state: "enforced" })),
    closing: blockersOf(await call("apply_ca_policy", { phase: LAST, state: "enforced" })),
  };
  const goesOn = pitfalls.length === 0 && refusals.first.length === 0;
  return { found, refusals, afterwards: goesOn ? await goOn(company, rollout) : null, errors };
}

async function goOn(company: Harness, rollout: string): Promise<Outcome["afterwards"]> {
  await company.withApproval("apply_ca_policy", { rollout, phase: FIRST, state: "enforced" });
  const second = await company.call("apply_ca_policy", { rollout, phase: SECOND, state: "enforced" });
  await company.editCustomer((file) => {
    file.helpdesk = { ...Object(file.helpdesk), posting: { kind: "application" } };
  });
  const { text } = await company.call("get_rollout", { rollout });
  return { second: blockersOf(second), appOnlyPosting: text };
}

function blockersOf({ isError, structured }: Answer): readonly string[] {
  if (!isError) return [];
  const codes = Refused.parse(structured).details?.blockers.map(({ code }) => code);
  return codes ?? ["refused for another reason"];
}
