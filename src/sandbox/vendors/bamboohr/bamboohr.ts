import type { Box, Route, VendorFactory, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import type { Employee, World } from "../../world/world.ts";
import { headerError } from "./answers.ts";
import { datasetRoutes } from "./datasets.ts";
import { whosOutRoute } from "./whos-out.ts";

/** BambooHR publishes no number; it only says that a client must expect to be throttled. */
export const REQUESTS_PER_MINUTE = 200;
const MINUTE_MS = 60_000;

const MESSAGES: Readonly<Record<number, string>> = {
  429: "Limit Exceeded",
  503: "Service Unavailable",
};

/**
 * BambooHR: the HR system, reached with an API key as the user of Basic authentication and any password.
 *
 * @see BambooHR API documentation, "Getting started" (authentication) and "API details" (throttling, errors)
 */
export const bamboohr: VendorFactory = (box) => {
  const throttle = makeThrottle(box.world);
  const routes = [...datasetRoutes(box.world), whosOutRoute(box.world), directoryRoute];
  return {
    name: "bamboohr",
    hosts: ["*.bamboohr.com"],
    routes: routes.map((route) => guarded(box, throttle, route)),
    notFound: () => headerError(404, "Not Found"),
    htmlPage: LOGIN_PAGE,
    failure,
    dump: () => ({ bamboohr: { employees: [...box.world.employees.values()].map((one) => inFull(one, box.world)) } }),
  };
};

/**
 * The company does not share its directory, as many do not.
 * BambooHR API reference, "Get Employees Directory": `GET /api/v1/employees/directory`.
 */
const directoryRoute: Route = {
  method: "GET",
  path: "/api/v1/employees/directory",
  handle: () => headerError(403, "The company directory is not shared"),
};

function guarded({ secrets }: Box, throttle: () => boolean, route: Route): Route {
  const host = `${secrets.bamboohr.company}.bamboohr.com`;
  const isDataset = route.path.includes("/datasets");
  return {
    ...route,
    handle: async (request, parameters) => {
      if (request.url.hostname !== host) return headerError(404, "Company not found");
      // The newer endpoints throttle with 429, the classic ones with 503.
      if (throttle()) return failure(isDataset ? 429 : 503);
      if (!isAuthorized(request, secrets.bamboohr.apiKey)) return headerError(401, "Unauthorized");
      const answer = await route.handle(request, parameters);
      return isDataset ? withRequestId(request, answer) : answer;
    },
  };
}

function isAuthorized(request: VendorRequest, apiKey: string): boolean {
  const encoded = /^Basic (\S+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
  return Buffer.from(encoded, "base64").toString("utf8").split(":")[0] === apiKey;
}

/** Counts a request; true when the minute has seen too many. */
function makeThrottle(world: World): () => boolean {
  const recent: number[] = [];
  return () => {
    const now = world.now();
    while ((recent[0] ?? now) <= now - MINUTE_MS) recent.shift();
    if (recent.length >= REQUESTS_PER_MINUTE) return true;
    recent.push(now);
    return false;
  };
}

function failure(status: number): VendorResponse {
  const answer = headerError(status, MESSAGES[status] ?? "There was an unknown server error");
  if (status !== 429 && status !== 503) return answer;
  return { ...answer, headers: { ...answer.headers, "retry-after": "5" } };
}

/** Dataset answers carry the caller's correlation id, or one of their own. */
function withRequestId(request: VendorRequest, answer: VendorResponse): VendorResponse {
  const id = request.headers["x-request-id"] ?? "f1c7a2d0-sandbox";
  return { ...answer, headers: { ...answer.headers, "x-request-id": id } };
}

/** A record for `vendors.json`, under the names that BambooHR's users know. */
function inFull(employee: Employee, world: World): Readonly<Record<string, unknown>> {
  const supervisor = employee.supervisorId === null ? undefined : world.employees.get(employee.supervisorId);
  return { ...employee, supervisorEmail: supervisor?.workEmail ?? null };
}

const LOGIN_PAGE =
  '<!DOCTYPE html><html><head><title>BambooHR Login</title></head><body><form action="/login.php" method="post"><input name="username"><input name="password" type="password"></form></body></html>';
