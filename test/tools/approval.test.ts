import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signApproval, type UnsignedApproval } from "../../src/approvals/sign-approval.ts";
import type { Sha256 } from "../../src/domain/model/ids.ts";
import type { Approval } from "../../src/domain/model/plan.ts";
import { catalog } from "../../src/server/catalog.ts";
import { type Harness, startHarness } from "../support/harness.ts";
import { raiseTickets } from "../support/tickets.ts";

/** So near that everybody who cannot use MFA is a holdout on the first day. */
const NEAR = "2026-10-19";

describe("without a signature", () => {
  it("no tool that reaches people or changes sign-in changes anything", async () => {
    await using office = await startHarness({ employees: 60 });
    const rollout = await office.reconciled(NEAR);
    await office.call("classify_exceptions", { rollout });
    const unsigned = async (tool: string, args: Readonly<Record<string, unknown>> = {}): Promise<string> => {
      const before = await office.held();
      const { structured } = await office.call(tool, { rollout, ...args });
      expect(structured, tool).toMatchObject({ status: "approval_required", changes_done: 0 });
      expect(structured.changes_total, tool).not.toBe(0);
      expect(await office.held(), tool).toBe(before);
      return tool;
    };
    const asked = [await unsigned("request_signoff"), await unsigned("sync_psa_project")];
    await office.approvePending();
    await office.call("sync_psa_project", { rollout });
    await office.signOff(rollout);
    await office.call("draft_ca_policy", { rollout, phase: "phase_it" });
    raiseTickets(office.box.world);
    const bare = office.box.world.accounts
      .values()
      .find(
        ({ methodsRegistered, userPurpose, employeeId, roles, accountEnabled }) =>
          accountEnabled &&
          userPurpose === "user" &&
          employeeId !== null &&
          methodsRegistered.length + roles.length === 0,
      );
    office.advance(20);
    asked.push(
      await unsigned("send_phase_email", { phase: "phase_it", kind: "announcement" }),
      await unsigned("apply_ca_policy", { phase: "phase_it", state: "report_only" }),
      await unsigned("open_helpdesk_channel"),
      await unsigned("answer_mfa_tickets"),
      await unsigned("update_dashboard", { phase: "phase_it" }),
      await unsigned("chase_non_enrollees"),
      await unsigned("issue_access_pass", { user: `usr_${bare?.id}` }),
    );
    const acting = catalog
      .filter(({ approval }) => approval === "contact" || approval === "enforce")
      .map(({ name }) => name);
    expect(asked.sort()).toEqual(acting.sort());
  });

  it("no argument stands for one", async () => {
    await using office = await startHarness({ employees: 60 });
    const rollout = await office.start();
    const asked = await office.call("sync_psa_project", { rollout });
    for (const word of ["approve", "approved", "confirm", "force", "signature", "plan_id"]) {
      const { structured } = await office.call("sync_psa_project", {
        rollout,
        [word]: word === "plan_id" ? asked.structured.plan_id : true,
      });
      expect(structured, word).toMatchObject({ code: "ERR_INPUT" });
    }
    expect((await office.dump()).connectwise.projects).toEqual([]);
  });
});

describe("a signature", () => {
  let office: Harness;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness({ employees: 60 });
    rollout = await office.untilExceptionsSigned();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const announce = () => office.call("send_phase_email", { rollout, phase: "phase_it", kind: "announcement" });
  const sent = async () => (await office.dump()).gmail.sent.length;
  let editions = 0;
  /** Proposes an announcement that nobody has seen before, and gives the digest that would have to be signed. */
  const newPlan = async (): Promise<Sha256> => {
    editions += 1;
    await office.editCustomer((file) => {
      file.guide_url = `https://help.larkfieldfoods.com/mfa/${editions}`;
    });
    await announce();
    const [plan] = (await office.pending()).filter(({ tool }) => tool === "send_phase_email");
    if (plan === undefined) throw new TypeError("no plan of the mail waits");
    return plan.digest;
  };
  /** Writes what whoever has the data directory could write: a line of the right chain. */
  const plant = async (approval: Approval): Promise<void> => {
    const ledger = await office.office.parts.store.open(rollout);
    await ledger.append({ type: "approval_signed", data: { approval } });
  };
  const unsigned = async (digest: Sha256, more: Partial<UnsignedApproval> = {}): Promise<UnsignedApproval> => ({
    kind: "plan",
    rollout,
    digest,
    approver: office.approver,
    at: await office.office.parts.clock.now(),
    terms: null,
    note: "",
    ...more,
  });
  const refused = async (): Promise<void> => {
    expect((await announce()).structured).toMatchObject({ status: "approval_required", changes_done: 0 });
    expect(await sent()).toBe(0);
  };

  it("by another key than the approver's is refused", async () => {
    const { privateKey } = generateKeyPairSync("ed25519");
    await plant(signApproval(await unsigned(await newPlan()), privateKey));
    await refused();
  });

  it("under another plan is refused, moved to this one or left where it was", async () => {
    const [earlier, digest] = [await newPlan(), await newPlan()];
    const real = signApproval(await unsigned(earlier), office.key);
    await plant(real);
    await refused();
    await plant({ ...real, digest });
    await refused();
  });

  it("for another rollout is refused", async () => {
    await plant(signApproval(await unsigned(await newPlan(), { rollout: "rol_other_202610_abcd" }), office.key));
    await refused();
  });

  it("by somebody who is no approver of this customer is refused", async () => {
    const { privateKey } = generateKeyPairSync("ed25519");
    await plant(signApproval(await unsigned(await newPlan(), { approver: "mallory" }), privateKey));
    await refused();
  });

  it("under a sign-off is no approval", async () => {
    await plant(signApproval(await unsigned(await newPlan(), { kind: "signoff" }), office.key));
    await refused();
  });

  it("does not hold for a plan that has changed since", async () => {
    const before = await newPlan();
    await office.approvePending();
    expect(await newPlan()).not.toBe(before);
    await refused();
  });

  it("lets exactly the plan happen that was signed, once", async () => {
    await newPlan();
    await office.approvePending();
    expect((await announce()).structured).toMatchObject({ status: "done", changes_done: 3 });
    expect((await announce()).structured).toMatchObject({ status: "nothing_to_do" });
    expect(await sent()).toBe(3);
  });
});

describe("a standing approval", () => {
  const phases = ["phase_it", "phase_finance", "phase_operations"] as const;

  it("ends with its count", async () => {
    await using office = await startHarness({ employees: 60 });
    const rollout = await office.untilExceptionsSigned();
    const update = async (phase: string) =>
      (await office.call("update_dashboard", { rollout, phase })).structured.status;
    await update(phases[0]);
    await office.approvePending({ max: 2, until: "2026-12-31" });
    expect([await update(phases[0]), await update(phases[1]), await update(phases[2])]).toEqual([
      "done",
      "done",
      "approval_required",
    ]);
  });

  it("ends with its last day", async () => {
    await using office = await startHarness({ employees: 60 });
    const rollout = await office.untilExceptionsSigned();
    const update = async (phase: string) =>
      (await office.call("update_dashboard", { rollout, phase })).structured.status;
    await update(phases[0]);
    await office.approvePending({ max: 9, until: "2026-10-05" });
    expect(await update(phases[0])).toBe("done");
    office.advance(24);
    expect(await update(phases[1])).toBe("approval_required");
  });

  it("covers no other tool", async () => {
    await using office = await startHarness({ employees: 60 });
    const rollout = await office.untilExceptionsSigned();
    await office.call("update_dashboard", { rollout, phase: "phase_it" });
    await office.approvePending({ max: 9, until: "2026-12-31" });
    expect((await office.call("sync_psa_project", { rollout })).structured.status).toBe("approval_required");
  });

  it("cannot be given for mail or for policies", async () => {
    await using office = await startHarness({ employees: 60 });
    const rollout = await office.untilExceptionsSigned();
    await office.call("send_phase_email", { rollout, phase: "phase_it", kind: "announcement" });
    await expect(office.approvePending({ max: 9, until: "2026-12-31" })).rejects.toThrow(
      "always signed one plan at a time",
    );
  });
});
