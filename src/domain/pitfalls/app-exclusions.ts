import type { PitfallCheck } from "./pitfall.ts";
import { asksForMfa, coversEverything, isEnforced, othersOf } from "./policies.ts";

/**
 * A policy for all resources with exclusions now also covers the basic rights that excluded applications use.
 *
 * @see https://learn.microsoft.com/entra/identity/conditional-access/concept-enforcement-resource-exclusions
 */
export const appExclusions: PitfallCheck = {
  name: "app_exclusions",
  severity: "weakens",
  mender: "customer_admin",
  acceptable: true,
  heldBy: null,
  remedy:
    "Look through the excluded applications (Visual Studio Code, Azure CLI, custom ones): some are asked for MFA since June 2026, the others stay an answer to the insurer.",
  look(facts) {
    const holed = othersOf(facts).filter(
      (policy) =>
        isEnforced(policy) && asksForMfa(policy) && coversEverything(policy) && policy.apps.exclude.length > 0,
    );
    if (holed.length === 0) return null;
    return {
      message: `Enforced MFA policies for all applications that leave applications out: ${holed.length}.`,
      evidence: holed.flatMap(({ id, apps }) => apps.exclude.map((app) => `${id} leaves out ${app}`)),
      affects: "everyone",
    };
  },
};
