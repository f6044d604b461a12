import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, type Harness, startHarness } from "../support/harness.ts";

/** Words of the simulated vendors' own pages and errors, none of which may come through. */
const RAW =
  /<!doctype|<html|sign in to|authorization_requestdenied|insufficient privileges|invalid client secret|backendError|Requested entity/i;

describe("bad input", () => {
  let office: Harness;
  let rollout: string;
  let given: string;
  const answers: Answer[] = [];
  beforeAll(async () => {
    office = await startHarness({ employees: 60 });
    rollout = await office.untilExceptionsSigned();
    given = await readFile(office.customerFile, "utf8");
  });
  afterAll(() => office[Symbol.asyncDispose]());

  /** Calls, and sees to it that nothing changed: no rollout, no line of the ledger, nothing at a vendor. */
  const refusal = async (
    tool: string,
    args: Readonly<Record<string, unknown>>,
  ): Promise<Readonly<Record<string, unknown>>> => {
    const before = [await office.office.parts.store.list(), await office.ledger(rollout), await office.held()];
    const answer = await office.call(tool, args);
    answers.push(answer);
    expect(answer.isError).toBe(true);
    expect(answer.structured).toMatchObject({
      code: expect.stringMatching(/^ERR_[A-Z_]+$/),
      remedy: expect.stringMatching(/^(model|operator|wait)$/),
      message: expect.stringMatching(/\S/),
      nextStep: expect.stringMatching(/\S/),
    });
    expect(answer.text).toContain(String(answer.structured.nextStep));
    expect([await office.office.parts.store.list(), await office.ledger(rollout), await office.held()]).toEqual(before);
    return answer.structured;
  };

  /** The same for a customer who has no rollout yet. */
  const refusalToStart = async (args: Readonly<Record<string, unknown>>) => {
    const file = join(office.home, "customers", "second.yaml");
    await writeFile(file, given);
    try {
      return await refusal("start_rollout", { customer: "second", ...args });
    } finally {
      await rm(file);
    }
  };

  it("an unknown rollout is refused, and the known ones are named", async () => {
    const answer = await refusal("get_rollout", { rollout: "rol_larkfield_202610_zzzz" });
    expect(answer).toMatchObject({ code: "ERR_NOT_FOUND", details: { known: [rollout] } });
    expect(await refusal("get_rollout", { rollout: "../../etc/passwd" })).toMatchObject({ code: "ERR_NOT_FOUND" });
  });

  it("an unknown customer is refused, and the known ones are named", async () => {
    const answer = await refusal("start_rollout", { customer: "nobody", deadline: "2026-10-31" });
    expect(answer).toMatchObject({ code: "ERR_NOT_FOUND", nextStep: "Use one of: larkfield." });
    expect(await refusal("list_employees", { customer: "../larkfield" })).toMatchObject({ code: "ERR_NOT_FOUND" });
  });

  it("an unknown phase is refused, and the rollout's are named", async () => {
    const answer = await refusal("send_phase_email", { rollout, phase: "phase_catering", kind: "announcement" });
    expect(answer).toMatchObject({ code: "ERR_NOT_FOUND", nextStep: expect.stringContaining("phase_finance") });
  });

  it("an unknown procedure is refused, and the stored ones are named", async () => {
    const answer = await refusal("start_rollout", { customer: "larkfield", deadline: "2026-10-31", procedure: "gdpr" });
    expect(answer).toMatchObject({ code: "ERR_NOT_FOUND", nextStep: "Use one of: insurer-mfa." });
  });

  it("an unknown department is refused", async () => {
    for (const args of [{ department: "Catering" }, { phase: "phase_catering" }]) {
      expect(await refusal("list_users", { rollout, ...args })).toMatchObject({ code: "ERR_NOT_FOUND" });
    }
  });

  it("a department in which nobody works is refused as a phase", async () => {
    const [employee] = office.box.world.employees.values();
    if (employee === undefined) throw new TypeError("the company has nobody");
    office.box.world.employees.set("9999", {
      ...structuredClone(employee),
      ...{ id: "9999", employeeNumber: "E9999", workEmail: null, department: "Catering" },
      ...{
        status: "Inactive",
        employmentStatus: "Terminated",
        employmentStatusSince: "2025-01-31",
        terminationDate: "2025-01-31",
      },
    });
    const answer = await refusalToStart({ deadline: "2026-10-31", phase_order: ["IT", "Catering"] });
    office.box.world.employees.delete("9999");
    expect(answer).toMatchObject({ code: "ERR_INPUT", message: expect.stringContaining("‹Catering›") });
  });

  it("a date that is past, or no date at all, is refused", async () => {
    for (const deadline of ["2026-10-05", "2025-01-01", "2026-02-30", "31 October"]) {
      expect(await refusalToStart({ deadline }), deadline).toMatchObject({ code: "ERR_INPUT" });
    }
  });

  it("arguments of the wrong form are refused, each with its own problem", async () => {
    const answer = await refusal("send_phase_email", { rollout, phase: 7, kind: "greeting", cc: "all" });
    expect(answer).toMatchObject({ code: "ERR_INPUT", details: { problems: { length: 3 } } });
  });

  it("a customer file with several problems is refused with all of them at once", async () => {
    await office.editCustomer((file) => {
      file.time_zone = "Chicago";
      file.guide_url = "http://help.larkfieldfoods.com";
      file.emergency_access = ["one@larkfieldfoods.com"];
      file.surprise = true;
    });
    const answer = await refusal("get_rollout", { rollout });
    await writeFile(office.customerFile, given);
    expect(answer).toMatchObject({ code: "ERR_CONFIGURATION", details: { problems: { length: 4 } } });
    for (const word of ["time_zone", "guide_url", "emergency_access", "surprise"])
      expect(answer.message).toContain(word);
  });

  it("a half-written customer file is refused, and a secret in it is not shown", async () => {
    for (const text of [given.slice(0, given.length / 2), 'tenant: "unfinished', ""]) {
      await writeFile(office.customerFile, text);
      expect(await refusal("get_rollout", { rollout })).toMatchObject({ code: "ERR_CONFIGURATION" });
    }
    const pasted = given.replace(/client_secret: .*/, "client_secret: hunter2hunter2");
    await writeFile(office.customerFile, pasted);
    const answer = await refusal("get_rollout", { rollout });
    await writeFile(office.customerFile, given);
    expect(answer).toMatchObject({
      code: "ERR_CONFIGURATION",
      message: expect.stringContaining("tenant.client_secret"),
    });
    expect(JSON.stringify(answer)).not.toContain("hunter2");
  });

  it("a missing secret is refused by the name of its setting", async () => {
    await office.editCustomer((file) => {
      file.hr = { ...(file.hr as object), api_key: "env:NO_SUCH_VARIABLE" }; // a mapping in the file
    });
    const answer = await refusal("list_employees", { customer: "larkfield" });
    await writeFile(office.customerFile, given);
    expect(answer).toMatchObject({ code: "ERR_CONFIGURATION", message: expect.stringContaining("hr.api_key") });
  });

  it("a secret's file that is gone, or that others may read, is refused", async () => {
    const file = join(office.home, "secrets", "entra-client-secret");
    const secret = await readFile(file, "utf8");
    await rm(file);
    await office.editCustomer((customer) => {
      customer.faq_url = "https://help.larkfieldfoods.com/other"; // another file, so that connections are made anew
    });
    expect(await refusal("reconcile_users", { rollout })).toMatchObject({
      code: "ERR_CONFIGURATION",
      message: expect.stringContaining("tenant.client_secret"),
    });
    await writeFile(file, secret, { mode: 0o644 });
    expect(await refusal("reconcile_users", { rollout })).toMatchObject({
      code: "ERR_CONFIGURATION",
      nextStep: expect.stringContaining("chmod 600"),
    });
    await rm(file);
    await writeFile(file, secret, { mode: 0o600 });
  });

  it("an expired credential is told from a missing right", async () => {
    const file = join(office.home, "secrets", "entra-client-secret");
    const secret = await readFile(file, "utf8");
    await writeFile(file, "expired-long-ago");
    await office.editCustomer((customer) => {
      customer.faq_url = "https://help.larkfieldfoods.com/another";
    });
    expect(await refusal("reconcile_users", { rollout })).toMatchObject({
      code: "ERR_CONNECTOR_AUTHENTICATION",
      remedy: "operator",
    });
    await writeFile(file, secret);
    await writeFile(office.customerFile, given);
  });

  it("an HTML page in the place of data is no data", async () => {
    for (const vendor of ["bamboohr", "graph"]) {
      await office.box.fail({ vendor, kind: "html", times: 99 });
      expect(await refusal("reconcile_users", { rollout }), vendor).toMatchObject({ code: "ERR_CONNECTOR_CONTRACT" });
      await office.mend();
    }
  });

  it("half a page is no data", async () => {
    await office.box.fail({ vendor: "bamboohr", kind: "truncated", times: 99 });
    expect(await refusal("list_employees", { customer: "larkfield" })).toMatchObject({
      code: expect.stringMatching(/CONTRACT|UNAVAILABLE/),
    });
    await office.mend();
  });

  it("a 403 names the right that is missing", async () => {
    for (const vendor of ["bamboohr", "graph"]) {
      await office.box.fail({ vendor, kind: "status", status: 403, times: 99 });
      expect(await refusal("reconcile_users", { rollout }), vendor).toMatchObject({
        code: "ERR_CONNECTOR_PERMISSION",
        remedy: "operator",
      });
      await office.mend();
    }
  });

  it("no answer, ledger, document or line of the log holds a secret or a vendor's own words", async () => {
    const { entra, teams, bamboohr, gmail, connectwise } = office.box.secrets;
    const secrets = [
      entra.clientSecret,
      teams.refreshToken,
      bamboohr.apiKey,
      connectwise.publicKey,
      connectwise.privateKey,
    ];
    const pem = gmail.privateKeyPem.split("\n")[1] ?? "";
    const folders = await readdir(join(office.home, "rollouts"), { recursive: true, withFileTypes: true });
    const files = folders
      .filter((entry) => entry.isFile())
      .map((entry) => readFile(join(entry.parentPath, entry.name), "utf8"));
    const written = [JSON.stringify(answers), office.log.join(""), ...(await Promise.all(files))];
    expect(answers.length).toBeGreaterThan(20);
    expect(office.log.length).toBeGreaterThan(20);
    for (const text of written) {
      for (const secret of [...secrets, pem]) expect(text.includes(secret)).toBe(false);
      expect(RAW.exec(text)?.[0]).toBeUndefined();
    }
  });
});
