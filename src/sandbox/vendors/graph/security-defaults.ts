import type { Route, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import type { World } from "../../world/world.ts";
import { badRequest } from "./graph-error.ts";
import { graphTime } from "./graph-time.ts";
import { guarded } from "./guarded-route.ts";
import { readBody } from "./request-body.ts";
import type { Tenant } from "./tenant.ts";

const PATH = "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy";
/** Longest time for which Conditional Access still refuses by defaults that were turned off: some seconds in the field. */
const ENFORCEMENT_LAG_MS = 3_000;

/** Security defaults as they are, and as Conditional Access knows them some seconds later. */
export class SecurityDefaults {
  readonly history: { readonly at: string; readonly isEnabled: boolean }[] = [];
  readonly #world: World;
  #isEnabled: boolean;
  #knownFrom = 0;

  constructor(world: World, isEnabled: boolean) {
    this.#world = world;
    this.#isEnabled = isEnabled;
  }

  get isEnabled(): boolean {
    return this.#isEnabled;
  }

  /** Whether they bar a policy from being enabled right now. */
  get barPolicies(): boolean {
    return this.#isEnabled || this.#world.now() < this.#knownFrom;
  }

  /** As they were before anybody looked. */
  assume(isEnabled: boolean): void {
    this.#isEnabled = isEnabled;
  }

  set(isEnabled: boolean): void {
    const now = this.#world.now();
    if (this.#isEnabled && !isEnabled) {
      this.#knownFrom = now + this.#world.chance(`security defaults ${this.history.length}`) * ENFORCEMENT_LAG_MS;
    }
    this.#isEnabled = isEnabled;
    this.history.push({ at: graphTime(now), isEnabled });
  }
}

/** Security defaults: they bar enabled Conditional Access policies, and enabled policies bar them. */
export function securityDefaultsRoutes(tenant: Tenant): readonly Route[] {
  return [
    // learn.microsoft.com/graph/api/identitysecuritydefaultsenforcementpolicy-get
    {
      method: "GET",
      path: PATH,
      access: { app: [["Policy.Read.All"]] },
      handle: () => ({
        status: 200,
        body: {
          "@odata.context":
            "https://graph.microsoft.com/v1.0/$metadata#policies/identitySecurityDefaultsEnforcementPolicy/$entity",
          id: "00000000-0000-0000-0000-000000000005",
          displayName: "Security Defaults",
          description: "Security defaults is a set of basic identity security mechanisms recommended by Microsoft.",
          isEnabled: tenant.securityDefaults.isEnabled,
        },
      }),
    },
    // learn.microsoft.com/graph/api/identitysecuritydefaultsenforcementpolicy-update
    {
      method: "PATCH",
      path: PATH,
      access: { app: [["Policy.Read.All"], ["Policy.ReadWrite.SecurityDefaults"]] },
      handle: (request: VendorRequest) => update(tenant, request),
    },
  ].map((route) => guarded(tenant, route));
}

function update(tenant: Tenant, request: VendorRequest): VendorResponse {
  const isEnabled = readBody(request)?.isEnabled;
  if (typeof isEnabled !== "boolean") return badRequest("isEnabled must be a boolean.");
  if (isEnabled && tenant.policies.latest.some(({ state }) => state === "enabled")) {
    return badRequest("Security defaults cannot be enabled while a Conditional Access policy is enabled.");
  }
  tenant.securityDefaults.set(isEnabled);
  return { status: 204 };
}
