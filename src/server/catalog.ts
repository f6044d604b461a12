import { answerMfaTickets } from "../../tools/answer-mfa-tickets.ts";
import { applyCaPolicy } from "../../tools/apply-ca-policy.ts";
import { chaseNonEnrollees } from "../../tools/chase-non-enrollees.ts";
import { checkTenant } from "../../tools/check-tenant.ts";
import { classifyExceptions } from "../../tools/classify-exceptions.ts";
import { draftCaPolicy } from "../../tools/draft-ca-policy.ts";
import { fetchSigninLogs } from "../../tools/fetch-signin-logs.ts";
import { foreseeLockouts } from "../../tools/foresee-lockouts.ts";
import { generateComplianceReport } from "../../tools/generate-compliance-report.ts";
import { getArtifact } from "../../tools/get-artifact.ts";
import { getRollout } from "../../tools/get-rollout.ts";
import { issueAccessPass } from "../../tools/issue-access-pass.ts";
import { listEmployees } from "../../tools/list-employees.ts";
import { listProcedures } from "../../tools/list-procedures.ts";
import { listUsers } from "../../tools/list-users.ts";
import { openHelpdeskChannel } from "../../tools/open-helpdesk-channel.ts";
import { reconcileUsers } from "../../tools/reconcile-users.ts";
import { requestSignoff } from "../../tools/request-signoff.ts";
import { resolveFinding } from "../../tools/resolve-finding.ts";
import { saveProcedure } from "../../tools/save-procedure.ts";
import { sendPhaseEmail } from "../../tools/send-phase-email.ts";
import { startRollout } from "../../tools/start-rollout.ts";
import { syncPsaProject } from "../../tools/sync-psa-project.ts";
import { updateDashboard } from "../../tools/update-dashboard.ts";
import type { Tool } from "../kit/define-tool.ts";

/** Every tool, in the order of the work: hosts show them so. */
export const catalog: readonly Tool[] = [
  startRollout,
  getRollout,
  listEmployees,
  reconcileUsers,
  listUsers,
  classifyExceptions,
  requestSignoff,
  checkTenant,
  draftCaPolicy,
  applyCaPolicy,
  sendPhaseEmail,
  fetchSigninLogs,
  resolveFinding,
  foreseeLockouts,
  issueAccessPass,
  openHelpdeskChannel,
  answerMfaTickets,
  updateDashboard,
  syncPsaProject,
  chaseNonEnrollees,
  generateComplianceReport,
  saveProcedure,
  listProcedures,
  getArtifact,
];
