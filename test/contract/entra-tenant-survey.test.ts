import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EntraTenantSurvey } from "../../src/connectors/entra/entra-tenant-survey.ts";
import { entraObjectId } from "../../src/domain/model/ids.ts";
import { instant } from "../../src/domain/model/time.ts";
import { ConnectorContractError, ConnectorPermissionError, ConnectorUnavailableError } from "../../src/errors.ts";
import { startEntra } from "../support/entra.ts";

const SINCE = instant("2026-10-02T13:00:00Z");
const NOBODY = entraObjectId("00000000-0000-4000-8000-000000000099");

describe("EntraTenantSurvey against the simulated Graph", () => {
  let entra: Awaited<ReturnType<typeof startEntra>>;
  beforeAll(async () => {
    entra = await startEntra();
  });
  afterAll(() => entra.box[Symbol.asyncDispose]());

  const survey = (groups: readonly ReturnType<typeof entraObjectId>[] = []) =>
    new EntraTenantSurvey({
      ...entra.options,
      clientId: entra.box.secrets.entra.clientId,
    }).survey({ groups, accounts: [], since: SINCE, signal: AbortSignal.timeout(60_000) });

  it("reads policies, groups, methods, roles, licences and settings in our words", async () => {
    const read = await survey([NOBODY]);
    expect(read.policies.map(({ state, microsoftManaged }) => [state, microsoftManaged])).toEqual([
      ["report_only", true],
      ["report_only", false],
    ]);
    expect(read.groups.get(NOBODY)).toBeNull();
    expect([...read.groups.values()]).toContainEqual({ dynamic: false, nested: false });
    expect(read).toMatchObject({
      securityDefaultsEnabled: false,
      guestMfaTrusted: true,
      intuneEnrolmentAppExists: true,
    });
    expect(read.methodsAllowed).toContain("TemporaryAccessPass");
    expect(read.globalAdministrators.size).toBe(3);
    expect(read.accounts.size).toBe(entra.box.world.accounts.size);
    expect(new Set([...read.accounts.values()].map(({ perUserMfa }) => perUserMfa))).toEqual(new Set(["disabled"]));
    expect([...read.accounts.values()].filter(({ frontline }) => frontline).length).toBeGreaterThan(0);
  });

  it("says that per-user MFA is not known where Graph refuses to list it", async () => {
    await entra.box.fail({ vendor: "graph", path: "/v1.0/users", kind: "status", status: 400, times: 1 });
    const { accounts } = await survey();
    expect(accounts.size).toBeGreaterThan(200);
    expect(new Set([...accounts.values()].map(({ perUserMfa }) => perUserMfa))).toEqual(new Set([null]));
  });

  it.each([
    ["a refusal", { kind: "status", status: 403, times: 9 }, ConnectorPermissionError],
    ["a truncated answer", { kind: "truncated", times: 9 }, ConnectorUnavailableError],
    ["a web page", { kind: "html", times: 9 }, ConnectorContractError],
  ] as const)("turns %s into an error and never into an empty answer", { timeout: 60_000 }, async (_, fault, error) => {
    await entra.box.fail({ vendor: "graph", path: "/policies/authenticationMethodsPolicy$", ...fault });
    await expect(survey()).rejects.toThrow(error);
    await fetch(new URL("/faults", entra.box.sandbox.controlUrl), { method: "DELETE" });
  });
});
