import type { Answer, Harness } from "./harness.ts";
import { raiseTickets } from "./tickets.ts";

const NEAR = "2026-10-19";

/** Calls every tool of a rollout at a point where it has something to say; the answers by the tool, and by its arguments too where it was called before. */
export async function everyAnswer(office: Harness): Promise<ReadonlyMap<string, Answer>> {
  const answers = new Map<string, Answer>();
  let rollout = "";
  const ask = async (tool: string, args: Readonly<Record<string, unknown>> = {}): Promise<Answer> => {
    const answer = await office.call(tool, rollout === "" ? args : { rollout, ...args });
    if (answer.isError) throw new Error(`${tool}: ${answer.text}`);
    answers.set(answers.has(tool) ? `${tool} ${JSON.stringify(args)}` : tool, answer);
    return answer;
  };
  answers.set("list_employees", await office.call("list_employees", { customer: "larkfield" }));
  answers.set("list_procedures", await office.call("list_procedures"));
  const started = await ask("start_rollout", { customer: "larkfield", deadline: NEAR, phase_order: ["IT"] });
  rollout = String(started.structured.rollout);
  await ask("reconcile_users");
  await ask("classify_exceptions");
  await ask("request_signoff");
  await office.signOff(rollout);
  await ask("get_rollout");
  await ask("list_users", { phase: "phase_it" });
  await ask("list_users");
  await ask("draft_ca_policy", { phase: "phase_closing" });
  await ask("draft_ca_policy", { phase: "phase_it" });
  await ask("send_phase_email", { phase: "phase_it", kind: "announcement", preview: true });
  await ask("send_phase_email", { phase: "phase_it", kind: "announcement" });
  await ask("apply_ca_policy", { phase: "phase_it", state: "report_only" });
  await ask("sync_psa_project");
  await ask("open_helpdesk_channel");
  await ask("update_dashboard", { phase: "phase_it" });
  await office.approvePending();
  await ask("apply_ca_policy", { phase: "phase_it", state: "report_only" });
  await ask("sync_psa_project");
  await ask("chase_non_enrollees");
  raiseTickets(office.box.world);
  office.advance(24.2);
  await ask("answer_mfa_tickets");
  await ask("fetch_signin_logs");
  const [finding] = (answers.get("fetch_signin_logs")?.structured.open_findings ?? []) as readonly {
    finding_id: string;
  }[]; // by its schema
  await ask("check_tenant");
  await ask("foresee_lockouts", { phase: "phase_it" });
  await ask("get_rollout", {});
  await ask("generate_compliance_report");
  await ask("get_artifact", { artifact: "report" });
  await ask("get_artifact", { artifact: "exceptions" });
  if (finding !== undefined)
    await ask("resolve_finding", {
      finding: finding.finding_id,
      resolution: "accepted",
      by: "Priya Raman",
      why: "It may break.",
    });
  await ask("save_procedure");
  return answers;
}
