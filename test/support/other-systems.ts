import type { Harness } from "./harness.ts";
import { secretFile } from "./secret-file.ts";

/** The columns of the simulated Workday's report of workers, as its customer named them. */
export const WORKER_COLUMNS = {
  id: "Employee_ID",
  employee_number: "Badge_No",
  name: "Full_Name",
  given_name: "Preferred_First_Name",
  work_email: "Work_Email",
  department: "Cost_Center_Name",
  job_title: "Business_Title",
  active: "Active_Status",
  hire_date: "Hire_Date",
  termination_date: "Termination_Date",
  manager_id: "Manager_ID",
  manager_email: "Manager_Email",
  on_leave: "Currently_On_Leave",
  leave_type: "Leave_Type",
  leave_from: "First_Day_of_Leave",
};

/** Gives the customer Workday, Outlook and Looker in place of BambooHR, Gmail and Power BI: the same people, other systems. */
export async function moveToOtherSystems({ home, box, editCustomer }: Harness): Promise<void> {
  const { workday, gmail, bigquery, looker } = box.secrets;
  const secret = (name: string, value: string): Promise<string> => secretFile(home, name, value);
  const password = await secret("workday-password", workday.password);
  const privateKey = await secret("bigquery-key.pem", gmail.privateKeyPem);
  const clientSecret = await secret("looker-client-secret", looker.clientSecret);
  await editCustomer((file) => {
    file.hr = {
      kind: "workday",
      host: workday.host,
      tenant: workday.tenant,
      sign_in: { kind: "basic", user: workday.user, password },
      workers: {
        from: { kind: "report", owner: workday.user, name: "MFA_Rollout_Workers" },
        columns: WORKER_COLUMNS,
      },
      absences: {
        from: { kind: "report", owner: workday.user, name: "MFA_Rollout_Absences" },
        columns: { worker_id: "Employee_ID", from: "First_Day", until: "Last_Day" },
      },
    };
    file.mail = { kind: "outlook", sender: { name: "Larkfield IT Support", address: gmail.sender } };
    file.dashboard = {
      kind: "looker",
      project_id: bigquery.projectId,
      dataset: bigquery.dataset,
      location: bigquery.location,
      client_email: gmail.clientEmail,
      private_key: privateKey,
      looker: { host: looker.host, client_id: looker.clientId, client_secret: clientSecret },
    };
  });
}

/** Has Workday's API client sign in, in place of the user with a password. To be called after the move. */
export async function signInToWorkday({ home, box, editCustomer }: Harness): Promise<void> {
  const { clientId, clientSecret } = box.secrets.workday;
  const secret = await secretFile(home, "workday-client-secret", clientSecret);
  await editCustomer((file) => {
    file.hr = {
      ...Object(file.hr),
      sign_in: { kind: "client_credentials", client_id: clientId, client_secret: secret },
    };
  });
}

const WORKFLOW = "https://prod-00.westus.logic.azure.com/workflows/1/triggers/manual/paths/invoke?sig=x";

/** Has messages posted by a flow in Teams, in place of a person's name. */
export async function postThroughWorkflow({ home, editCustomer }: Harness): Promise<void> {
  const url = await secretFile(home, "flow", WORKFLOW);
  await editCustomer((file) => {
    file.helpdesk = { ...Object(file.helpdesk), posting: { kind: "workflow", url } };
  });
}
