import type { Box, Route, Vendor, VendorFactory, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import { Desk } from "./desk.ts";
import { answerList } from "./list.ts";
import { projectRoutes } from "./project-routes.ts";
import {
  failure,
  missingClientId,
  notAllowed,
  notFound,
  sslRequired,
  tooManyRequests,
  unauthorized,
  unknownCompany,
} from "./psa-errors.ts";
import { RateLimit } from "./rate-limit.ts";
import type { PsaRoute } from "./route.ts";
import { seedTickets } from "./seed.ts";
import { found, serviceRoutes } from "./service-routes.ts";

const API_HOST = "api-na.myconnectwise.net";
const SITE = "na.myconnectwise.net";
/** The release of this cloud, and the name that always leads to the current one. */
const CODEBASES = ["v2026_3", "v4_6_release"];

/**
 * ConnectWise PSA of the MSP, on the North American cloud.
 * @see https://developer.connectwise.com (Developer Guide: authentication, conditions, paging, PATCH, rate limits)
 */
export const connectwise: VendorFactory = connectwiseWith({ forbidden: [] });

/** @param role.forbidden - Paths that the API member's security role keeps from it, e.g. `/project/tickets`. */
export function connectwiseWith(role: { readonly forbidden: readonly string[] }): VendorFactory {
  return (box) => openPsa(box, role.forbidden);
}

function openPsa(box: Box, forbidden: readonly string[]): Vendor {
  const desk = new Desk(box);
  seedTickets(desk, box);
  const limit = new RateLimit();
  const routes = [...systemRoutes(desk), ...serviceRoutes(desk), ...projectRoutes(desk)];
  return {
    name: "connectwise",
    hosts: [API_HOST, SITE],
    routes: [
      companyInfoRoute(box),
      ...CODEBASES.flatMap((codebase) =>
        routes.map((route) => guarded(withinRole(route, forbidden), `/${codebase}/apis/3.0`, { box, limit })),
      ),
    ],
    notFound: (request) => (request.url.hostname === API_HOST ? notFound() : sslRequired()),
    htmlPage:
      "<!DOCTYPE html><html><head><title>ConnectWise PSA</title></head><body>Scheduled maintenance</body></html>",
    failure,
    dump: () => dump(desk),
  };
}

const withinRole = (route: PsaRoute, forbidden: readonly string[]): PsaRoute =>
  forbidden.some((path) => route.path === path || route.path.startsWith(`${path}/`))
    ? { ...route, handle: notAllowed }
    : route;

/** Says which release a company is on; asked without credentials. */
function companyInfoRoute({ secrets, world }: Box): Route {
  return {
    method: "GET",
    path: "/login/companyinfo/:companyId",
    handle: (_, { companyId }) =>
      companyId?.toLowerCase() === secrets.connectwise.companyId.toLowerCase()
        ? {
            status: 200,
            body: {
              CompanyName: `MSP of ${world.settings.company}`,
              Codebase: "v2026_3/",
              VersionCode: "v2026.3",
              VersionNumber: "v4.6.2026.3",
              CompanyID: secrets.connectwise.companyId,
              IsCloud: true,
              SiteUrl: API_HOST,
            },
          }
        : notFound(),
  };
}

function systemRoutes(desk: Desk): PsaRoute[] {
  const info = { version: "v2026.3.118245", isCloud: true, serverTimeZone: "UTC", licenseBits: [] };
  return [
    { method: "GET", path: "/system/info", handle: () => ({ status: 200, body: info }) },
    { method: "GET", path: "/system/members", handle: (request) => answerList(request, desk.members) },
    { method: "GET", path: "/company/companies", handle: (request) => answerList(request, desk.companies) },
    {
      method: "GET",
      path: "/company/companies/:id",
      handle: (_, { id }) => found(desk.companies.find((company) => company.id === Number(id))),
    },
  ];
}

function guarded(route: PsaRoute, prefix: string, { box, limit }: { box: Box; limit: RateLimit }): Route {
  return {
    method: route.method,
    path: `${prefix}${route.path}`,
    handle(request, parameters) {
      if (request.url.hostname !== API_HOST) return sslRequired();
      const wait = limit.take(box.world.now());
      if (wait !== null) return tooManyRequests(wait);
      return refusal(box, request) ?? route.handle(request, parameters);
    },
  };
}

/** `Basic base64(company+publicKey:privateKey)`, the plus sign included, and the integrator's `clientId`. */
function refusal({ secrets }: Box, request: VendorRequest): VendorResponse | null {
  const { companyId, publicKey, privateKey, clientId } = secrets.connectwise;
  const encoded = /^Basic (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
  const [user = "", password = ""] = Buffer.from(encoded, "base64").toString("utf8").split(/:(.*)/s);
  const [company = "", key = ""] = user.split(/\+(.*)/s);
  if (encoded === "") return unauthorized();
  if (company.toLowerCase() !== companyId.toLowerCase()) return unknownCompany();
  if (key !== publicKey || password !== privateKey) return unauthorized();
  return request.headers.clientid === clientId ? null : missingClientId();
}

function dump(desk: Desk): Readonly<Record<string, unknown>> {
  const notes = [...desk.notes.values()].map(
    ({ id, ticketId, text, detailDescriptionFlag, internalAnalysisFlag, resolutionFlag, createdBy }) => ({
      id,
      ticketId,
      text,
      detailDescriptionFlag,
      internalAnalysisFlag,
      resolutionFlag,
      createdBy,
    }),
  );
  const tickets = [...desk.serviceTickets.values(), ...desk.projectTickets.values()];
  return { connectwise: { projects: [...desk.projects.values()], phases: [...desk.phases.values()], tickets, notes } };
}
