import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { teamsLogin } from "../../src/cli/teams-login.ts";
import { compose } from "../../src/compose.ts";
import { entraObjectId } from "../../src/domain/model/ids.ts";
import { calendarDate, instant } from "../../src/domain/model/time.ts";
import { RolloutError } from "../../src/errors.ts";
import type { Vendors } from "../../src/ports/vendors.ts";
import { allVendors } from "../../src/sandbox/all-vendors.ts";
import { microsoftLogin, microsoftLoginWith } from "../../src/sandbox/vendors/microsoft-login/microsoft-login.ts";
import type { PersonHabits } from "../../src/sandbox/vendors/microsoft-login/person-grants.ts";
import { jsonLogger } from "../../src/server/json-logger.ts";
import { examine, ONE_SENTENCE } from "../support/examination.ts";
import { WANTED } from "../support/gate-question.ts";
import { type Harness, startHarness } from "../support/harness.ts";
import { moveToOtherSystems, postThroughWorkflow, signInToWorkday } from "../support/other-systems.ts";
import { startSilentFolder } from "../support/silent-folder.ts";
import { aMail } from "./mailer.contract.ts";

const call = { signal: new AbortController().signal };
const FROM = instant("2026-10-05T00:00:00Z");
const TO = instant("2026-10-06T00:00:00Z");
const ID = "11111111-2222-4333-8444-555555555555";
const OBJECT = entraObjectId(ID);

/** Names of a port's methods that ask the vendor. */
type Asking<Port> = {
  [Name in keyof Port]: Port[Name] extends (...given: never[]) => Promise<unknown> | AsyncIterable<unknown>
    ? Name
    : never;
}[keyof Port];
/** One call of every such method of every port, so that a new method does not compile until it stands here too. */
type Calls = {
  readonly [Name in keyof Vendors]: {
    readonly [Method in Asking<Vendors[Name]>]: (port: Vendors[Name]) => Promise<unknown> | AsyncIterable<unknown>;
  };
};

const CALLS: Calls = {
  hr: { listEmployees: (hr) => hr.listEmployees({ today: calendarDate("2026-10-05"), ...call }) },
  directory: {
    listAccounts: (directory) => directory.listAccounts(call),
    listRegistrations: (directory) => directory.listRegistrations(call),
    mailboxPurposes: (directory) => directory.mailboxPurposes([OBJECT], call),
    listDirectorySyncAccounts: (directory) => directory.listDirectorySyncAccounts(call),
    listRoleHolders: (directory) => directory.listRoleHolders(ID, call),
    listTransitiveMembers: (directory) => directory.listTransitiveMembers(ID, call),
    readTenantFacts: (directory) => directory.readTenantFacts(call),
    findGroup: (directory) => directory.findGroup("mfa-tests", call),
    createGroup: (directory) =>
      directory.createGroup({ displayName: "MFA tests", description: "Tests", mailNickname: "mfa-tests" }, call),
    listGroupMembers: (directory) => directory.listGroupMembers(OBJECT, call),
    settledGroupMembers: (directory) => directory.settledGroupMembers(OBJECT, () => false, call),
    addGroupMembers: (directory) => directory.addGroupMembers(OBJECT, [OBJECT], call),
    removeGroupMember: (directory) => directory.removeGroupMember(OBJECT, OBJECT, call),
  },
  conditionalAccess: {
    listPolicies: (access) => access.listPolicies(call),
    readAccessRules: (access) => access.readAccessRules(call),
    getPolicy: (access) => access.getPolicy(ID, call),
    createPolicy: (access) => access.createPolicy(WANTED, call),
    setState: (access) => access.setState(ID, "enforced", call),
    whatIf: (access) => access.whatIf(OBJECT, call),
  },
  legacyMfa: {
    areSecurityDefaultsOn: (legacy) => legacy.areSecurityDefaultsOn(call),
    turnOffSecurityDefaults: (legacy) => legacy.turnOffSecurityDefaults(call),
    perUserMfa: (legacy) => legacy.perUserMfa([OBJECT], call),
    endPerUserMfa: (legacy) => legacy.endPerUserMfa([OBJECT], call),
  },
  accessPasses: {
    readPolicy: (passes) => passes.readPolicy(call),
    holdsRole: (passes) => passes.holdsRole(OBJECT, call),
    listPasses: (passes) => passes.listPasses(OBJECT, call),
    issuePass: (passes) => passes.issuePass({ objectId: OBJECT, startsAt: FROM, minutes: 60 }, call),
    deletePass: (passes) => passes.deletePass(OBJECT, ID, call),
  },
  tenantSurvey: {
    survey: (survey) => survey.survey({ groups: [], accounts: [], since: FROM, ...call }),
    changes: (survey) => survey.changes({ of: "groups", since: FROM, ...call }),
  },
  signInLog: { listSignIns: (log) => log.listSignIns({ from: FROM, to: TO, ...call }) },
  mailer: {
    createDraft: (mailer) => mailer.createDraft(aMail(), call),
    sendDraft: (mailer) => mailer.sendDraft("r123", call),
    draftState: (mailer) => mailer.draftState("r123", call),
  },
  helpdeskChannel: {
    findChannel: (channel) => channel.findChannel("it-support", call),
    createChannel: (channel) => channel.createChannel({ name: "it-support", description: "Tests" }, call),
    listTabs: (channel) => channel.listTabs(ID, call),
    addTab: (channel) => channel.addTab(ID, { name: "FAQ", url: "https://help.example/faq" }, call),
    postMessage: (channel) => channel.postMessage(ID, { html: "<p>Hello</p>", marker: "m" }, call),
    findMessage: (channel) => channel.findMessage(ID, "m", call),
  },
  serviceDesk: {
    listTickets: (desk) => desk.listTickets({ from: FROM, to: TO, ...call }),
    hasNote: (desk) => desk.hasNote("1", "m", call),
    addReply: (desk) => desk.addReply("1", { text: "Hello", marker: "m" }, call),
    findProject: (desk) => desk.findProject("m", call),
    createProject: (desk) =>
      desk.createProject({ name: "MFA", start: "2026-10-05", end: "2026-10-31", marker: "m" }, call),
    listPhases: (desk) => desk.listPhases("1", call),
    createPhase: (desk) => desk.createPhase("1", { description: "MFA: IT" }, call),
    setPhaseStatus: (desk) => desk.setPhaseStatus("1", "1", "Open", call),
    listProjectTickets: (desk) => desk.listProjectTickets("1", call),
    createProjectTicket: (desk) =>
      desk.createProjectTicket({ phaseId: "1", summary: "MFA", text: "Hello", marker: "m" }, call),
    changeTicket: (desk) => desk.changeTicket("1", { status: "Open" }, call),
    hasTicketNote: (desk) => desk.hasTicketNote("1", "m", call),
    addTicketNote: (desk) => desk.addTicketNote("1", { text: "Hello", marker: "m" }, call),
  },
  dashboard: {
    prepare: (dashboard) => dashboard.prepare(call),
    append: (dashboard) =>
      dashboard.append(
        {
          snapshotId: "s",
          rolloutId: "r",
          customer: "c",
          afterPhase: "p",
          takenAt: FROM,
          day: calendarDate("2026-10-05"),
          rows: [],
        },
        call,
      ),
    hasSnapshot: (dashboard) => dashboard.hasSnapshot("s", call),
  },
};

/** Calls whose first request is a change that must not be sent twice, whatever the systems. All others may be tried again. */
const ONE_WRITE: readonly string[] = [
  "directory.createGroup",
  "conditionalAccess.createPolicy",
  "mailer.sendDraft",
  "helpdeskChannel.createChannel",
  "helpdeskChannel.addTab",
  "helpdeskChannel.postMessage",
  "accessPasses.issuePass",
  "serviceDesk.addReply",
  "serviceDesk.addTicketNote",
  "serviceDesk.createPhase",
  "serviceDesk.createProjectTicket",
];

/** Which systems a customer has, and how their calls differ from one another's. */
interface Customer {
  readonly systems: string;
  readonly moveTo: (office: Harness) => Promise<void>;
  /** Changes that are sent without signing in first. */
  readonly needNoSignIn: (write: string) => boolean;
  /** Calls that ask nobody. */
  readonly askNobody: readonly string[];
}
const CUSTOMERS: readonly Customer[] = [
  {
    systems: "BambooHR, Gmail, Power BI and Teams in a person's name",
    moveTo: async () => {},
    needNoSignIn: (write) => write.startsWith("serviceDesk."),
    askNobody: [],
  },
  {
    systems: "Workday, Outlook, Looker and a Teams workflow",
    moveTo: async (office) => {
      await moveToOtherSystems(office);
      await signInToWorkday(office);
      await postThroughWorkflow(office);
    },
    needNoSignIn: (write) => write.startsWith("serviceDesk.") || write === "helpdeskChannel.postMessage",
    askNobody: ["helpdeskChannel.findMessage"],
  },
];

/** Every call with the error that it ends with. */
const endingAs = (
  { askNobody }: Customer,
  { ambiguous }: { readonly ambiguous: readonly string[] },
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(CALLS)
      .flatMap(([port, calls]) => Object.keys(calls).map((method) => `${port}.${method}`))
      .map((name) => {
        if (askNobody.includes(name)) return [name, "answered"];
        return [name, ambiguous.includes(name) ? "ERR_CONNECTOR_AMBIGUOUS" : "ERR_CONNECTOR_UNAVAILABLE"];
      }),
  );

async function ending(work: Promise<unknown> | AsyncIterable<unknown>): Promise<string> {
  try {
    if (Symbol.asyncIterator in work) for await (const _ of work);
    else await work;
    return "answered";
  } catch (error) {
    if (error instanceof RolloutError) return error.code;
    throw error;
  }
}

/** All but signing in. */
const ANSWERS = "^(?!.*(oauth2|/token|/login|discovery|well-known))";
const SYSTEMS = ["tenant", "hr", "mail", "helpdesk", "service_desk", "dashboard"];

describe.each(CUSTOMERS)("a vendor that lets us wait for ever, of $systems", (customer) => {
  let office: Harness;
  let vendor: <Name extends keyof Vendors>(name: Name) => Promise<Vendors[Name]>;
  const signInAnew = async (): Promise<void> => {
    ({ vendor } = await compose(office.settings, { logger: jsonLogger(() => {}), actor: "test" }).customer(
      "larkfield",
    ));
  };
  beforeAll(async () => {
    office = await startHarness({ environment: { MFA_ROLLOUT_ANSWER_SECONDS: "0.8" } });
    await customer.moveTo(office);
    await signInAnew();
    const { hr, directory, mailer, helpdeskChannel, dashboard } = CALLS;
    await ending(hr.listEmployees(await vendor("hr")));
    await ending(directory.readTenantFacts(await vendor("directory")));
    await ending(mailer.draftState(await vendor("mailer")));
    await ending(helpdeskChannel.findMessage(await vendor("helpdeskChannel")));
    await ending(dashboard.hasSnapshot(await vendor("dashboard")));
  });
  afterEach(() => office.mend());
  afterAll(() => office[Symbol.asyncDispose]());

  const endingsOf = async <Name extends keyof Vendors>(name: Name, calls: Calls[Name]) => {
    const port = await vendor(name);
    const made = Object.entries(calls) as [string, (port: Vendors[Name]) => Promise<unknown>][]; // as Calls says
    return Promise.all(made.map(async ([method, make]) => [`${name}.${method}`, await ending(make(port))] as const));
  };
  /** How every call of every port ends, all of them made at once. */
  const endings = async (): Promise<Readonly<Record<string, string>>> => {
    const names = Object.keys(CALLS) as (keyof Vendors)[]; // as Calls says
    return Object.fromEntries((await Promise.all(names.map((name) => endingsOf(name, CALLS[name] as never)))).flat());
  };

  /** The systems at which a look of doctor's came to nothing, each look by its own deadline. */
  const hindered = async (): Promise<readonly string[]> => {
    const { findings } = await examine(office);
    expect(findings.map(({ text }) => text).join("\n")).not.toContain("gave no whole answer within");
    const isHindered = ({ state, text }: (typeof findings)[number]): boolean =>
      state === "wrong" || text.startsWith("Not all looked at");
    return [...new Set(findings.filter(isHindered).map(({ system }) => system))];
  };

  it.each(["hang", "trickle"] as const)("ends each call with an error of ours when its answers %s", async (kind) => {
    await office.box.fail({ kind, path: ANSWERS, times: 10_000 });
    const [calls, looks] = await Promise.all([endings(), hindered()]);
    expect(calls).toEqual(endingAs(customer, { ambiguous: ONE_WRITE }));
    expect(looks).toEqual(expect.arrayContaining(SYSTEMS)); // The clock is asked where one signs in.
  });

  it.each(["hang", "trickle"] as const)(
    "ends each call with an error of ours when signing in there: %s",
    async (kind) => {
      await office.box.fail({ kind, times: 10_000 });
      await signInAnew();
      const [calls, looks] = await Promise.all([endings(), hindered()]);
      expect(calls).toEqual(endingAs(customer, { ambiguous: ONE_WRITE.filter(customer.needNoSignIn) }));
      expect(looks).toEqual(["clock", ...SYSTEMS]);
    },
  );

  it("leaves a change that was looked up before and then not answered as one that may have happened", async () => {
    const [desk, dashboard] = [await vendor("serviceDesk"), await vendor("dashboard")];
    await dashboard.prepare(call);
    await office.box.fail({ kind: "hang", method: "POST", path: "projects$|/rows$|/upload/", times: 10_000 });
    expect(await ending(CALLS.serviceDesk.createProject(desk))).toBe("ERR_CONNECTOR_AMBIGUOUS");
    expect(await ending(CALLS.dashboard.append(dashboard))).toBe("ERR_CONNECTOR_AMBIGUOUS");
  });
});

describe("a share for the dashboard's files that lets us wait for ever", () => {
  it("holds up neither a call nor doctor", async () => {
    await using office = await startHarness({ environment: { MFA_ROLLOUT_ANSWER_SECONDS: "0.8" } });
    const folder = join(office.home, "share");
    await office.editCustomer((file) => {
      file.dashboard = { kind: "file", folder };
    });
    const { vendor } = await compose(office.settings, { logger: jsonLogger(() => {}), actor: "test" }).customer(
      "larkfield",
    );
    using _ = startSilentFolder(folder);
    const { prepare, append, hasSnapshot } = CALLS.dashboard;
    for (const ask of [prepare, append, hasSnapshot])
      expect(await ending(ask(await vendor("dashboard")))).toBe("ERR_CONNECTOR_UNAVAILABLE");
    const { named, remedies } = await examine(office);
    expect(named).toEqual([`dashboard: The dashboard's folder ${folder} does not answer.`]);
    expect(remedies).toEqual([expect.stringMatching(ONE_SENTENCE)]);
  });
});

describe("teams-login", () => {
  const login = (office: Harness, waits: number[] = []) =>
    teamsLogin(office.settings, {
      customer: "larkfield",
      print: () => {},
      wait: async (ms) => {
        waits.push(ms);
        office.advance(ms / 3_600_000);
      },
    });
  const anew = (habits: Partial<PersonHabits> = {}) =>
    startHarness({
      environment: { MFA_ROLLOUT_ANSWER_SECONDS: "0.8" },
      vendors: allVendors.map((vendor) => (vendor === microsoftLogin ? microsoftLoginWith(habits) : vendor)),
    });

  it.each(["hang", "trickle"] as const)("ends when no code comes: %s", async (kind) => {
    await using office = await anew();
    await office.box.fail({ kind, path: "/devicecode$", times: 10_000 });
    expect(await ending(login(office))).toBe("ERR_CONNECTOR_UNAVAILABLE");
  });

  it("goes on asking when some of its questions are never answered", async () => {
    await using office = await anew();
    await office.box.fail({ kind: "hang", method: "POST", path: "/token$", times: 2 });
    expect(await login(office)).toBe(0);
  });

  it("ends with the code when no question is answered, however short the pauses between them", async () => {
    await using office = await anew({ codeLifetimeMs: 5_500 });
    await office.box.fail({ kind: "hang", method: "POST", path: "/token$", times: 10_000 });
    const waits: number[] = [];
    expect(await ending(login(office, waits))).toBe("ERR_CONNECTOR_AUTHENTICATION");
    expect(waits).toEqual([5_000]);
  });
});
