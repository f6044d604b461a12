import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Harness, startHarness } from "../support/harness.ts";
import {
  type Colleague,
  colleagues,
  comeBack,
  goOnLeave,
  join,
  leave,
  move,
  rename,
  setEnabled,
} from "../support/model/small-company.ts";

const Rows = z.array(
  z.object({ phase: z.string(), kind: z.string(), count: z.number(), user_ids: z.array(z.string()) }),
);

/** People change between IT's announcement and its enforcement, in HR and in the tenant. */
describe("people who change between two phases", () => {
  let office: Harness;
  let rollout: string;
  let mover: Colleague;
  let leaver: Colleague;
  let away: Colleague;
  let disabled: Colleague;
  beforeAll(async () => {
    office = await startHarness({ employees: 100 });
    rollout = await office.withItReportOnly();
    const [one, two, three, four] = inDepartment("IT");
    if (one === undefined || two === undefined || three === undefined || four === undefined)
      throw new Error("IT is too small");
    [mover, leaver, away, disabled] = [one, two, three, four];
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const inDepartment = (name: string): readonly Colleague[] =>
    colleagues(office.box.world).filter(({ employee }) => employee.department === name);
  const look = async () => Rows.parse((await office.call("get_rollout", { rollout })).structured.drift);
  const kindsOf = async (phase: string) =>
    Object.fromEntries((await look()).filter((row) => row.phase === phase).map(({ kind, count }) => [kind, count]));
  const refresh = async () => {
    await office.call("reconcile_users", { rollout });
    await office.call("classify_exceptions", { rollout });
    await office.signOff(rollout);
  };
  const announced = async () =>
    (await office.dump()).gmail.sent.flatMap(({ headers, to }) =>
      headers["X-MFA-Rollout-Key"]?.includes("/announcement/") === true ? to : [],
    );
  const groupOf = async (phase: string) => {
    const { entra } = await office.dump();
    return entra.groups.find(({ mailNickname }) => mailNickname === `mfa_${rollout}_${phase}`)?.members ?? [];
  };
  const lines = async (plan: string) => {
    const { state } = { state: await (await office.office.parts.store.open(rollout)).state() };
    const record = [...state.plans.values()].find(({ id }) => id === plan);
    const text = await office.office.parts.documents.text(record?.digest ?? state.head);
    return z.object({ lines: z.array(z.string()) }).parse(JSON.parse(text)).lines;
  };

  it("are told by kind once the list is read anew, and not before", async () => {
    expect(await kindsOf("phase_it")).toEqual({});
    move(mover, "Sales");
    leave(office.box.world, leaver);
    goOnLeave(office.box.world, away, 60);
    setEnabled(disabled, false);
    join(office.box.world, "IT", 1);
    expect(await kindsOf("phase_it")).toEqual({});
    await refresh();
    expect(await kindsOf("phase_it")).toEqual({
      joined: 1,
      left: 1,
      leave_began: 1,
      disabled: 1,
      moved_and_stays: 1,
    });
  });

  it("stand in the plan that a person signs, and only who was told nothing is mailed", async () => {
    const before = await announced();
    const args = { rollout, phase: "phase_it", kind: "announcement" };
    const { structured } = await office.call("send_phase_email", args);
    expect(structured).toMatchObject({ status: "approval_required", recipients: 1 });
    const shown = await lines(String(structured.plan_id));
    expect(shown.filter((line) => /^ {2}\w.*: /.test(line)).map((line) => line.split(":")[0]?.trim())).toEqual(
      expect.arrayContaining(["Joined", "Left", "On leave now", "Account disabled"]),
    );
    await office.approvePending();
    await office.call("send_phase_email", args);
    expect((await announced()).filter((to) => !before.includes(to))).toEqual([expect.stringMatching(/joiner\.1@/)]);
    expect(await kindsOf("phase_it")).toEqual({});
  });

  it("who come back, and accounts that are enabled again, are in scope as before and not mailed twice", async () => {
    comeBack(office.box.world, away);
    setEnabled(disabled, true);
    await refresh();
    expect(await kindsOf("phase_it")).toEqual({ leave_ended: 1, re_enabled: 1 });
    const args = { rollout, phase: "phase_it", kind: "announcement" };
    expect((await office.call("send_phase_email", args)).structured).toMatchObject({ recipients: 0 });
  });

  it("who are told late are told a date of their own, and are enforced on it and not before", async () => {
    await office.untilNext(rollout, "apply_ca_policy", { phase: "phase_it", state: "enforced" });
    join(office.box.world, "IT", 2);
    await refresh();
    await office.withApproval("send_phase_email", { rollout, phase: "phase_it", kind: "announcement" });
    await office.untilNext(rollout, "apply_ca_policy", { phase: "phase_it", state: "enforced" });
    await office.withApproval("apply_ca_policy", { rollout, phase: "phase_it", state: "enforced" });
    const late = office.box.world.guid("joiner 2");
    const members = await groupOf("phase_it");
    expect(members).toContain(office.box.world.guid("joiner 1"));
    expect(members).toContain(mover.account.id);
    expect(members).not.toContain(late);
    const state = await (await office.office.parts.store.open(rollout)).state();
    const told = [...(state.mails.get("announcement") ?? [])].find(([id]) => id.endsWith(late))?.[1].date ?? "";
    expect(told > (state.enforcementDates.get(phaseIt(state.phases)) ?? "9999")).toBe(true);
    office.moveTo(`${told}T15:00:00Z`);
    await refresh();
    await office.withApproval("apply_ca_policy", { rollout, phase: "phase_it", state: "enforced" });
    expect(await groupOf("phase_it")).toContain(late);
  }, 120_000);

  it("of a department with a new name stay in its phase", async () => {
    const before = (await office.look(rollout)).phases.find(({ phase }) => phase === "phase_operations");
    rename(office.box.world, "Operations", "Supply");
    const { structured } = await office.call("reconcile_users", { rollout });
    expect(structured).toMatchObject({ movers: 0, renamed: [{ from: "‹Operations›", to: "‹Supply›" }] });
    expect((await office.look(rollout)).phases.find(({ phase }) => phase === "phase_operations")).toEqual(before);
    expect(await kindsOf("phase_operations")).toEqual({});
  });
});

const phaseIt = <Id extends string>(phases: readonly { readonly id: Id }[]): Id => {
  const found = phases.find(({ id }) => id === "phase_it");
  if (found === undefined) throw new Error("there is no IT");
  return found.id;
};
