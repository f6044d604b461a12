import type { EntraObjectId, PhaseId } from "../../domain/model/ids.ts";
import type { LegacyMfaPort } from "../../ports/legacy-mfa.ts";
import type { Effect } from "../../ports/rollout-store.ts";
import { GUARANTEES } from "./guarantees.ts";
import { onceShown } from "./not-shown-yet.ts";

/** Turns security defaults off, once for ever. */
export function securityDefaultsOffEffect(rollout: string, legacy: LegacyMfaPort): Effect {
  return {
    key: `${rollout}/security-defaults/off`,
    subject: { kind: "security_defaults", on: false },
    lagMs: GUARANTEES.security_defaults.lagMs,
    async find({ signal }) {
      return (await legacy.areSecurityDefaultsOn({ signal })) ? { state: "absent" } : { state: "done", outcome: {} };
    },
    async perform({ signal }) {
      await legacy.turnOffSecurityDefaults({ signal });
      return {};
    },
  };
}

/**
 * Turns per-user MFA off for exactly these accounts. Repeatable: after a lost answer it looks and does what is left.
 * @throws {ConnectorLagError} accepted but not seen within some looks; calling again looks again.
 */
export function perUserMfaOffEffect(
  plan: {
    readonly rollout: string;
    readonly phase: PhaseId;
    readonly accounts: readonly EntraObjectId[];
    /** Counts the times that this was done for the phase. */
    readonly round: number;
  },
  legacy: LegacyMfaPort,
): Effect {
  const { rollout, phase, accounts, round } = plan;
  const stillOn = async (signal: AbortSignal): Promise<readonly EntraObjectId[]> =>
    [...(await legacy.perUserMfa(accounts, { signal }))].flatMap(([id, state]) => (state === "disabled" ? [] : [id]));

  return {
    key: `${rollout}/per-user-mfa/${phase}/${round}`,
    subject: { kind: "per_user_mfa", phase, accounts: accounts.length },
    lagMs: GUARANTEES.per_user_mfa.lagMs,
    async find({ signal }) {
      const on = await stillOn(signal);
      return on.length === 0 ? { state: "done", outcome: { accounts: accounts.length } } : { state: "absent" };
    },
    async perform({ signal }) {
      await legacy.endPerUserMfa(await stillOn(signal), { signal });
      return onceShown("Entra took the end of per-user MFA", async () =>
        (await stillOn(signal)).length === 0 ? { accounts: accounts.length } : null,
      );
    },
  };
}
