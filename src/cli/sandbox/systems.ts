import type { SandboxReady } from "./sandbox-process.ts";

/** Writes a secret where only its owner may read it, and gives the reference to it. */
export type Keep = (name: string, value: string) => Promise<string>;

/** A part of the customer's file: which system it is, and how to sign in there. */
export type System = (ready: SandboxReady, keep: Keep) => Promise<Readonly<Record<string, unknown>>>;

export const bamboohr: System = async ({ secrets }, keep) => ({
  kind: "bamboohr",
  company: secrets.bamboohr.company,
  api_key: await keep("bamboohr-api-key", secrets.bamboohr.apiKey),
});

/**
 * The columns are those that the report's author typed. Of HR's two ids Entra carries the Employee ID, while managers
 * and absences go by the Worker ID.
 */
export const workday: System = async ({ secrets: { workday: tenant } }, keep) => ({
  kind: "workday",
  host: tenant.host,
  tenant: tenant.tenant,
  sign_in: { kind: "basic", user: tenant.user, password: await keep("workday-password", tenant.password) },
  workers: {
    from: { kind: "report", owner: tenant.user, name: "MFA_Rollout_Workers" },
    columns: {
      id: "Worker_ID",
      entra_employee_id: "Employee_ID",
      name: "Worker",
      given_name: "Legal_or_Preferred_First",
      work_email: "Primary_Work_Email",
      department: "Supervisory_Org_L3",
      job_title: "Position_Title",
      active: "Is_Active",
      hire_date: "Original_Hire_Date",
      termination_date: "Last_Day_of_Work",
      manager_email: "Manager_Primary_Work_Email",
      on_leave: "On_Leave",
      leave_type: "Leave_of_Absence_Type",
      leave_from: "Leave_Actual_First_Day",
    },
  },
  absences: {
    from: { kind: "report", owner: tenant.user, name: "MFA_Rollout_Absences" },
    columns: { worker_id: "Worker_ID", from: "Absence_Start", until: "Absence_End" },
  },
});

export const gmail =
  (name: string): System =>
  async ({ secrets }, keep) => ({
    kind: "gmail",
    sender: { name, address: secrets.gmail.sender },
    client_email: secrets.gmail.clientEmail,
    private_key: await keep("gmail-key.pem", secrets.gmail.privateKeyPem),
  });

export const outlook =
  (name: string): System =>
  async ({ secrets }) => ({ kind: "outlook", sender: { name, address: secrets.gmail.sender } });

export const powerBi: System = async ({ secrets }) => ({
  kind: "power-bi",
  workspace_id: secrets.powerBi.workspaceId,
});

export const looker: System = async ({ secrets }, keep) => ({
  kind: "looker",
  project_id: secrets.bigquery.projectId,
  dataset: secrets.bigquery.dataset,
  location: secrets.bigquery.location,
  client_email: secrets.gmail.clientEmail,
  private_key: await keep("bigquery-key.pem", secrets.gmail.privateKeyPem),
  looker: {
    host: secrets.looker.host,
    client_id: secrets.looker.clientId,
    client_secret: await keep("looker-client-secret", secrets.looker.clientSecret),
  },
});

/** The customer's team in Teams, written to in a person's name. */
export const teams =
  (channel: string): System =>
  async ({ secrets, teamId }, keep) => ({
    kind: "teams",
    team_id: teamId,
    channel,
    posting: {
      kind: "delegated",
      client_id: secrets.teams.clientId,
      refresh_token: await keep("teams-refresh-token", secrets.teams.refreshToken),
    },
  });

/** The service provider's own desk. */
export const connectwise: System = async ({ secrets: { connectwise: desk } }, keep) => ({
  kind: "connectwise",
  site: "na.myconnectwise.net",
  company_id: desk.companyId,
  public_key: await keep("connectwise-public-key", desk.publicKey),
  private_key: await keep("connectwise-private-key", desk.privateKey),
  client_id: desk.clientId,
  customer: desk.customer,
  service_board: "Service Desk",
  project_board: "Projects",
  technician: "TOkafor",
});
