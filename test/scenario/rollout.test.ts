import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyLedger } from "../../src/ledger/verify-ledger.ts";
import { type DemoOutput, runDemo, type Vendors } from "../support/demo-output.ts";
import { WRITES } from "../support/writes/all-writes.ts";
import { writtenTo } from "../support/writes/write.ts";

const ORDER = ["phase_it", "phase_sales", "phase_engineering", "phase_operations", "phase_finance"];
const RUNS = [
  { name: "seed 1", flags: [] },
  { name: "seed 7", flags: ["--seed", "7"] },
  { name: "a tenth of all vendor calls failing", flags: ["--seed", "3", "--faults", "0.1"] },
];

describe.each(RUNS)("the rollout at Larkfield Foods, $name", ({ flags }) => {
  const end = new AsyncDisposableStack();
  let demo: DemoOutput;
  let vendors: Vendors;
  let mails: readonly Mail[];

  beforeAll(async () => {
    demo = end.use(await runDemo(flags));
    vendors = demo.vendors;
    mails = vendors.gmail.sent.map(withKey);
  }, 240_000);
  afterAll(() => end.disposeAsync());

  it("ends in success", () => {
    expect(demo.exitCode).toBe(0);
  });

  it("writes nowhere but where every lost answer is tried", () => {
    const tried = new Set(WRITES.map(({ route }) => route));
    expect([...writtenTo(vendors)].filter((route) => !tried.has(route))).toEqual([]);
  });

  it("sends no mail twice", () => {
    expect(repeated(mails.map(({ key }) => key))).toEqual([]);
  });

  it("announces once to each active employee, in the phase of the department, and to nobody who is excepted", () => {
    const announced = new Map(
      mails.filter(({ kind }) => kind === "announcement").map((mail) => [mail.to[0] ?? "", mail]),
    );
    const excepted = exceptedAddresses(vendors);
    const employees = vendors.bamboohr.employees.filter(({ status }) => status === "Active");
    expect(employees.length).toBeGreaterThan(200);
    for (const { workEmail, department } of employees) {
      const address = addressOf(vendors, workEmail);
      if (excepted.has(address)) expect(announced.has(address), address).toBe(false);
      else expect(announced.get(address)?.phase, address).toBe(`phase_${department.toLowerCase()}`);
    }
    expect(repeated(mails.filter(({ kind }) => kind === "announcement").flatMap(({ to }) => to))).toEqual([]);
    const users = mails.filter(({ kind }) => kind !== "signoff");
    expect(users.filter(({ to }) => to.some((address) => excepted.has(address)))).toEqual([]);
  });

  it("announces IT first and the departments in the order wanted", () => {
    const first = new Map<string, string>();
    for (const { kind, phase, sentAt } of mails)
      if (kind === "announcement" && !first.has(phase)) first.set(phase, sentAt);
    expect([...first.keys()].filter((phase) => phase !== "phase_closing")).toEqual(ORDER);
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
        .filter((mail) => mail.kind === "announcement" && mail.phase === phase)
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

  it("makes one group a phase, one policy a phase and one for all users", () => {
    expect(
      ours(vendors)
        .map(({ displayName }) => displayName)
        .sort(),
    ).toHaveLength(ORDER.length + 1);
    const nicknames = vendors.entra.groups
      .map(({ mailNickname }) => mailNickname)
      .filter((name) => name.startsWith("mfa_"));
    expect(repeated(nicknames)).toEqual([]);
    expect(nicknames).toHaveLength(ORDER.length + 2);
    expect(ours(vendors).filter(({ conditions }) => conditions.users.includeUsers.includes("All"))).toHaveLength(1);
  });

  it("opens #it-support with FAQ and guide as tabs and one FAQ message", () => {
    expect(vendors.teams.channels.filter(({ displayName }) => displayName === "it-support")).toHaveLength(1);
    expect(vendors.teams.tabs.map(({ displayName }) => displayName).sort()).toEqual(["Enrolment guide", "MFA FAQ"]);
    expect(vendors.teams.messages).toHaveLength(1);
  });

  it("answers each ticket about MFA once and no other", () => {
    const answered = vendors.connectwise.notes
      .filter(({ text }) => text.includes("[mfa-rollout:"))
      .map(({ ticketId }) => ticketId);
    expect(repeated(answered.map(String))).toEqual([]);
    const mfa = /MFA|2FA|authenticator|multi-factor/i;
    const open = vendors.connectwise.tickets.filter(({ id, project }) =>
      project === undefined || project === null ? answered.includes(id) : false,
    );
    expect(open).toHaveLength(vendors.world.raiseMfaTickets.length);
    const plain = vendors.connectwise.tickets.filter(
      ({ summary }) => /printer|VPN|mailbox|monitor/i.test(summary) && !mfa.test(summary),
    );
    expect(plain.length).toBeGreaterThan(2);
    expect(plain.filter(({ id }) => answered.includes(id))).toEqual([]);
  });

  it("chases everyone who is left once, through the manager, with a ticket each", () => {
    const chased = mails.filter(({ kind }) => kind === "chase").flatMap(({ to }) => to);
    expect(repeated(chased)).toEqual([]);
    for (const { mail } of vendors.world.neverEnrol) expect(chased).toContain(mail);
    const tickets = vendors.connectwise.tickets.filter(({ project }) => project !== undefined && project !== null);
    expect(tickets).toHaveLength(chased.length);
    expect(repeated(tickets.map(({ summary }) => summary))).toEqual([]);
  });

  it("takes one dashboard snapshot a phase", () => {
    const rows = vendors.powerBi.datasets.flatMap(({ tables }) => Object.values(tables).flatMap((table) => table.rows));
    const snapshots = Map.groupBy(rows, ({ snapshotId }) => snapshotId);
    expect([...snapshots.keys()]).toHaveLength(ORDER.length + 1);
    expect(new Set([...snapshots.values()].map((group) => group.length)).size).toBe(1);
  });

  it("keeps one PSA project with a phase a department", () => {
    expect(vendors.connectwise.projects).toHaveLength(1);
    expect(vendors.connectwise.phases).toHaveLength(ORDER.length + 1);
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

interface Mail {
  readonly key: string;
  readonly kind: string;
  readonly phase: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly sentAt: string;
}

function withKey({ headers, to, cc, sentAt }: Vendors["gmail"]["sent"][number]): Mail {
  const key = headers["X-MFA-Rollout-Key"] ?? "";
  expect(key).toMatch(/^rol_larkfield_\d{6}_[0-9a-f]{4}\/\w+\/.+/);
  const [, kind = "", phase = ""] = key.split("/");
  return { key, kind, phase, to, cc, sentAt };
}

const ours = ({ entra }: Vendors) =>
  entra.policies.filter(({ displayName }) => displayName.startsWith("MFA rollout: "));

const exceptedAddresses = ({ world }: Vendors): ReadonlySet<string> =>
  new Set(
    Object.values(world.exceptions)
      .flat()
      .flatMap(({ mail }) => mail ?? []),
  );

/** The address at which Entra reaches whom HR knows by this one. */
function addressOf({ entra }: Vendors, hrAddress: string): string {
  const user = entra.users.find(
    ({ userPrincipalName, mail, proxyAddresses }) =>
      [userPrincipalName, mail].includes(hrAddress) ||
      proxyAddresses.some((proxy) => proxy.toLowerCase() === `smtp:${hrAddress}`),
  );
  return user?.mail ?? hrAddress;
}

function repeated(values: readonly string[]): readonly string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}
