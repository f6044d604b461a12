import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { textsIn } from "../support/answer-texts.ts";
import { type Answer, type Harness, startHarness } from "../support/harness.ts";
import { CANARY, hostileText } from "../support/hostile-text.ts";
import { SEED, SEEDED } from "../support/random-runs.ts";
import { raiseTickets } from "../support/tickets.ts";

/** Vendors hold no names of a megabyte. */
const LONGEST_NAME = 200;
/** Marks that turn the direction of writing or hide text; joiners are letters of some scripts. */
const UNSEEN = /[^\P{Cc}\n\r\t]|\p{Bidi_Control}|\p{Variation_Selector}|\u200b|\u2060|\ufeff/u;

const names = fc
  .sample(hostileText, { seed: SEED, numRuns: 400 })
  .map((text) => text.slice(0, LONGEST_NAME).toWellFormed())
  .filter((text) => text.trim() !== "");

describe(`names from vendors that are hostile, ${SEEDED}`, () => {
  let office: Harness;
  let rollout: string;
  const answers: (readonly [string, Answer])[] = [];
  const ask = async (tool: string, args: Readonly<Record<string, unknown>> = {}): Promise<Answer> => {
    const answer = await office.call(tool, { rollout, ...args });
    expect(answer.isError, `${tool}: ${answer.text}`).toBe(false);
    answers.push([tool, answer]);
    return answer;
  };

  beforeAll(async () => {
    office = await startHarness({ employees: 60 });
    const { employees, accounts } = office.box.world;
    let used = 0;
    const name = (): string => names[used++ % names.length] ?? CANARY;
    for (const account of accounts.values()) {
      Object.assign(account, { displayName: name(), givenName: name(), surname: name(), jobTitle: name() });
    }
    for (const employee of employees.values()) {
      Object.assign(employee, { firstName: name(), lastName: name(), preferredName: name(), jobTitle: name() });
      if (employee.department === "Finance") employee.department = `${CANARY} ‹›\u202e <b>|`;
    }
    const started = await office.call("start_rollout", {
      customer: "larkfield",
      deadline: "2026-10-30",
      phase_order: ["IT"],
    });
    expect(started.isError, started.text).toBe(false);
    rollout = String(started.structured.rollout);
    answers.push(["start_rollout", started]);
    answers.push(["list_employees", await office.call("list_employees", { customer: "larkfield" })]);
    await ask("reconcile_users");
    await ask("classify_exceptions");
    await office.signOff(rollout);
    for (const { phase } of (await office.look(rollout)).phases) {
      await ask("draft_ca_policy", { phase });
      await ask("send_phase_email", { phase, kind: "announcement", preview: true });
      await ask("send_phase_email", { phase, kind: "announcement" });
      await ask("get_rollout");
    }
    await ask("sync_psa_project");
    await office.approvePending();
    await ask("sync_psa_project");
    for (const { phase } of (await office.look(rollout)).phases) {
      await ask("send_phase_email", { phase, kind: "announcement" });
    }
    await ask("list_users");
    await ask("chase_non_enrollees");
    raiseTickets(office.box.world);
    office.advance(24.2);
    await ask("answer_mfa_tickets");
    await ask("generate_compliance_report");
    await ask("get_artifact", { artifact: "report" });
    await ask("get_artifact", { artifact: "exceptions" });
  }, 120_000);
  afterAll(() => office[Symbol.asyncDispose]());

  it("are shown to a model only between marks that they cannot close", () => {
    let fenced = 0;
    for (const [tool, { structured, text }] of answers) {
      if (tool === "get_artifact") continue;
      const { table: _, ...shown } = structured;
      for (const [path, value] of [...textsIn(shown, tool), [`${tool} text`, text] as const]) {
        const outside = value.replace(/‹[^‹›]*›/gu, () => {
          fenced += 1;
          return "";
        });
        expect(outside, path).not.toContain(CANARY);
        expect(outside, path).not.toMatch(/[‹›]/u);
        expect(UNSEEN.exec(value)?.[0], path).toBeUndefined();
      }
    }
    expect(fenced).toBeGreaterThan(100);
  });

  it("are text in mails, never markup, a link or a header", async () => {
    const { sent } = (await office.dump()).gmail;
    expect(sent.length).toBeGreaterThan(5);
    for (const { html, subject, headers, to } of sent) {
      expect(html).not.toMatch(/<(script|img|b|iframe)\b/i);
      expect(html).not.toMatch(/href="(?!https:\/\/|mailto:)/i);
      expect(subject).not.toMatch(/[\r\n]/);
      expect(to).toHaveLength(1);
      expect(Object.keys(headers).filter((name) => name.includes(CANARY))).toEqual([]);
    }
  });

  it("add no row, heading, link or markup to the documents that people sign or keep", async () => {
    const { exceptions, report } = await (await office.office.parts.store.open(rollout)).state();
    const hashes = [exceptions?.table, report?.text].filter((hash) => hash !== undefined);
    const documents = await Promise.all(hashes.map((hash) => office.office.parts.documents.text(hash)));
    expect(documents).toHaveLength(2);
    for (const document of documents) {
      const html = new MarkdownIt({ html: true, linkify: false }).render(document);
      expect(html).not.toMatch(/<(script|img|b|iframe|a)\b/i);
      expect(html).not.toMatch(new RegExp(`<h[1-6]>[^<]*${CANARY}`));
      expect(UNSEEN.exec(document)?.[0]).toBeUndefined();
    }
    expect(documents[0]?.match(/^\| \d+ \|/gm)).toHaveLength(exceptions?.total ?? 0);
  });
});
