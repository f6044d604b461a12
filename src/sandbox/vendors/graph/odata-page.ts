import type { VendorRequest, VendorResponse } from "../../core/vendor.ts";
import type { World } from "../../world/world.ts";
import { badRequest, graphError } from "./graph-error.ts";
import type { Json } from "./request-body.ts";

/** How often a page comes empty although more follow. */
const EMPTY_PAGE_SHARE = 0.2;

interface Position {
  readonly from: number;
  /** The empty page at this position has been served already. */
  readonly emptied: boolean;
}

/** Reads `$skiptoken`; a token that this service never made is a 400, as everywhere in Graph. */
export function readPosition(url: URL): Position | VendorResponse {
  const token = url.searchParams.get("$skiptoken");
  if (token === null) return { from: 0, emptied: false };
  const found = /^(\d+)(e?)$/.exec(Buffer.from(token, "base64url").toString("utf8"));
  if (found === null)
    return graphError(400, "Directory_ExpiredPageToken", "The specified page token value has expired.");
  return { from: Number(found[1]), emptied: found[2] === "e" };
}

/** The address of the next page. It repeats the query and carries no header. */
export function nextLink(url: URL, position: Position): string {
  const next = new URL(url);
  next.searchParams.set(
    "$skiptoken",
    Buffer.from(`${position.from}${position.emptied ? "e" : ""}`).toString("base64url"),
  );
  return next.href;
}

/** `$top` between 1 and `most`, `usual` where it is not given, or Graph's complaint. */
export function readTop(
  url: URL,
  { usual, most }: { readonly usual: number; readonly most: number },
): number | VendorResponse {
  const given = url.searchParams.get("$top");
  if (given === null) return usual;
  const top = Number(given);
  if (Number.isInteger(top) && top >= 1 && top <= most) return top;
  return graphError(
    400,
    "Request_UnsupportedQuery",
    `Invalid page size specified: '${given}'. Must be between 1 and ${most} inclusive.`,
  );
}

/**
 * One page of a directory collection. Pages are read in the collection's own order, which new objects only extend.
 *
 * @param page.shape - Called for the items of this page alone: a large tenant is read in many pages.
 * @param page.key - Names the collection for the luck of empty pages; `null` never serves one.
 * @see learn.microsoft.com/graph/paging
 */
export function answerPage<T>(
  request: VendorRequest,
  items: readonly T[],
  page: {
    readonly usual: number;
    readonly most: number;
    readonly world: World;
    readonly key: string | null;
    readonly shape: (item: T) => Json;
  },
): VendorResponse {
  const { url } = request;
  if (url.searchParams.has("$skip")) return badRequest("'$skip' is not supported by the service.");
  const top = readTop(url, page);
  if (typeof top !== "number") return top;
  const position = readPosition(url);
  if ("status" in position) return position;
  const { from, emptied } = position;
  const more = from < items.length;
  const goesEmpty =
    page.key !== null &&
    from > 0 &&
    more &&
    !emptied &&
    page.world.chance(`empty page ${page.key} ${from}`) < EMPTY_PAGE_SHARE;
  if (goesEmpty) {
    return { status: 200, body: { value: [], "@odata.nextLink": nextLink(url, { from, emptied: true }) } };
  }
  const until = from + top;
  const body = {
    "@odata.context": `${url.origin}/v1.0/$metadata#${url.pathname.split("/").slice(2).join("/")}`,
    // The count comes with the first page only, and only to those who asked with the header.
    ...(from === 0 && wantsCount(request) ? { "@odata.count": items.length } : {}),
    ...(until < items.length ? { "@odata.nextLink": nextLink(url, { from: until, emptied: false }) } : {}),
    value: items.slice(from, until).map(page.shape),
  };
  return { status: 200, body };
}

/** Advanced queries need both the header and `$count=true`; without the header the parameter is silently ignored. */
export function wantsCount(request: VendorRequest): boolean {
  const eventual = request.headers.consistencylevel?.toLowerCase() === "eventual";
  return eventual && request.url.searchParams.get("$count") === "true";
}
