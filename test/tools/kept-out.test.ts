import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Harness, startHarness } from "../support/harness.ts";

const KeptOut = z.array(
  z.object({
    finding_id: z.string(),
    user_id: z.string(),
    account: z.string(),
    department: z.string(),
    phase: z.string(),
    app: z.string(),
    client: z.string(),
    refused: z.number(),
    last_refused: z.string(),
    standing: z.string(),
    remedy: z.string(),
  }),
);

/** IT is enforced, one of them loses the phone that answered every prompt, and the rollout is lived on. */
describe("somebody who is locked out after enforcement", () => {
  let office: Harness;
  let rollout: string;
  let victim: string;
  let second: string;
  let finding: string;
  beforeAll(async () => {
    office = await startHarness({ employees: 60 });
    rollout = await office.withItReportOnly();
    await office.untilGatesOpen(rollout, "phase_it");
    await office.withApproval("apply_ca_policy", { rollout, phase: "phase_it", state: "enforced" });
    office.advance(1); // until the policy bites
    [victim, second] = withPhones();
    office.box.world.losePhone(victim);
  });
  afterAll(() => office[Symbol.asyncDispose]());

  /** Two of IT whose phone answers every prompt. */
  const withPhones = (): readonly [string, string] => {
    const phones = ["microsoftAuthenticatorPush", "softwareOneTimePasscode", "mobilePhone"];
    const [one, other] = [...office.box.world.accounts.values()].filter(
      ({ department, accountEnabled, methodsRegistered }) =>
        department === "IT" && accountEnabled && methodsRegistered.every((method) => phones.includes(method)),
    );
    if (one === undefined || other === undefined) throw new Error("IT has no two such people");
    return [one.id, other.id];
  };
  const user = () => `usr_${victim}`;
  const next = async () => (await office.look(rollout)).next;
  const watched = async () => {
    const { structured } = await office.call("fetch_signin_logs", { rollout });
    return KeptOut.parse(structured.kept_out).find(({ user_id }) => user_id === user());
  };
  const state = async () => {
    const { policies } = (await office.dump()).entra;
    return policies.find(({ displayName }) => displayName === "MFA rollout: IT")?.state;
  };
  const inExceptions = async () => {
    const { groups } = (await office.dump()).entra;
    return groups.find(({ mailNickname }) => mailNickname === `mfa_${rollout}_exceptions`)?.members ?? [];
  };
  const except = (expires: string) =>
    office.call("classify_exceptions", {
      rollout,
      overrides: [{ user_id: user(), action: "add", reason: "Lost the phone.", owner: "Priya Raman", expires }],
    });
  const giveBack = () =>
    office.call("apply_ca_policy", { rollout, phase: "phase_it", state: "roll_back", user_id: user() });

  it("is told at the first one, with who, where, when and what helps", async () => {
    office.advance(20);
    const { structured } = await office.call("fetch_signin_logs", { rollout });
    const row = KeptOut.parse(structured.kept_out).find(({ user_id }) => user_id === user());
    finding = row?.finding_id ?? "";
    expect(row).toMatchObject({
      phase: "phase_it",
      department: "‹IT›",
      standing: "open",
      remedy: expect.stringContaining("lost phone"),
    });
    expect(row?.refused).toBeGreaterThan(0);
    expect(structured.kept_out_by_department).toContainEqual(
      expect.objectContaining({ department: "‹IT›", open: 1, refused: row?.refused }),
    );
  });

  it("holds everything else up until a person has decided, with the exact call of each way on", async () => {
    const { why, ...todo } = await next();
    expect(todo).toMatchObject({ do: "wait", wait_for: "finding", finding_ids: [finding] });
    expect(why).toContain(`"finding":"${finding}","resolution":"remediated"`);
    expect(why).toContain(`"user_id":"${user()}","action":"add"`);
    expect(why).toContain(`apply_ca_policy {"rollout":"${rollout}","phase":"phase_it","state":"roll_back"}`);
  });

  it("is not given access back without an exception, with a long one, or while the phase is not theirs to leave", async () => {
    expect((await giveBack()).structured).toMatchObject({
      code: "ERR_INPUT",
      nextStep: expect.stringContaining("classify_exceptions"),
    });
    await except("2026-12-31");
    expect((await giveBack()).structured).toMatchObject({
      code: "ERR_INPUT",
      message: expect.stringContaining("sign-off"),
    });
    expect(await inExceptions()).not.toContain(victim);
  });

  it("is given access back alone and at once, with one signature and ahead of the customer's", async () => {
    await except("2026-10-20");
    expect(await next()).toMatchObject({
      do: "call",
      tool: "apply_ca_policy",
      args: { phase: "phase_it", state: "roll_back", user_id: user() },
    });
    const before = await inExceptions();
    expect((await giveBack()).structured).toMatchObject({ status: "approval_required", changes_total: 1 });
    expect(await inExceptions()).not.toContain(victim);
    await office.approvePending();
    expect((await giveBack()).structured).toMatchObject({ status: "done", live_state: "enforced" });
    expect(new Set(await inExceptions())).toEqual(new Set([...before, victim]));
    expect(await state()).toBe("enabled");
    expect((await giveBack()).structured).toMatchObject({ status: "nothing_to_do" });
  });

  it("leaves every further enforcement closed until the customer has signed the exception", async () => {
    expect(
      (await office.call("apply_ca_policy", { rollout, phase: "phase_it", state: "report_only" })).structured,
    ).toMatchObject({ code: "ERR_GATE_CLOSED", details: { blockers: [{ code: "signoff_outdated" }] } });
    expect(await watched()).toMatchObject({ standing: "excepted" });
    expect(await next()).not.toMatchObject({ wait_for: "finding" });
    await office.signOff(rollout);
    expect(await next()).not.toMatchObject({ wait_for: "finding" });
  });

  it("has the whole phase rolled back when a person decides so, and the others are held until each is helped", async () => {
    office.box.world.losePhone(second);
    office.advance(24);
    const { structured } = await office.call("fetch_signin_logs", { rollout });
    const row = KeptOut.parse(structured.kept_out).find(({ user_id }) => user_id === `usr_${second}`);
    expect(row).toMatchObject({ standing: "open" });
    await office.withApproval("apply_ca_policy", { rollout, phase: "phase_it", state: "roll_back" });
    expect(await state()).toBe("enabledForReportingButNotEnforced");
    await office.untilGatesOpen(rollout, "phase_it");
    expect(
      (await office.call("apply_ca_policy", { rollout, phase: "phase_it", state: "enforced" })).structured,
    ).toMatchObject({
      code: "ERR_GATE_CLOSED",
      details: {
        blockers: expect.arrayContaining([
          expect.objectContaining({ code: "still_kept_out", evidence: [row?.finding_id] }),
        ]),
      },
    });
  });

  it("is taken up again with fresh evidence once everybody is helped, and ends enforced", {
    timeout: 240_000,
  }, async () => {
    office.box.world.replacePhone(second);
    await office.until(rollout, ({ phases }) =>
      phases.some(({ phase, policy }) => phase === "phase_it" && policy === "enforced"),
    );
    expect(await state()).toBe("enabled");
    office.advance(24);
    const { structured } = await office.call("fetch_signin_logs", { rollout });
    expect(KeptOut.parse(structured.kept_out).filter(({ standing }) => standing === "open")).toEqual([]);
    const seen = KeptOut.parse(structured.kept_out).find(({ user_id }) => user_id === `usr_${second}`);
    expect(seen?.standing).toBe("recovered");
  });
});
