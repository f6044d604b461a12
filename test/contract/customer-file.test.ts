import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { compose } from "../../src/compose.ts";
import { customerSlugs, parseCustomerFile, readCustomerFile, toCustomer } from "../../src/config/customer-file.ts";
import { readSettings } from "../../src/config/environment.ts";
import { ConfigurationError, NotFoundError } from "../../src/errors.ts";
import { jsonLogger } from "../../src/server/json-logger.ts";

const GUID = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const GOOD = {
  name: "Larkfield Foods",
  time_zone: "America/Chicago",
  tenant: { id: GUID(1), client_id: GUID(2), client_secret: "env:ENTRA_SECRET" },
  msp: { name: "Northwind IT", tenant_id: GUID(3) },
  insurer: { name: "Harbour Mutual" },
  emergency_access: ["BG1@larkfield.onmicrosoft.com", "bg2@larkfield.onmicrosoft.com"],
  escalation: { name: "Ines Ortiz", address: "Ines@northwind.example" },
  signoff_contact: { name: "Carla Fontana", address: "carla@larkfield.example" },
  guide_url: "https://guide.example/mfa",
  faq_url: "https://guide.example/faq",
  approvers: [{ name: "Robin", public_key: "ed25519:11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }],
  hr: { kind: "bamboohr", company: "larkfield", api_key: "env:BAMBOO" },
  mail: {
    kind: "gmail",
    sender: { name: "IT", address: "it@larkfield.example" },
    client_email: "svc@project.iam.gserviceaccount.com",
    private_key: "file:/run/secrets/gmail.pem",
  },
  helpdesk: {
    kind: "teams",
    team_id: GUID(4),
    channel: "it-support",
    posting: { kind: "workflow", url: "env:WORKFLOW_URL" },
  },
  service_desk: {
    kind: "connectwise",
    site: "na.myconnectwise.net",
    company_id: "northwind",
    public_key: "env:CW_PUBLIC",
    private_key: "env:CW_PRIVATE",
    client_id: GUID(5),
    customer: "LarkfieldFoods",
    service_board: "Help Desk",
    project_board: "Projects",
  },
  dashboard: { kind: "power-bi", workspace_id: GUID(6) },
};

const WORKDAY = {
  kind: "workday",
  host: "wd2-impl-services1.workday.com",
  tenant: "larkfield",
  sign_in: { kind: "basic", user: "ISU_MFA", password: "env:WORKDAY_PASSWORD" },
  workers: {
    from: { kind: "report", owner: "ISU_MFA", name: "MFA_Workers" },
    columns: {
      id: "Employee_ID",
      name: "Full_Name",
      work_email: "Email",
      department: "Cost_Center",
      active: "Active",
      hire_date: "Hire_Date",
      manager_id: "Manager_ID",
      on_leave: "On_Leave",
    },
  },
  absences: {
    from: { kind: "report", owner: "ISU_MFA", name: "MFA_Absences" },
    columns: { worker_id: "Employee_ID", from: "First_Day", until: "Last_Day" },
  },
};
const LOOKER = {
  kind: "looker",
  project_id: "larkfield-analytics",
  dataset: "it_security",
  location: "EU",
  client_email: "svc@project.iam.gserviceaccount.com",
  private_key: "file:/run/secrets/bigquery.pem",
};

/** The problems of the good file with something changed. */
function problemsOf(change: Readonly<Record<string, unknown>>): readonly string[] {
  try {
    parseCustomerFile(stringify({ ...GOOD, ...change }), "customers/x.yaml");
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.details.problems as string[]; // one sentence a problem
    throw error;
  }
}

describe("a customer's file", () => {
  it("is read with what may be left out filled in", () => {
    const file = parseCustomerFile(stringify(GOOD), "customers/larkfield.yaml");
    expect(file.tenant.cloud).toBe("global");
    expect(file.hr.leave_min_days).toBe(21);
    expect(problemsOf({})).toEqual([]);
  });

  it("becomes the customer that rules know, addresses and names in the form they are compared in", () => {
    const customer = toCustomer("larkfield", parseCustomerFile(stringify(GOOD), "x"));
    expect(customer).toEqual({
      slug: "larkfield",
      name: "Larkfield Foods",
      timeZone: "America/Chicago",
      tenantId: GUID(1),
      mspTenantId: GUID(3),
      mspName: "Northwind IT",
      emergencyAccess: ["bg1@larkfield.onmicrosoft.com", "bg2@larkfield.onmicrosoft.com"],
      escalation: { name: "Ines Ortiz", address: "ines@northwind.example" },
      signoffContact: { name: "Carla Fontana", address: "carla@larkfield.example" },
      guideUrl: "https://guide.example/mfa",
      faqUrl: "https://guide.example/faq",
      sender: { name: "IT", address: "it@larkfield.example" },
      helpdeskChannel: "it-support",
      insurer: { name: "Harbour Mutual", form: null },
    });
    expect(JSON.stringify(customer)).not.toContain("env:");
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["emergency_access", { emergency_access: ["bg1@larkfield.onmicrosoft.com"] }],
    ["emergency_access.1", { emergency_access: ["bg1@larkfield.onmicrosoft.com", "bg2"] }],
    ["time_zone", { time_zone: "Chicago" }],
    ["time_zone", { time_zone: "+02:00" }],
    ["time_zone", { time_zone: "CST" }],
    ["tenant", { tenant: { id: GUID(1), client_id: GUID(2) } }],
    ["tenant", { tenant: { ...GOOD.tenant, certificate: "file:/run/secrets/app.pem" } }],
    ["tenant.cloud", { tenant: { ...GOOD.tenant, cloud: "germany" } }],
    ["helpdesk.posting", { tenant: { ...GOOD.tenant, cloud: "china" } }],
    ["tenant.id", { tenant: { ...GOOD.tenant, id: "larkfield.onmicrosoft.com" } }],
    ["tenant.client_secret", { tenant: { ...GOOD.tenant, client_secret: "hunter2-and-more" } }],
    ["guide_url", { guide_url: "http://guide.example" }],
    ["faq_url", { faq_url: "javascript:alert(1)" }],
    ["escalation.address", { escalation: { name: "Ines", address: "ines" } }],
    ["approvers", { approvers: [] }],
    ["hr.company", { hr: { ...GOOD.hr, company: "larkfield.bamboohr.com/x" } }],
    ["service_desk.site", { service_desk: { ...GOOD.service_desk, site: "na.example/path" } }],
    ["the file", { passwort: "x" }],
  ])("is refused for %s, which is named", (where, change) => {
    expect(problemsOf(change).map((problem) => problem.split(":")[0])).toEqual([where]);
  });

  it("takes Workday, Outlook and Looker in place of the others", () => {
    const mail = { kind: "outlook", sender: GOOD.mail.sender };
    expect(problemsOf({ hr: WORKDAY, mail, dashboard: LOOKER })).toEqual([]);
    const looker = { host: "larkfield.cloud.looker.com", client_id: "id", client_secret: "env:LOOKER" };
    expect(problemsOf({ dashboard: { ...LOOKER, looker } })).toEqual([]);
    expect(problemsOf({ dashboard: { kind: "file", folder: resolve("snapshots") } })).toEqual([]);
  });

  const { manager_id: _, ...managerless } = WORKDAY.workers.columns;
  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["hr.sign_in", { hr: { ...WORKDAY, workers: { ...WORKDAY.workers, from: { kind: "wql", query: "SELECT 1" } } } }],
    ["hr.workers.columns", { hr: { ...WORKDAY, workers: { ...WORKDAY.workers, columns: managerless } } }],
    ["hr.host", { hr: { ...WORKDAY, host: "https://wd2-impl-services1.workday.com/" } }],
    ["hr.kind", { hr: { ...WORKDAY, kind: "sap" } }],
    ["dashboard.private_key", { dashboard: { ...LOOKER, private_key: "-----BEGIN PRIVATE KEY-----" } }],
    ["dashboard.dataset", { dashboard: { ...LOOKER, dataset: "it security" } }],
    ["dashboard.folder", { dashboard: { kind: "file", folder: "snapshots" } }],
  ])("is refused for %s of the other systems, which is named", (where, change) => {
    expect(problemsOf(change).map((problem) => problem.split(":")[0])).toEqual([where]);
  });

  it("is refused with every problem at once and without the values", () => {
    const wrong = { ...GOOD.tenant, client_secret: "hunter2-and-more" };
    const problems = problemsOf({ name: "", time_zone: "Chicago", tenant: wrong });
    expect(problems).toHaveLength(3);
    expect(problems.join()).not.toContain("hunter2");
  });

  it.each(["", "name: [", "just a sentence", "- a\n- list"])("that is no settings at all is refused: %j", (text) => {
    expect(() => parseCustomerFile(text, "customers/x.yaml")).toThrow(ConfigurationError);
  });
});

describe("customers", () => {
  let home = "";
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "mfa-rollout-customers-"));
    await mkdir(join(home, "customers"));
    await writeFile(join(home, "customers", "larkfield.yaml"), stringify(GOOD));
    await writeFile(join(home, "customers", "half.yaml"), "name: Half written\ntime_zone:");
    await writeFile(join(home, "customers", "notes.txt"), "");
    await writeFile(join(home, "outside.yaml"), stringify(GOOD));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  it("are the YAML files of their folder; none where there is no folder", async () => {
    expect(await customerSlugs(home)).toEqual(["half", "larkfield"]);
    expect(await customerSlugs(join(home, "nowhere"))).toEqual([]);
  });

  it("are found by their slug", async () => {
    expect(await readCustomerFile(home, "larkfield")).toBe(stringify(GOOD));
  });

  it.each(["nobody", "../outside", "customers/larkfield", "", "LARKFIELD", "larkfield.yaml", "a".repeat(50)])(
    "that do not exist are refused, with those that do: %j",
    async (slug) => {
      const failure = await readCustomerFile(home, slug).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(NotFoundError);
      expect(failure).toMatchObject({ nextStep: "Use one of: half, larkfield." });
    },
  );

  it("stay connected while the file is as it was, and are read anew once it changed", async () => {
    const workshop = compose(readSettings({ MFA_ROLLOUT_HOME: home }), { logger: jsonLogger(() => {}), actor: "test" });
    const path = join(home, "customers", "larkfield.yaml");
    const first = await workshop.customer("larkfield");
    await writeFile(path, stringify(GOOD));
    expect(await workshop.customer("larkfield")).toBe(first);
    await writeFile(path, stringify({ ...GOOD, name: "Larkfield Group" }));
    expect((await workshop.customer("larkfield")).customer.name).toBe("Larkfield Group");
    await writeFile(path, stringify(GOOD));
  });

  it("whose file is half-written are refused, and the file is named", async () => {
    const workshop = compose(readSettings({ MFA_ROLLOUT_HOME: home }), { logger: jsonLogger(() => {}), actor: "test" });
    await expect(workshop.customer("half")).rejects.toMatchObject({
      code: "ERR_CONFIGURATION",
      message: expect.stringContaining("customers/half.yaml"),
    });
  });
});
