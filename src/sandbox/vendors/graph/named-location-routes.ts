import type { Route, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import { badRequest } from "./graph-error.ts";
import { graphTime } from "./graph-time.ts";
import { guarded } from "./guarded-route.ts";
import { NamedLocationBody } from "./named-locations.ts";
import { answerPage } from "./odata-page.ts";
import { paced } from "./policies.ts";
import { readBody } from "./request-body.ts";
import type { Tenant } from "./tenant.ts";

/** Places that policies may name. They keep the pace of Conditional Access. */
export function namedLocationRoutes(tenant: Tenant): readonly Route[] {
  const path = "/v1.0/identity/conditionalAccess/namedLocations";
  return [
    // learn.microsoft.com/graph/api/conditionalaccessroot-list-namedlocations
    {
      method: "GET",
      path,
      access: { app: [["Policy.Read.All"]] },
      handle: paced(tenant, (request) => list(tenant, request)),
    },
    // learn.microsoft.com/graph/api/conditionalaccessroot-post-namedlocations
    {
      method: "POST",
      path,
      access: { app: [["Policy.Read.All"], ["Policy.ReadWrite.ConditionalAccess"]] },
      handle: paced(tenant, (request) => create(tenant, request)),
    },
  ].map((route) => guarded(tenant, route));
}

function list({ namedLocations, box }: Tenant, request: VendorRequest): VendorResponse {
  const shape = (location: object) => ({ ...location });
  return answerPage(request, [...namedLocations.values()], {
    usual: 100,
    most: 999,
    world: box.world,
    key: null,
    shape,
  });
}

function create({ namedLocations, box: { world } }: Tenant, request: VendorRequest): VendorResponse {
  const sent = NamedLocationBody.safeParse(readBody(request));
  if (!sent.success) return badRequest("The named location is not valid.");
  const id = world.guid(`named location ${namedLocations.size}`);
  const location = { ...sent.data, id, createdDateTime: graphTime(world.now()) };
  namedLocations.set(id, location);
  return { status: 201, body: location };
}
