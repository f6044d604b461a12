import type { Luck } from "../../src/sandbox/world/luck.ts";
import { profileOf } from "../../src/sandbox/world/profiles/profiles.ts";
import type { Account, SignInJudge, World } from "../../src/sandbox/world/world.ts";

/** A world in which nothing happens by itself: a random tenant's, whose people do only what the harness has them do. */
export function stillWorld(
  luck: Luck,
  { seed, startsAt }: { readonly seed: number; readonly startsAt: string },
): World {
  let now = Date.parse(startsAt);
  const tenantDomain = "random.onmicrosoft.com";
  const judge: SignInJudge = () => ({ errorCode: 0, conditionalAccessStatus: "notApplied", appliedPolicies: [] });
  return {
    settings: { company: "random", seed, employees: 0, startsAt },
    profile: profileOf("larkfield"),
    tenantId: luck.guid("tenant"),
    tenantDomain,
    mailDomain: tenantDomain,
    timeZone: "UTC",
    employees: new Map(),
    timeOff: [],
    accounts: new Map<string, Account>(),
    signIns: [],
    judge,
    now: () => now,
    moveTo: (ms) => {
      now = ms;
    },
    schedule: () => {},
    chance: (key) => luck.chance(key),
    guid: (key) => luck.guid(key),
    deliver: () => {},
    onTicket: () => {},
    enrolWithPass: () => {},
    retireLegacyClient: () => {},
    losePhone: () => {},
    replacePhone: () => {},
    hasLostPhone: () => false,
    dump: () => ({}),
  };
}
