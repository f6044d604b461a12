import { describe, expect, it } from "vitest";
import { EntraSignInLog } from "../../src/connectors/entra/entra-sign-in-log.ts";
import { GraphSignIn } from "../../src/connectors/entra/sign-in-schema.ts";
import { instant } from "../../src/domain/model/time.ts";
import type { VendorFactory } from "../../src/sandbox/core/vendor.ts";
import { graphWith } from "../../src/sandbox/vendors/graph/graph.ts";
import { startEntra } from "../support/entra.ts";
import { describeSignInLogPort, type SignInLogSubject } from "./sign-in-log.contract.ts";

const HOUR_MS = 3_600_000;

async function startEntraSignInLog(vendor?: VendorFactory): Promise<SignInLogSubject> {
  const { box, options, failRead } = await startEntra(vendor);
  const from = box.world.now();
  box.world.moveTo(from + 26 * HOUR_MS);
  const span = { from: instant(from), to: instant(from + 25 * HOUR_MS) };
  const rows = box.world.signIns.filter(({ at }) => Date.parse(at) >= from && Date.parse(at) < from + 25 * HOUR_MS);
  return {
    signInLog: new EntraSignInLog(options),
    span,
    interactive: rows.filter(({ interactive }) => interactive).map(({ id }) => id),
    nonInteractive: rows.filter(({ interactive }) => !interactive).map(({ id }) => id),
    failRead: (kind) => failRead(kind, "auditLogs"),
    revokeTokens: box.revokeTokens,
    [Symbol.asyncDispose]: box[Symbol.asyncDispose],
  };
}

describeSignInLogPort(() => startEntraSignInLog());

describe("EntraSignInLog", () => {
  const signal = new AbortController().signal;

  it("refuses a log in which Graph hides the policy results", async () => {
    await using subject = await startEntraSignInLog(graphWith({ permissions: ["AuditLog.Read.All"] }));
    const list = Array.fromAsync(subject.signInLog.listSignIns({ ...subject.span, signal }));
    await expect(list).rejects.toMatchObject({
      code: "ERR_CONNECTOR_PERMISSION",
      details: { permission: "Policy.Read.All" },
    });
  });

  it("shows the protocol of non-interactive sign-ins, by which ROPC is found", async () => {
    await using subject = await startEntraSignInLog();
    const rows = await Array.fromAsync(subject.signInLog.listSignIns({ ...subject.span, signal }));
    expect(rows.some(({ protocol, interactive }) => protocol === "ropc" && !interactive)).toBe(true);
    expect(rows.every(({ protocol, interactive }) => !interactive || protocol === null)).toBe(true);
  });

  it("leaves out the end of the span, so that adjoining spans share no sign-in", async () => {
    await using subject = await startEntraSignInLog();
    const { from, to } = subject.span;
    const list = (span: SignInLogSubject["span"]) =>
      Array.fromAsync(subject.signInLog.listSignIns({ ...span, signal }));
    const all = await list({ from, to });
    const cut = all[Math.floor(all.length / 2)]?.at ?? from;
    const parts = [...(await list({ from, to: cut })), ...(await list({ from: cut, to }))];
    expect(parts.map(({ id }) => id).sort()).toEqual(all.map(({ id }) => id).sort());
  });

  const policy = { id: "p1", state: "enabled", createdDateTime: "2026-01-01T00:00:00Z" };
  const row = {
    id: "s1",
    createdDateTime: "2026-10-05T20:00:00Z",
    userId: "u1",
    userPrincipalName: "ada@larkfieldfoods.com",
    status: { errorCode: 0 },
  };

  /** Graph with these policies and these interactive sign-ins, and nothing else. */
  const scripted =
    (held: object, ...shown: readonly object[]): VendorFactory =>
    (box) => ({
      ...graphWith({})(box),
      routes: [
        { path: "/:version/identity/conditionalAccess/policies", value: [held] },
        { path: "/v1.0/auditLogs/signIns", value: shown },
        { path: "/beta/auditLogs/signIns", value: [] },
      ].map(({ path, value }) => ({ method: "GET", path, handle: () => ({ status: 200, body: { value } }) })),
    });

  it.each([
    ["no result although a policy has been in force for long", policy, "ERR_CONNECTOR_PERMISSION"],
    ["no result because no policy is active", { ...policy, state: "disabled" }, null],
    ["no result because the policy is hours old", { ...policy, modifiedDateTime: "2026-10-05T09:00:00Z" }, null],
  ])("judges a log that shows %s", async (_name, held, code) => {
    await using subject = await startEntraSignInLog(scripted(held, row));
    const list = Array.fromAsync(subject.signInLog.listSignIns({ ...subject.span, signal }));
    const outcome = list.then(
      () => null,
      (error) => error.code,
    );
    expect(await outcome).toBe(code);
  });

  it("yields a sign-in once that the log serves twice", async () => {
    await using subject = await startEntraSignInLog(scripted({ ...policy, state: "disabled" }, row, row));
    const rows = await Array.fromAsync(subject.signInLog.listSignIns({ ...subject.span, signal }));
    expect(rows.map(({ id }) => id)).toEqual(["s1"]);
  });

  it("refuses results that Graph writes as unknown", () => {
    const applied = (result: string) => ({ ...row, appliedConditionalAccessPolicies: [{ id: "p1", result }] });
    expect(GraphSignIn.safeParse(applied("reportOnlyInterrupted")).success).toBe(true);
    expect(GraphSignIn.safeParse(applied("unknownFutureValue")).success).toBe(false);
  });
});
