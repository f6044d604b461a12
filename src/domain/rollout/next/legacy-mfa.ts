import { BRIDGES, CLOSING_PHASE } from "../../model/ids.ts";
import { perUserMfa } from "../../pitfalls/per-user-mfa.ts";
import { securityDefaultsOn } from "../../pitfalls/security-defaults-on.ts";
import { bridgeDone, bridgeOpen } from "../bridging.ts";
import type { PlacedStep, RolloutView } from "../step-status.ts";
import { callFor, type Next } from "./answer.ts";
import { personNeeded } from "./decision.ts";

/**
 * Whether a step is work at this customer at all: one that replaces what asked for MFA before is, where the customer's file
 * says so and the last look at the tenant found something to replace.
 */
export function isCalledFor({ step, args, phase }: PlacedStep, { customer, state }: RolloutView): boolean {
  if (step.tool !== "apply_ca_policy" || (args.state !== "bridge" && args.state !== "retire")) return true;
  if (customer.replacesLegacyMfa !== true) return false;
  const found = (name: string): boolean =>
    state.tenantCheck?.pitfalls.some((pitfall) => pitfall.name === name) ?? false;
  if (args.state === "bridge") return found(securityDefaultsOn.name) && !bridgeDone(state);
  const hasServed = phase?.id === CLOSING_PHASE && state.bridges.get(BRIDGES.registered)?.state === "enforced";
  return hasServed || found(perUserMfa.name);
}

/** Between security defaults and what stands in for them the tenant is open, so that comes before anything else. */
export function unfinishedBridge(view: RolloutView): Next | null {
  const { state } = view;
  if (!bridgeOpen(state)) return null;
  const turning = state.effects.values().find(({ subject }) => subject.kind === "security_defaults");
  const plan = state.plans.values().find(({ digest }) => digest === turning?.plan);
  if (plan === undefined) return null;
  // A plan's key is the canonical JSON of its arguments.
  const args = JSON.parse(plan.argsKey) as Readonly<Record<string, string>>;
  const work = { tool: plan.tool, args };
  const why = "Security defaults are off and the policies that stand in for them are not all enforced. Go on at once.";
  return personNeeded(view, work) ?? callFor(state, { ...work, why });
}
