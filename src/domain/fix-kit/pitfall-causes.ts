import { CLOSING_PHASE } from "../model/ids.ts";
import { dateIn } from "../model/time.ts";
import { PITFALL_CHECKS } from "../pitfalls/check-tenant.ts";
import type { Pitfall } from "../pitfalls/pitfall.ts";
import type { RolloutView } from "../rollout/step-status.ts";
import type { Cause } from "./cause.ts";
import { guideToPitfall } from "./guides.ts";

/** Their sign-ins and their people have tickets of their own, by device, program and phase. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set(["mail_device", "stored_password", "not_enrolled"]);

export const pitfallFix = (name: string): string => `tenant_${name}`;

/** What the last look at the tenant shows to be mended: one cause a check, whatever its evidence. */
export function pitfallCauses({ state }: RolloutView): readonly Cause[] {
  const check = state.tenantCheck;
  if (check === null) return [];
  const found = new Map(check.pitfalls.map((pitfall) => [pitfall.name, pitfall]));
  const day = dateIn(state.timeZone, check.at);
  return PITFALL_CHECKS.filter(({ name }) => !TOLD_ELSEWHERE.has(name)).map(({ name }): Cause => {
    const id = pitfallFix(name);
    const pitfall = found.get(name);
    if (pitfall === undefined)
      return { id, standing: "gone", why: `The look at the tenant of ${day} finds nothing of this.` };
    if (!pitfall.seen) return { id, standing: "waiting" };
    if (state.acceptedPitfalls.has(pitfall.id)) {
      return { id, standing: "gone", why: "A person accepted it with resolve_finding, so nothing is left to mend." };
    }
    return { id, standing: "open", fault: faultOf(pitfall) };
  });
}

const faultOf = (pitfall: Pitfall) => ({
  summary: `Tenant: ${pitfall.name.replaceAll("_", " ")}`,
  found: pitfall.message,
  guide: guideToPitfall(pitfall),
  mender: pitfall.mender,
  accounts: pitfall.evidence,
  manager: null,
  fullList: pitfall.count > pitfall.evidence.length ? "check_tenant" : null,
  phases: pitfall.holds.length > 0 ? pitfall.holds : [CLOSING_PHASE],
});
