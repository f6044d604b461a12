import { describe, expect, it } from "vitest";
import { z } from "zod";
import { EntraLegacyMfa } from "../../src/connectors/entra/entra-legacy-mfa.ts";
import { entraObjectId } from "../../src/domain/model/ids.ts";
import { graphWith } from "../../src/sandbox/vendors/graph/graph.ts";
import { LEAST_PRIVILEGE, LEGACY_MFA } from "../../src/sandbox/vendors/graph/permissions.ts";
import { startEntra } from "../support/entra.ts";
import { describeLegacyMfaPort, type LegacyMfaSubject } from "./legacy-mfa.contract.ts";

const WITH_BOTH = [...LEAST_PRIVILEGE, ...LEGACY_MFA];
const Held = z.object({ entra: z.object({ securityDefaultsEnabled: z.boolean() }) });
/** Graph takes 20 in one batch. */
const MORE_THAN_A_BATCH = 25;

async function startEntraLegacyMfa(permissions: readonly string[] = WITH_BOTH): Promise<LegacyMfaSubject> {
  const { box, options, failRead, failWrite } = await startEntra(graphWith({ securityDefaults: true, permissions }));
  const accounts = [...box.world.accounts.values()].filter(({ userType }) => userType === "Member");
  const [one, ...others] = accounts;
  const some = others.slice(0, MORE_THAN_A_BATCH);
  if (one === undefined) throw new Error("the company has accounts");
  one.perUserMfa = "enabled";
  for (const account of some) account.perUserMfa = "enforced";
  return {
    legacyMfa: new EntraLegacyMfa(options),
    enforced: some.map(({ id }) => entraObjectId(id)),
    enabled: entraObjectId(one.id),
    failRead,
    failWrite,
    revokeTokens: box.revokeTokens,
    truth: {
      securityDefaults: async () => Held.parse(await box.dump()).entra.securityDefaultsEnabled,
      perUserMfa: (id) => box.world.accounts.get(id)?.perUserMfa,
    },
    [Symbol.asyncDispose]: box[Symbol.asyncDispose],
  };
}

describeLegacyMfaPort(() => startEntraLegacyMfa());

const signal = new AbortController().signal;

describe("EntraLegacyMfa", () => {
  it("names the right that each change needs and the app lacks", async () => {
    await using subject = await startEntraLegacyMfa(LEAST_PRIVILEGE);
    const { legacyMfa, enforced } = subject;
    await expect(legacyMfa.turnOffSecurityDefaults({ signal })).rejects.toMatchObject({
      code: "ERR_CONNECTOR_PERMISSION",
      message: expect.stringContaining("Policy.ReadWrite.SecurityDefaults"),
    });
    await expect(legacyMfa.endPerUserMfa(enforced, { signal })).rejects.toMatchObject({
      code: "ERR_CONNECTOR_PERMISSION",
      message: expect.stringContaining("Policy.ReadWrite.AuthenticationMethod"),
    });
    expect(enforced.map(subject.truth.perUserMfa)).toEqual(enforced.map(() => "enforced"));
  });
});
