import type { Token } from "../../core/tokens.ts";
import type { Route, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import { graphError, noSuchObject } from "./graph-error.ts";
import { type Access, type GuardedRoute, guarded } from "./guarded-route.ts";
import { parseFilter } from "./odata-filter.ts";
import { answerPage } from "./odata-page.ts";
import { isMicrosoftManaged, type Policy } from "./policy.ts";
import { checkPolicy, refusal } from "./policy-rules.ts";
import { isObject, type Json, readBody } from "./request-body.ts";
import { select } from "./select.ts";
import type { Tenant } from "./tenant.ts";

const PATH = "/v1.0/identity/conditionalAccess/policies";
const NO_SCOPES = graphError(
  403,
  "AccessDenied",
  "You cannot perform the requested operation, required scopes are missing in the token.",
);
const NO_LICENSE = graphError(403, "AccessDenied", "Your tenant is not licensed for this feature.");

const READ: Access = { app: [["Policy.Read.All"]], refusal: NO_SCOPES };
const DELETE: Access = { app: [["Policy.Read.All"], ["Policy.ReadWrite.ConditionalAccess"]], refusal: NO_SCOPES };
const WRITE: Access = { app: [...DELETE.app, ["Application.Read.All"]], refusal: NO_SCOPES };

/** Conditional Access policies. */
export function policyRoutes(tenant: Tenant): readonly Route[] {
  type Answer = (policy: Policy, request: VendorRequest, caller: Token) => VendorResponse;
  const one = (answer: Answer, from: "visible" | "latest") =>
    paced(tenant, (request, { id = "" }, caller) => {
      const policy = tenant.policies[from].find((candidate) => candidate.id === id);
      return policy === undefined ? noSuchObject(id) : answer(policy, request, caller);
    });
  return [
    // learn.microsoft.com/graph/api/conditionalaccessroot-list-policies
    { method: "GET", path: PATH, access: READ, handle: paced(tenant, (request) => list(tenant, request)) },
    // learn.microsoft.com/graph/api/conditionalaccessroot-post-policies
    { method: "POST", path: PATH, access: WRITE, handle: paced(tenant, (request) => create(tenant, request)) },
    // learn.microsoft.com/graph/api/conditionalaccesspolicy-get
    {
      method: "GET",
      path: `${PATH}/:id`,
      access: READ,
      handle: one((policy) => ({ status: 200, body: asGraph(policy) }), "visible"),
    },
    // learn.microsoft.com/graph/api/conditionalaccesspolicy-update
    {
      method: "PATCH",
      path: `${PATH}/:id`,
      access: WRITE,
      handle: one((policy, request, { subject }) => update(tenant, policy, { request, by: subject }), "latest"),
    },
    // learn.microsoft.com/graph/api/conditionalaccesspolicy-delete
    {
      method: "DELETE",
      path: `${PATH}/:id`,
      access: DELETE,
      handle: one((policy) => {
        if (isMicrosoftManaged(policy)) return refusal("A Microsoft-managed policy cannot be deleted.");
        tenant.policies.delete(policy.id);
        return { status: 204 };
      }, "latest"),
    },
  ].map((route) => guarded(tenant, route));
}

/** One request a second for the whole tenant, and a 429 that does not say how long to wait. */
export function paced(tenant: Tenant, answer: GuardedRoute["handle"]): GuardedRoute["handle"] {
  return (request, parameters, caller) =>
    tenant.throttles.conditionalAccess.waitFor(tenant.box.world.now()) > 0
      ? graphError(429, "TooManyRequests", "Too many requests.")
      : answer(request, parameters, caller);
}

function list(tenant: Tenant, request: VendorRequest): VendorResponse {
  const text = request.url.searchParams.get("$filter");
  const filter = text === null ? null : parseFilter(text, { exactCase: true });
  if (text !== null && filter === null) return graphError(400, "BadRequest", "Invalid filter clause.");
  const policies = tenant.policies.visible.map(asGraph).filter((policy) => filter?.matches(policy) ?? true);
  const shape = (policy: Json): Json => select(policy, request.url);
  return answerPage(request, policies, { usual: 999, most: 999, world: tenant.box.world, key: null, shape });
}

function create(tenant: Tenant, request: VendorRequest): VendorResponse {
  if (!tenant.options.premium) return NO_LICENSE;
  const sent = readSent(request);
  if (sent === null) return refusal("1007: The request body is not an object.");
  const checked = checkPolicy(tenant, { sent, whole: sent, replaces: null });
  return "status" in checked ? checked : { status: 201, body: asGraph(tenant.policies.create(checked, sent)) };
}

function update(
  tenant: Tenant,
  policy: Policy,
  { request, by }: { readonly request: VendorRequest; readonly by: string },
): VendorResponse {
  const sent = readSent(request);
  if (sent === null) return refusal("1007: The request body is not an object.");
  const { id, templateId, createdDateTime, modifiedDateTime, ...current } = policy;
  if (isMicrosoftManaged(policy) && !changesOnlyStateOrExclusions(sent)) {
    return refusal("Only the state and the exclusions of a Microsoft-managed policy can be changed.");
  }
  const checked = checkPolicy(tenant, { sent, whole: merge(current, sent), replaces: policy });
  if ("status" in checked) return checked;
  tenant.policies.update({ ...checked, id, templateId, createdDateTime, modifiedDateTime }, sent, by);
  return { status: 204 };
}

function readSent(request: VendorRequest): Json | null {
  const body = readBody(request);
  if (body === null) return null;
  const { "@odata.type": _type, ...sent } = body;
  return sent;
}

/** Omitted properties keep their values. Each condition is replaced whole: a `users` that is sent is all of it. */
function merge(current: Json, sent: Json): Json {
  const { conditions } = current;
  const whole = { ...current, ...sent };
  if (!isObject(conditions) || !isObject(sent.conditions)) return whole;
  return { ...whole, conditions: { ...conditions, ...sent.conditions } };
}

function changesOnlyStateOrExclusions(sent: Json): boolean {
  const { state: _state, conditions, ...rest } = sent;
  if (Object.keys(rest).length > 0) return false;
  if (conditions === undefined) return true;
  if (!isObject(conditions) || Object.keys(conditions).some((name) => name !== "users")) return false;
  return isObject(conditions.users) && Object.keys(conditions.users).every((name) => name.startsWith("exclude"));
}

/** A policy as Graph returns it, annotations included: sending it back unchanged is refused. */
export function asGraph(policy: Policy): Json {
  const { conditions, grantControls, ...rest } = policy;
  const context = `https://graph.microsoft.com/v1.0/$metadata#identity/conditionalAccess/policies('${policy.id}')`;
  const strength = {
    "authenticationStrength@odata.context": `${context}/grantControls/authenticationStrength/$entity`,
  };
  return {
    ...rest,
    deletedDateTime: null,
    conditions: { ...conditions, users: conditions.users && usersAsGraph(conditions.users, context) },
    grantControls: grantControls && { ...grantControls, ...strength },
  };
}

type Users = NonNullable<Policy["conditions"]["users"]>;

function usersAsGraph(users: Users, context: string): Json {
  const annotate = (side: "include" | "exclude") => {
    const guests = users[`${side}GuestsOrExternalUsers`];
    if (guests?.externalTenants == null) return guests;
    const path = `${context}/conditions/users/${side}GuestsOrExternalUsers/externalTenants`;
    return { ...guests, externalTenants: { "@odata.context": path, ...guests.externalTenants } };
  };
  return {
    ...users,
    includeGuestsOrExternalUsers: annotate("include"),
    excludeGuestsOrExternalUsers: annotate("exclude"),
  };
}
