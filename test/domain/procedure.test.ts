import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listProcedures, loadProcedure } from "../../src/config/procedure.ts";
import { ConfigurationError } from "../../src/errors.ts";

const SHIPPED = "procedures/insurer-mfa";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "procedure-"));
  await cp(SHIPPED, join(root, "insurer-mfa"), { recursive: true });
});
afterEach(() => rm(root, { recursive: true }));

const folder = () => join(root, "insurer-mfa");
const change = async (file: string, edit: (text: string) => string) =>
  writeFile(join(folder(), file), edit(await readFile(join(folder(), file), "utf8")));

async function problems(): Promise<readonly string[]> {
  const error: unknown = await loadProcedure(folder()).catch((caught: unknown) => caught);
  if (!(error instanceof ConfigurationError)) throw new Error("expected a ConfigurationError");
  return error.details.problems as readonly string[]; // the documented content of details
}

describe("the shipped procedure", () => {
  it("has the settings and the steps in their order", async () => {
    const procedure = await loadProcedure(SHIPPED);
    expect(procedure.settings).toEqual({
      reportOnlyHours: 24,
      leadDays: 9,
      lateLeadDays: 3,
      judgeHours: 24,
      evidenceMaxAgeHours: 24,
      notCapablePercent: 3,
      notCapableCount: 2,
      blockedUsers: 2,
      holdoutDays: 14,
      frozen: { weekdays: [5, 6, 0], dates: [], monthEndDays: 1 },
    });
    expect(procedure.nextPhaseAfter).toBe("watch");
    const steps = procedure.eachPhase.map(({ id, tool, args, wait }) => [id, tool, args, wait]);
    expect(steps).toEqual([
      ["refresh", "reconcile_users", {}, null],
      ["draft", "draft_ca_policy", {}, null],
      ["announce", "send_phase_email", { kind: "announcement" }, null],
      ["report-only", "apply_ca_policy", { state: "report_only" }, null],
      ["watch", "fetch_signin_logs", {}, { after: "report-only", hours: 24 }],
      ["tickets", "answer_mfa_tickets", {}, null],
      ["remind", "send_phase_email", { kind: "reminder" }, { daysBeforeEnforcement: 6 }],
      ["notice", "send_phase_email", { kind: "enforcement_notice" }, { daysBeforeEnforcement: 1 }],
      ["recheck-people", "reconcile_users", {}, { daysBeforeEnforcement: 0 }],
      ["recheck", "fetch_signin_logs", {}, { daysBeforeEnforcement: 0 }],
      ["recheck-tenant", "check_tenant", {}, { daysBeforeEnforcement: 0 }],
      ["bridge", "apply_ca_policy", { state: "bridge" }, null],
      ["enforce", "apply_ca_policy", { state: "enforced" }, null],
      ["judge", "fetch_signin_logs", {}, { after: "enforce", hours: 24 }],
      ["retire", "apply_ca_policy", { state: "retire" }, null],
      ["late-tickets", "answer_mfa_tickets", {}, null],
      ["dashboard", "update_dashboard", {}, null],
      ["project", "sync_psa_project", {}, null],
    ]);
  });

  it("tells users in each mail when, where the guide is, whom to ask, and never to give a code", async () => {
    const { texts } = await loadProcedure(SHIPPED);
    for (const mail of ["announcement", "reminder", "enforcement-notice", "chase"]) {
      const text = texts[`emails/${mail}.md`];
      for (const variable of ["enforcement_date", "guide_url", "escalation_name", "helpdesk_channel", "insurer_name"]) {
        expect(text).toContain(`{{ ${variable} }}`);
      }
      expect(text?.replace(/\s+/g, " ")).toMatch(/asks? for your password or for a code/);
    }
  });
});

describe("loadProcedure", () => {
  it("gives the same hash for the same files, whatever an editor left beside them", async () => {
    const { hash } = await loadProcedure(SHIPPED);
    await writeFile(join(folder(), ".announcement.md.swp"), "x");
    expect((await loadProcedure(folder())).hash).toBe(hash);
    await change("faq.md", (text) => `${text}\n`);
    expect((await loadProcedure(folder())).hash).not.toBe(hash);
  });

  it("names every problem at once", async () => {
    await change("procedure.yaml", (text) => text.replace("lead_days: 9", "lead_days: -7").replace("1.0.0", "one"));
    expect((await problems()).map((problem) => problem.split(":")[0])).toEqual(["version", "settings.lead_days"]);
  });

  it("refuses sign-in evidence that is too old as soon as it was read", async () => {
    await change("procedure.yaml", (text) => text.replace("evidence_max_age_hours: 24", "evidence_max_age_hours: 0"));
    expect((await problems()).map((problem) => problem.split(":")[0])).toEqual(["settings.evidence_max_age_hours"]);
  });

  it("refuses a setting that it does not know", async () => {
    await change("procedure.yaml", (text) => text.replace("lead_days: 9", "lead_days: 9\n  leed_days: 8"));
    expect((await problems()).join()).toContain("leed_days");
  });

  it.each([
    ["a wait for a later step", "after: report-only", "after: judge", "watch waits for judge"],
    ["two steps of one name", "id: tickets,", "id: draft,", "two steps are called draft"],
    ["a turn of phases at no step", "next_phase_after: watch", "next_phase_after: wach", "has no step wach"],
    [
      "a phase's date outside a phase",
      "id: people, tool: reconcile_users",
      "id: people, tool: reconcile_users, wait: { days_before_enforcement: 1 }",
      "which only a phase has",
    ],
    ["a variable that is no parameter", "name: faq_url", "name: faqs_url", "faq_url is not among the parameters"],
  ])("refuses %s", async (_, from, to, problem) => {
    await change("procedure.yaml", (text) => text.replace(from, to));
    expect((await problems()).join("; ")).toContain(problem);
  });

  it("refuses a variable that is not filled in for that text", async () => {
    await change("faq.md", (text) => `${text}\n{{ manager_name }}\n`);
    await change("ticket-reply.md", (text) => `${text}\n{{ nobody }}\n`);
    expect(await problems()).toEqual([
      "faq.md: the variable manager_name is not filled in for this text",
      "ticket-reply.md: the variable nobody is not filled in for this text",
    ]);
  });

  it("refuses a text that cannot be rendered, and one that is missing", async () => {
    await change("emails/chase.md", (text) => text.replace(/^---.*?---\n/s, ""));
    await change("emails/reminder.md", (text) => `${text}{{ given_name `);
    await rm(join(folder(), "faq.md"));
    expect((await problems()).map((problem) => problem.split(":")[0]).sort()).toEqual([
      "emails/chase.md",
      "emails/reminder.md",
      "faq.md",
    ]);
  });

  it("names the line of broken YAML", async () => {
    await writeFile(join(folder(), "procedure.yaml"), "id: x\nsteps: [");
    expect((await problems())[0]).toMatch(/^procedure\.yaml: line \d+/);
  });

  it("says which folder cannot be read", async () => {
    await expect(loadProcedure(join(root, "nowhere"))).rejects.toThrow("The procedure folder nowhere cannot be read.");
  });
});

describe("listProcedures", () => {
  it("lists what can be used and names what cannot", async () => {
    await cp(folder(), join(root, "broken"), { recursive: true });
    await rm(join(root, "broken", "procedure.yaml"));
    const { procedures, broken } = await listProcedures([join(root, "nowhere"), root, "procedures"]);
    expect(procedures.map(({ id }) => id)).toEqual(["insurer-mfa", "insurer-mfa"]);
    expect(broken).toMatchObject([{ folder: "broken" }]);
  });
});
