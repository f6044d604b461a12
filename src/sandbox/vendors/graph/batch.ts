import { Router } from "../../core/router.ts";
import type { Route, Vendor, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import { badRequest, graphError, tooManyRequests } from "./graph-error.ts";
import { callerOf } from "./guarded-route.ts";
import { isObject, type Json, readBody } from "./request-body.ts";
import type { Tenant } from "./tenant.ts";

const MOST_ITEMS = 20;
/** How often Exchange turns one mailbox item of a batch away. */
const MAILBOX_BUSY_SHARE = 0.04;

/**
 * Many requests in one. The outer answer is 200 whatever becomes of the items, and the items come in no order.
 *
 * @param options.vendor - Whose routes the items go to, read when the first batch comes.
 * @see learn.microsoft.com/graph/json-batching
 */
export function batchRoutes(tenant: Tenant, options: { readonly vendor: () => Vendor }): readonly Route[] {
  let batches = 0;
  const handle =
    (version: "v1.0" | "beta") =>
    async (request: VendorRequest): Promise<VendorResponse> => {
      const caller = callerOf(tenant, request);
      if (typeof caller === "string")
        return graphError(401, "InvalidAuthenticationToken", "Access token validation failure.");
      const items = readItems(readBody(request)?.requests);
      if (typeof items === "string") return badRequest(items);
      batches += 1;
      const dispatch = dispatcher(tenant, { request, version, vendor: options.vendor(), batch: batches });
      const statuses = new Map<string, number>();
      const responses: Json[] = [];
      for (const item of items) {
        const isReady = item.dependsOn.every((id) => (statuses.get(id) ?? 500) < 400);
        const answer = isReady
          ? await dispatch(item)
          : graphError(424, "FailedDependency", "A request it depends on failed.");
        statuses.set(item.id, answer.status);
        const { status, headers = {}, body } = answer;
        responses.push({
          id: item.id,
          status,
          headers: { "Content-Type": "application/json", ...headers },
          ...(body === undefined ? {} : { body }),
        });
      }
      return {
        status: 200,
        body: { responses: shuffled(responses, (id) => tenant.box.world.chance(`batch ${batches} ${id}`)) },
      };
    };
  return (["v1.0", "beta"] as const).map((version) => ({
    method: "POST",
    path: `/${version}/$batch`,
    handle: handle(version),
  }));
}

interface Item {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json | null;
  readonly dependsOn: readonly string[];
}

function readItems(requests: unknown): readonly Item[] | string {
  if (!Array.isArray(requests) || requests.length === 0) return "The batch has no requests.";
  if (requests.length > MOST_ITEMS) return `Number of batch request steps exceeds the maximum value of ${MOST_ITEMS}.`;
  const items: Item[] = [];
  for (const request of requests) {
    const item = isObject(request) ? readItem(request) : "Invalid batch request step.";
    if (typeof item === "string") return item;
    if (items.some(({ id }) => id.toLowerCase() === item.id.toLowerCase())) return "Ids of a batch must be unique.";
    items.push(item);
  }
  return items;
}

function readItem({ id, method, url, headers, body, dependsOn = [] }: Json): Item | string {
  if (typeof id !== "string" || typeof method !== "string" || typeof url !== "string")
    return "id, method and url are needed.";
  if (!url.startsWith("/")) return `Invalid batch payload format: the url of '${id}' must be relative.`;
  const entries = Object.entries(isObject(headers) ? headers : {});
  const lower = Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
  const hasBody = isObject(body);
  if (hasBody && !lower["content-type"]?.includes("application/json")) {
    return `Request '${id}' has a body and no Content-Type header of its own.`;
  }
  return {
    id,
    method,
    url,
    headers: lower,
    body: hasBody ? body : null,
    dependsOn: Array.isArray(dependsOn) ? dependsOn.map(String) : [],
  };
}

/** Sends an item to the route it names. A header is the item's own or nobody's; the token alone is the batch's. */
function dispatcher(
  { box: { world } }: Tenant,
  batch: { request: VendorRequest; version: string; vendor: Vendor; batch: number },
): (item: Item) => Promise<VendorResponse> {
  const router = new Router([batch.vendor]);
  return async (item) => {
    const url = new URL(`${batch.request.url.origin}/${batch.version}${item.url}`);
    const request = {
      method: item.method.toUpperCase(),
      url,
      headers: { ...item.headers, authorization: batch.request.headers.authorization ?? "" },
      body: Buffer.from(item.body === null ? "" : JSON.stringify(item.body)),
    };
    if (url.pathname.endsWith("/$batch")) return badRequest("A batch cannot hold a batch.");
    const isMailbox = /\/mailboxSettings/i.test(url.pathname);
    if (isMailbox && world.chance(`mailbox busy ${batch.batch} ${item.id}`) < MAILBOX_BUSY_SHARE) {
      return {
        ...tooManyRequests(1),
        body: graphError(429, "ApplicationThrottled", "Application is over its MailboxConcurrency limit.").body,
      };
    }
    const match = router.routeFor(batch.vendor, request);
    return match === undefined ? batch.vendor.notFound(request) : match.route.handle(request, match.parameters);
  };
}

const shuffled = (responses: readonly Json[], luck: (id: string) => number): readonly Json[] =>
  responses.toSorted((a, b) => luck(String(a.id)) - luck(String(b.id)));
