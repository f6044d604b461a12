import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyLedger } from "../../src/ledger/verify-ledger.ts";
import { type DemoOutput, runDemo, type Vendors } from "../support/demo-output.ts";
import { needContracts } from "../support/need-contracts.ts";
import { addressOf, type Mail, mailsOf, ours, PROMISES } from "../support/promises.ts";
import { WRITES } from "../support/writes/all-writes.ts";
import { writtenTo } from "../support/writes/write.ts";
import { checkRecord } from "../vendor-contracts/check.ts";

/** In the order in which the technician wants them. */
const ORDER = ["phase_it", "phase_sales", "phase_engineering", "phase_operations", "phase_finance"];

const RUNS = [
  { name: "seed 1", flags: [] },
  { name: "seed 7", flags: ["--seed", "7"] },
  { name: "a tenth of all vendor calls failing", flags: ["--seed", "3", "--faults", "0.1"] },
];

/** All at once, because each waits for the simulated vendors most of the time. */
const demos = new Map(
  RUNS.map(({ name, flags }) => {
    const demo = runDemo(flags);
    demo.catch(() => {}); // reported where it is awaited
    return [name, demo];
  }),
);

describe.each(RUNS)("the rollout at Larkfield Foods, $name", ({ name }) => {
  const end = new AsyncDisposableStack();
  let demo: DemoOutput;
  let vendors: Vendors;
  let mails: readonly Mail[];

  beforeAll(async () => {
    const started = demos.get(name);
    if (started === undefined) throw new TypeError("every run is started");
    demo = end.use(await started);
    vendors = demo.vendors;
    mails = mailsOf(vendors);
  }, 600_000);
  afterAll(() => end.disposeAsync());

  it("ends in success", () => {
    expect(demo.exitCode).toBe(0);
  });

  it("writes nowhere but where every lost answer is tried", () => {
    const tried = new Set(WRITES.map(({ route }) => route));
    expect([...writtenTo(vendors)].filter((route) => !tried.has(route))).toEqual([]);
  });

  it("asks of vendors what their own contracts allow, and is answered so", (context) => {
    needContracts(context);
    const { checked, unchecked, deviations } = checkRecord(demo.exchanges);
    expect(deviations).toEqual([]);
    expect(checked.graph).toBeGreaterThan(100);
    // Neither sign-in nor Google publishes a contract of the kinds that are read here.
    expect(
      unchecked.filter((name) => !["bigquery", "gmail", "google-login", "microsoft-login"].includes(name)),
    ).toEqual([]);
  });

  it.each(PROMISES)("$promise", ({ broken }) => {
    expect(broken(vendors)).toEqual([]);
  });

  /** That of the recipient's department; `null` for whoever HR does not know. */
  const phaseOf = ({ to }: Mail): string | null => {
    const employee = vendors.bamboohr.employees.find(({ workEmail }) => addressOf(vendors, workEmail) === to[0]);
    return employee === undefined ? null : `phase_${employee.department.toLowerCase()}`;
  };

  it("marks every mail with its key", () => {
    for (const { key } of mails) expect(key).toMatch(/^rol_larkfield_\d{6}_[0-9a-f]{4}\/\w+\/.+/);
  });

  it("announces IT first and the departments in the order wanted", () => {
    const first = new Map<string, string>();
    for (const mail of mails.filter(({ kind }) => kind === "announcement")) {
      const phase = phaseOf(mail);
      if (phase !== null && !first.has(phase)) first.set(phase, mail.sentAt);
    }
    expect([...first.keys()]).toEqual(ORDER);
  });

  it("copies the manager, or somebody in the manager's place, and never the person alone", () => {
    const managers = new Map(
      vendors.bamboohr.employees.map(({ workEmail, supervisorEmail }) => [
        addressOf(vendors, workEmail),
        supervisorEmail,
      ]),
    );
    const personal = mails.filter(({ kind }) => kind !== "signoff");
    expect(personal.filter(({ cc, to }) => cc.length !== 1 || cc[0] === to[0])).toEqual([]);
    const copied = personal.filter(({ to, cc }) => addressOf(vendors, managers.get(to[0] ?? "") ?? "") === cc[0]);
    expect(copied.length / personal.length).toBeGreaterThan(0.9);
  });

  it("watches every policy for a day before enforcing it, in order, and never before its announcement", () => {
    const enforced = ours(vendors).map(({ id, displayName, state }) => {
      const history = vendors.entra.policyHistory.filter((change) => change.id === id);
      const made = history.find(({ method }) => method === "POST");
      const on = history.find(({ method, body }) => method === "PATCH" && body?.state === "enabled");
      expect(state, displayName).toBe("enabled");
      expect(made?.body?.state, displayName).toBe("enabledForReportingButNotEnforced");
      expect((Date.parse(on?.at ?? "") - Date.parse(made?.at ?? "")) / 3_600_000, displayName).toBeGreaterThanOrEqual(
        24,
      );
      return { name: displayName, on: on?.at ?? "" };
    });
    const names = enforced
      .toSorted((a, b) => (a.on < b.on ? -1 : 1))
      .map(({ name }) => name.replace("MFA rollout: ", ""));
    expect(names).toEqual(["IT", "Sales", "Engineering", "Operations", "Finance", "all users"]);
    for (const { name, on } of enforced) {
      const phase = `phase_${name.replace("MFA rollout: ", "").toLowerCase()}`;
      const last = mails
        .filter((mail) => mail.kind === "announcement" && phaseOf(mail) === phase)
        .map(({ sentAt }) => sentAt);
      expect(
        last.every((sentAt) => sentAt < on),
        name,
      ).toBe(true);
    }
    expect(vendors.entra.policyHistory.filter(({ method }) => method === "DELETE")).toEqual([]);
    expect(vendors.entra.deletedUsers).toEqual([]);
  });

  it("leaves the emergency accounts and every exception out of every policy", () => {
    const members = new Map(vendors.entra.groups.map(({ id, members }) => [id, members]));
    const excepted = Object.values(vendors.world.exceptions)
      .flat()
      .map(({ id }) => id);
    expect(excepted).toHaveLength(14);
    for (const { displayName, conditions } of ours(vendors)) {
      const { users } = conditions;
      const out = new Set([...users.excludeUsers, ...users.excludeGroups.flatMap((id) => members.get(id) ?? [])]);
      expect(
        excepted.filter((id) => !out.has(id)),
        displayName,
      ).toEqual([]);
      expect(users.excludeUsers, displayName).toEqual(
        (vendors.world.exceptions.emergencyAccess ?? []).map(({ id }) => id).sort(),
      );
      expect(users.excludeRoles).toContain("d29b2b05-8046-44ba-8758-1e26182fcf32");
      expect(users.excludeGuestsOrExternalUsers?.guestOrExternalUserTypes).toBe("serviceProvider");
    }
    expect((demo.exceptionsTable.match(/^\| \d+ \|/gm) ?? []).length).toBe(14);
  });

  it("leaves a ledger that anyone can verify, and a PDF", async () => {
    expect(await verifyLedger(join(demo.directory, "ledger.jsonl"))).toMatchObject({ ok: true });
    expect((await readFile(join(demo.directory, "report.pdf"))).subarray(0, 5).toString()).toBe("%PDF-");
    expect(await readdir(join(demo.directory, "policies"))).toHaveLength(ORDER.length + 1);
    expect((await readdir(join(demo.directory, "mail"))).length).toBe(vendors.gmail.sent.length);
  });

  it("records every exchange without credentials, and no secret reaches MCP", () => {
    const fields = [
      "at",
      "vendor",
      "method",
      "url",
      "requestHeaders",
      "requestBody",
      "status",
      "responseHeaders",
      "responseBody",
      "fault",
    ];
    for (const exchange of demo.exchanges) expect(Object.keys(exchange).sort()).toEqual([...fields].sort());
    const text = demo.exchanges.map((exchange) => JSON.stringify(exchange)).join("\n");
    expect(text).not.toMatch(/Bearer [\w-]{20}|Basic [\w+/=]{20}|client_secret=[^&[\s]{8}|"access_token":"[\w-]{20}/);
    expect(demo.transcript).not.toMatch(/PRIVATE KEY|Bearer [\w-]{20}|client_secret/);
  });
});
