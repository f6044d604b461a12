import type { Route, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import { graphError } from "./graph-error.ts";
import { isObject, readBody } from "./request-body.ts";
import type { Tenant } from "./tenant.ts";

/** Host of the flow "Post to a channel when a webhook request is received". */
export const WORKFLOW_HOST = "prod-00.westus.logic.azure.com";
const LARGEST_BODY = 28 * 1024;
/** An accepted request is no post yet: the flow runs later. */
const FLOW_STARTS_AFTER_MS = 20_000;

/**
 * The successor of Teams' incoming webhooks. It answers before it posts, and reads nothing back. The flow posts to the
 * team's first channel, which was chosen when it was made.
 *
 * @see support.microsoft.com, "Create incoming webhooks with Workflows for Microsoft Teams"
 */
export function workflowRoutes(tenant: Tenant): readonly Route[] {
  return [
    {
      method: "POST",
      path: "/workflows/:flow/triggers/manual/paths/invoke",
      handle: (request) => invoke(tenant, request),
    },
  ];
}

function invoke({ box: { world }, teams }: Tenant, request: VendorRequest): VendorResponse {
  if (request.url.hostname !== WORKFLOW_HOST) return graphError(400, "BadRequest", "Resource not found.");
  // The signature in the address is the only credential.
  if (!request.url.searchParams.get("sig")) {
    return graphError(401, "DirectApiAuthorizationRequired", "The request must be authenticated with a signature.");
  }
  if (request.body.length > LARGEST_BODY) return graphError(413, "RequestEntityTooLarge", "The body is too large.");
  const { type, attachments } = readBody(request) ?? {};
  const areCards =
    Array.isArray(attachments) &&
    attachments.length > 0 &&
    attachments.every((one) => isObject(one) && one.contentType === "application/vnd.microsoft.card.adaptive");
  if (type !== "message" || !areCards) {
    return graphError(400, "TriggerInputSchemaMismatch", "The input body does not match the trigger's schema.");
  }
  world.schedule(world.now() + FLOW_STARTS_AFTER_MS, () => {
    const [channel] = teams.channels;
    const from = { application: { displayName: "Workflows" }, device: null, user: null };
    const body = { contentType: "html", content: '<attachment id="card"></attachment>' };
    if (channel !== undefined) teams.addMessage(channel, { from, body, attachments });
  });
  return { status: 202 };
}
