import { z } from "zod";
import { type EntraObjectId, entraObjectId } from "../domain/model/ids.ts";
import type { PerUserMfa } from "../domain/model/protection.ts";
import { perUserMfa as perUserMfaCheck } from "../domain/pitfalls/per-user-mfa.ts";
import type { RolloutState } from "../domain/rollout/state.ts";
import { StateError } from "../errors.ts";
import type { DocumentStore } from "../ports/rollout-store.ts";

const Facts = z.object({
  securityDefaultsEnabled: z.boolean(),
  perUserMfa: z.object({ enabled: z.array(z.string()), enforced: z.array(z.string()) }).optional(),
});

/** What the last look at the tenant found of security defaults and per-user MFA. @throws {StateError} nobody looked. */
export async function legacyMfaFacts(
  { tenantCheck }: RolloutState,
  documents: DocumentStore,
): Promise<{
  readonly defaultsOn: boolean;
  readonly perUserMfa: ReadonlyMap<EntraObjectId, PerUserMfa>;
  /** False: Entra did not say it of anybody, so that each account has to be asked. */
  readonly isTold: boolean;
}> {
  const facts = tenantCheck === null ? null : Facts.parse(JSON.parse(await documents.text(tenantCheck.facts)));
  if (facts?.perUserMfa === undefined) {
    throw new StateError("It is not known which accounts have per-user MFA.", { nextStep: "Call check_tenant first." });
  }
  const { enabled, enforced } = facts.perUserMfa;
  const inState = (ids: readonly string[], state: PerUserMfa) => ids.map((id) => [entraObjectId(id), state] as const);
  return {
    defaultsOn: facts.securityDefaultsEnabled,
    isTold: !tenantCheck?.pitfalls.some(({ name, seen }) => name === perUserMfaCheck.name && !seen),
    perUserMfa: new Map([...inState(enabled, "enabled"), ...inState(enforced, "enforced")]),
  };
}
