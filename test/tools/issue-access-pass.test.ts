import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accessPass, openFor } from "../../src/cli/access-pass.ts";
import { compose } from "../../src/compose.ts";
import { entraObjectId } from "../../src/domain/model/ids.ts";
import { instant } from "../../src/domain/model/time.ts";
import { jsonLogger } from "../../src/server/json-logger.ts";
import type { FaultRule } from "../support/box.ts";
import { type Answer, type Harness, startHarness } from "../support/harness.ts";

const TOLD = /^Pass of \S+: (\S+)$/;
const MAKING = { vendor: "graph", method: "POST", path: "/temporaryAccessPassMethods$" } as const;

describe("issue_access_pass", () => {
  let office: Harness;
  let rollout: string;
  /** Everything that any answer, any error and any command said, but for the lines that tell a pass. */
  const said: string[] = [];
  const told: string[] = [];
  let person: string;
  beforeAll(async () => {
    office = await startHarness({ employees: 60 });
    rollout = await office.start();
    await office.call("reconcile_users", { rollout });
    await office.call("classify_exceptions", { rollout });
    person = nobodysMethods()[0] ?? "";
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const accounts = () => [...office.box.world.accounts.values()].filter(({ accountEnabled }) => accountEnabled);
  /** People with a mailbox and a manager and no method of their own. */
  const nobodysMethods = () =>
    accounts().flatMap(({ id, methodsRegistered, userType, roles, managerId, userPurpose, employeeId }) => {
      const isPerson = userType === "Member" && userPurpose === "user" && employeeId !== null && managerId !== null;
      return isPerson && methodsRegistered.length === 0 && roles.length === 0 ? `usr_${id}` : [];
    });
  const issue = async (user: string, more: Readonly<Record<string, unknown>> = {}): Promise<Answer> => {
    const answer = await office.call("issue_access_pass", { rollout, user, ...more });
    said.push(answer.text, JSON.stringify(answer.structured));
    return answer;
  };
  const workshop = () =>
    compose(office.settings, { logger: jsonLogger((line) => void said.push(line)), actor: "person:x" });
  const take = async (user: string, meanwhile: () => Promise<unknown> = async () => {}): Promise<number> => {
    const print = (line: string): void => {
      const code = TOLD.exec(line)?.[1];
      code === undefined ? said.push(line) : told.push(code);
    };
    const open = async (id: string) => {
      const opened = await openFor(workshop(), id);
      await meanwhile();
      return opened;
    };
    const parts = { ...office.office.parts, print, open };
    try {
      return await accessPass(parts, { rollout, user, as: office.office.approver });
    } catch (error) {
      said.push(
        error instanceof Error ? `${error.stack} ${JSON.stringify(error)} ${String(error.cause)}` : String(error),
      );
      throw error;
    }
  };
  const passes = async () => (await workshop().customer("larkfield")).vendor("accessPasses");
  const passesOf = async (user: string) =>
    (await passes()).listPasses(entraObjectId(user.replace("usr_", "")), { signal: new AbortController().signal });

  it("waits for a signature, which any approver may give for somebody without a role", async () => {
    const before = await office.held();
    expect((await issue(person)).structured).toMatchObject({
      status: "approval_required",
      signer: "any approver",
      changes_total: 1,
    });
    expect(await office.held()).toBe(before);
    await expect(take(person)).rejects.toMatchObject({ code: "ERR_NOT_FOUND" });
  });

  it("says what is missing when Entra refuses a look, and who may not have a pass", async () => {
    await office.box.fail({
      vendor: "graph",
      path: "/authenticationMethodsPolicy$",
      kind: "status",
      status: 403,
      times: 9,
    });
    expect((await issue(person)).structured).toMatchObject({ code: "ERR_CONNECTOR_PERMISSION" });
    await office.mend();
    const capable = accounts().find(({ reported }) => reported.methodsRegistered.includes("mobilePhone"));
    expect((await issue(`usr_${capable?.id}`)).structured).toMatchObject({ code: "ERR_STATE" });
    expect((await issue("usr_nobody")).structured).toMatchObject({ code: "ERR_NOT_FOUND" });
    expect((await issue(person, { minutes: 20 })).structured).toMatchObject({
      code: "ERR_STATE",
      message: expect.stringContaining("60 to 480"),
    });
  });

  it("once signed is made by no tool: it names the command of a person", async () => {
    await issue(person);
    await office.approvePending();
    const before = await office.held();
    expect((await issue(person)).structured).toMatchObject({
      status: "person_required",
      changes_done: 0,
      note: `mfa-rollout access-pass ${rollout} ${person} --as NAME`,
    });
    expect(await office.held()).toBe(before);
    expect(await passesOf(person)).toEqual([]);
  });

  it("is shown once to the technician who signed for taking it", async () => {
    expect(await take(person)).toBe(0);
    expect(told).toHaveLength(1);
    office.advance(0.001);
    expect(await passesOf(person)).toHaveLength(1);
    expect(await office.ledger(rollout)).toContain('"access_pass_taken"');
    await expect(take(person)).rejects.toMatchObject({ code: "ERR_NOT_FOUND" });
    expect((await issue(person)).structured).toMatchObject({ status: "nothing_to_do" });
  });

  it("is made as it was signed although the people are read anew while the technician signs", async () => {
    const before = told.length;
    await issue(person, { again: true });
    await office.approvePending();
    expect(await take(person, () => office.call("reconcile_users", { rollout }))).toBe(0);
    expect(told).toHaveLength(before + 1);
    office.advance(0.001);
  });

  it.each<[string, Omit<FaultRule, "vendor" | "method" | "path">]>([
    ["lost before", { kind: "lost_request" }],
    ["lost after", { kind: "lost_answer" }],
    ["503 after", { kind: "status_after", status: 503 }],
    ["half an answer", { kind: "truncated" }],
    ["a web page", { kind: "html" }],
    ["202 and done", { kind: "accepted_after" }],
    ["delivered twice", { kind: "twice" }],
  ])("is made anew, and only one is there, when its making ends with %s", async (_, fault) => {
    const before = told.length;
    await issue(person, { again: true });
    await office.approvePending();
    await office.box.fail({ ...MAKING, ...fault });
    for (let tries = 0; told.length === before && tries < 4; tries++) await take(person).catch(() => {});
    await office.mend();
    expect(told).toHaveLength(before + 1);
    office.advance(0.001);
    expect(await passesOf(person)).toHaveLength(1);
  });

  it("for somebody with a role in the directory counts with a senior approver's signature alone", async () => {
    const admin = accounts().find(({ roles, employeeId }) => roles.length > 0 && employeeId !== null) ?? accounts()[0];
    if (admin === undefined) throw new Error("a company has accounts");
    admin.methodsRegistered = [];
    admin.reported = { methodsRegistered: [], at: instant(office.box.world.now()) };
    if (admin.roles.length === 0) admin.roles.push("fe930be7-5e62-47db-91af-98c3a49a38b1");
    await office.call("reconcile_users", { rollout });
    const user = `usr_${admin.id}`;
    expect((await issue(user)).structured).toMatchObject({ status: "approval_required", signer: "senior approver" });
    await expect(office.approvePending()).rejects.toThrow(/senior/);
    await expect(take(user)).rejects.toMatchObject({ code: "ERR_NOT_FOUND" });
    await office.editCustomer((file) => {
      for (const approver of file.approvers as Record<string, unknown>[]) approver.tier = "senior"; // the sandbox's own file
    });
    await office.approvePending();
    expect(await take(user)).toBe(0);
  });

  it("touches no pass that somebody else gave, and says so", async () => {
    const [, other = ""] = nobodysMethods();
    const objectId = entraObjectId(other.replace("usr_", ""));
    const startsAt = instant(Math.ceil(office.box.world.now() / 1000) * 1000 + 5_000);
    const theirs = await (await passes()).issuePass(
      { objectId, startsAt, minutes: 60 },
      { signal: new AbortController().signal },
    );
    office.advance(0.001);
    await issue(other);
    await office.approvePending();
    await expect(take(other)).rejects.toMatchObject({ code: "ERR_STATE" });
    expect(await passesOf(other)).toMatchObject([{ id: theirs.id }]);
  });

  it("lets the person register, and the list shows it", async () => {
    office.advance(12);
    await office.call("reconcile_users", { rollout });
    const { structured } = await office.call("list_users", { rollout, show: "not_capable", limit: 50 });
    expect(JSON.stringify(structured)).not.toContain(person);
    expect((await issue(person)).structured).toMatchObject({ code: "ERR_STATE" });
  });

  it("stands in no answer, error, log, ledger, blob or projection, and in no record of the vendors", async () => {
    expect(told.length).toBeGreaterThan(8);
    expect(new Set(told).size).toBe(told.length);
    const files = await readdir(office.home, { recursive: true, withFileTypes: true });
    const bytes = files
      .filter((file) => file.isFile())
      .map((file) => readFile(join(file.parentPath, file.name), "latin1"));
    const requests = await (await fetch(new URL("/requests.jsonl", office.box.sandbox.controlUrl))).text();
    const everything = [
      ...said,
      ...office.log,
      ...(await Promise.all(bytes)),
      requests,
      JSON.stringify(await office.box.dump()),
    ];
    expect(requests).toContain("temporaryAccessPassMethods");
    for (const text of everything) for (const code of told) expect(text.includes(code)).toBe(false);
  });
});
