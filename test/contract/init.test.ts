import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Answers } from "../../src/cli/init/answers.ts";
import { customerForm } from "../../src/cli/init/form.ts";
import { init } from "../../src/cli/init/init.ts";
import { Interview, type Question, type Respondent } from "../../src/cli/init/interview.ts";
import { parseCustomerFile, readCustomerFile } from "../../src/config/customer-file.ts";
import { APP_PERMISSIONS } from "../../src/connectors/graph/app-permissions.ts";

const GUID = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const GIVEN: Readonly<Record<string, string>> = {
  name: "Brightwater Clinics",
  time_zone: "Pacific/Auckland",
  "tenant.id": GUID(1),
  "tenant.cloud": "us_gov",
  "tenant.client_id": GUID(2),
  "msp.name": "Brightpath IT",
  "msp.tenant_id": GUID(3),
  "insurer.name": "Meridian Mutual",
  "emergency_access.0": "bg1@brightwater.example",
  "emergency_access.1": "bg2@brightwater.example",
  "escalation.name": "Priya Raman",
  "escalation.address": "priya@brightpath.example",
  "signoff_contact.name": "Moana Hale",
  "signoff_contact.address": "moana@brightwater.example",
  guide_url: "https://help.brightwater.example/mfa",
  faq_url: "https://help.brightwater.example/faq",
  "approvers.0.name": "dana",
  "approvers.0.public_key": "ed25519:11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
  "hr.kind": "bamboohr",
  "hr.company": "brightwater",
  "hr.api_key": "env:BAMBOO_KEY",
  "mail.kind": "outlook",
  "mail.sender.name": "IT",
  "mail.sender.address": "it@brightwater.example",
  "helpdesk.team_id": GUID(4),
  "helpdesk.channel": "it-support",
  "helpdesk.posting.kind": "delegated",
  "helpdesk.posting.client_id": GUID(5),
  "service_desk.site": "na.myconnectwise.net",
  "service_desk.company_id": "brightpath",
  "service_desk.client_id": GUID(6),
  "service_desk.customer": "Brightwater",
  "service_desk.service_board": "Service Desk",
  "service_desk.project_board": "Projects",
  "dashboard.kind": "power-bi",
  "dashboard.workspace_id": GUID(7),
};

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "mfa-rollout-init-"));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const settings = (values: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(values).map(([path, value]) => `${path}=${value}`);

/** Runs the command without a person, and gives all that it printed. */
async function run(customer: string, { set = GIVEN, overwrite = false } = {}): Promise<string> {
  const lines: string[] = [];
  await init({ home }, { customer, set: settings(set), yes: true, overwrite }, (line) => void lines.push(line));
  return lines.join("\n");
}

describe("init without a person", () => {
  it("writes a file that is right, for its owner only, with a place for each secret", async () => {
    await run("brightwater");
    const path = join(home, "customers", "brightwater.yaml");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const file = parseCustomerFile(await readCustomerFile(home, "brightwater"), "x");
    expect(file).toMatchObject({
      name: "Brightwater Clinics",
      tenant: { cloud: "us_gov", client_secret: `file:${home}/secrets/brightwater/tenant-client_secret` },
      hr: { api_key: "env:BAMBOO_KEY" },
      service_desk: { kind: "connectwise", public_key: `file:${home}/secrets/brightwater/service_desk-public_key` },
    });
    expect((await stat(join(home, "secrets", "brightwater"))).mode & 0o777).toBe(0o700);
  });

  it("prints the consent link of the tenant's cloud, each secret's place and the commands that follow", async () => {
    const text = await run("links");
    expect(text).toContain(`https://login.microsoftonline.us/${GUID(1)}/adminconsent?client_id=${GUID(2)}`);
    expect(text).toContain(`(umask 077; cat > ${home}/secrets/links/tenant-client_secret)`);
    expect(text).toContain("hr.api_key\n    set BAMBOO_KEY in the environment");
    expect(text).toContain("mfa-rollout teams-login links");
    expect(text).toContain("mfa-rollout doctor links");
  });

  it("prints the permissions of the chosen systems as the reference lists them, and of no others", async () => {
    const text = await run("permissions");
    const reference = await readFile("docs/reference/permissions.md", "utf8");
    const rows = (title: string): readonly string[] => {
      const section = reference.split("\n## ").find((one) => one.startsWith(title)) ?? "";
      return [...section.matchAll(/^\| (?!permission|---)(.*?) \| `/gm)].map(([, permission = ""]) => permission);
    };
    for (const title of ["hr: BambooHR", "mailer: Outlook", "serviceDesk: ConnectWise PSA", "dashboard: Power BI"]) {
      expect(rows(title).length).toBeGreaterThan(0);
      for (const permission of rows(title)) expect(text).toContain(`    ${permission}\n`);
    }
    const [, asTheApp = ""] = /Graph: application permissions of the app .*\n((?: {4}.*\n)+)/.exec(text) ?? [];
    expect(asTheApp.trim().split(/\s+/)).toEqual(Object.keys(APP_PERMISSIONS).toSorted());
    expect(text).toContain("only where wanted, application permissions of the app");
    expect(text).toContain("    UserAuthMethod-TAP.ReadWrite.All\n");
    expect(text).toContain("a public client\n    ChannelMessage.Read.All\n    ChannelMessage.Send\n");
    expect(text).not.toMatch(/Workday|Gmail|Looker/);
  });

  it("leaves a file that is there as it is, until it is told to replace it", async () => {
    await run("twice");
    const path = join(home, "customers", "twice.yaml");
    await writeFile(path, "name: edited by hand\n", { mode: 0o600 });
    await expect(run("twice")).rejects.toMatchObject({
      code: "ERR_STATE",
      nextStep: expect.stringContaining("--overwrite"),
    });
    expect(await readFile(path, "utf8")).toBe("name: edited by hand\n");
    await run("twice", { overwrite: true });
    expect(await readFile(path, "utf8")).toContain("name: Brightwater Clinics");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("lists all that lacks, is wrong or does not exist, and writes nothing", async () => {
    const { name: _, "emergency_access.1": __, ...rest } = GIVEN;
    const set = { ...rest, time_zone: "NZST", "hr.api_key": "hunter2", "mail.private_key": "env:X", typo: "y" };
    const error: unknown = await run("gaps", { set }).catch((thrown: unknown) => thrown);
    const { message, code } = Object(error);
    expect(code).toBe("ERR_INPUT");
    for (const line of [
      "--set name=…",
      "--set emergency_access.1=…",
      "time_zone: must be an IANA time zone",
      "hr.api_key: must be env:NAME or file:/absolute/path, never the secret itself",
      "  mail.private_key",
      "  typo",
    ]) {
      expect(message).toContain(line);
    }
    expect(message).not.toContain("hunter2");
    await expect(readFile(join(home, "customers", "gaps.yaml"))).rejects.toThrow("ENOENT");
  });

  it("refuses a short name that could be no file's", async () => {
    await expect(run("../evil")).rejects.toMatchObject({ code: "ERR_INPUT" });
  });
});

/** Answers in turn for a path, and then what is usual; remembers what it was asked and told. */
class Scripted implements Respondent {
  readonly asked: Question[] = [];
  readonly told: string[] = [];
  readonly #answers: Map<string, readonly string[]>;

  constructor(answers: Readonly<Record<string, readonly string[]>>) {
    const usual = Object.entries(GIVEN).map(([path, value]) => [path, [value]] as const);
    this.#answers = new Map([...usual, ...Object.entries(answers).map(([path, given]) => [path, [...given]] as const)]);
  }
  section(): void {}
  given(): undefined {
    return undefined;
  }
  async answer(question: Question): Promise<string> {
    this.asked.push(question);
    const [next, ...later] = this.#answers.get(question.path) ?? [];
    this.#answers.set(question.path, later);
    return next ?? question.usual ?? "";
  }
  refuse(problem: string, path: string): boolean {
    this.told.push(`${path}: ${problem}`);
    return true;
  }
}

async function interview(answers: Readonly<Record<string, readonly string[]>>) {
  const respondent = new Scripted(answers);
  const collected = new Answers();
  const suggest = (path: string): string => `file:/secrets/${path}`;
  await new Interview({ answers: collected, respondent, suggest }).fill(customerForm());
  return { file: collected.file, asked: respondent.asked.map(({ path }) => path), told: respondent.told };
}

describe("init at a terminal", () => {
  it("asks again for what was wrong, at once", async () => {
    const { file, told } = await interview({
      "tenant.id": ["brightwater", GUID(1)],
      "hr.api_key": ["hunter2", "env:K"],
    });
    expect(told).toEqual([
      "tenant.id: must be an id such as 01234567-89ab-4cde-8f01-23456789abcd",
      "hr.api_key: must be env:NAME or file:/absolute/path, never the secret itself",
    ]);
    expect(file).toMatchObject({ tenant: { id: GUID(1) }, hr: { api_key: "env:K" } });
    expect(JSON.stringify(file)).not.toContain("hunter2");
  });

  it("asks only for what the chosen kinds need, and for one of the app's credentials", async () => {
    const { file, asked, told } = await interview({
      tenant: ["certificate"],
      "msp.gdap": ["yes"],
      "dashboard.kind": ["looker"],
      "dashboard.project_id": ["brightwater-analytics"],
      "dashboard.dataset": ["it_security"],
      "dashboard.location": ["australia-southeast1"],
      "dashboard.client_email": ["svc@project.iam.gserviceaccount.com"],
    });
    expect(asked).toContain("tenant.certificate");
    expect(asked).not.toContain("tenant.client_secret");
    expect(asked).not.toContain("dashboard.workspace_id");
    expect(asked).toContain("dashboard.project_id");
    expect(told).toEqual([]);
    expect(file).toMatchObject({ tenant: { certificate: "file:/secrets/tenant.certificate" }, msp: { gdap: true } });
  });

  it("asks again for parts that do not go together", async () => {
    const { file, told } = await interview({
      "tenant.cloud": ["china"],
      "helpdesk.posting.kind": ["workflow", "delegated"],
      "helpdesk.posting.url": ["env:FLOW"],
    });
    expect(told).toEqual([
      "helpdesk.posting: must be of kind delegated, because Teams workflows do not exist in the China cloud",
    ]);
    expect(file).toMatchObject({ helpdesk: { posting: { kind: "delegated", client_id: GUID(5) } } });
  });
});
