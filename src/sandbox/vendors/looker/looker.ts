import { z } from "zod";
import type { Box, Route, VendorFactory, VendorRequest, VendorResponse } from "../../core/vendor.ts";

const AUDIENCE = "looker";
const LIFETIME_SECONDS = 3_600;
/** Looker publishes no number; any operation may answer 429. */
const CALLS_PER_MINUTE = 120;

interface Datagroup {
  readonly id: string;
  readonly model_name: string;
  readonly name: string;
  readonly created_at: number;
  triggered_at: number | null;
  stale_before: number | null;
}

const Change = z.object({ triggered_at: z.int().optional(), stale_before: z.int().optional() });

/** A Looker instance in which the LookML of the enrolment dashboard was deployed, among other models. */
export const looker: VendorFactory = lookerWith({ deployed: true });

/** @param settings.deployed - Whether our LookML is in production there. */
export function lookerWith(settings: { readonly deployed: boolean }): VendorFactory {
  return (box) => {
    const since = Math.floor(box.world.now() / 1_000) - 86_400;
    const fresh = { created_at: since, triggered_at: null, stale_before: null };
    const datagroups: Datagroup[] = [
      { id: "1", model_name: "operations", name: "daily", ...fresh },
      ...(settings.deployed ? [{ id: "7", model_name: "mfa_rollout", name: "mfa_enrolment", ...fresh }] : []),
    ];
    const triggers: { readonly at: string; readonly datagroup: string; readonly triggered_at: number }[] = [];
    return {
      name: "looker",
      hosts: [box.secrets.looker.host],
      routes: [login(box), ...datagroupRoutes(box, datagroups, triggers)],
      notFound: () => lookerError(404, "Not found"),
      htmlPage: "<!DOCTYPE html><html><head><title>Looker</title></head><body>Log in</body></html>",
      failure: (status) => lookerError(status, status === 429 ? "Too Many Requests" : "An error has occurred."),
      dump: () => ({ looker: { datagroups, triggers } }),
    };
  };
}

/** Looker API 4.0, `login`: credentials in the body; in the query they are deprecated. The answer is snake_case. */
function login({ secrets, tokens, world }: Box): Route {
  return {
    method: "POST",
    path: "/api/4.0/login",
    handle: ({ body }) => {
      const form = new URLSearchParams(body.toString("utf8"));
      const { clientId, clientSecret } = secrets.looker;
      if (form.get("client_id") !== clientId || form.get("client_secret") !== clientSecret) {
        return lookerError(404, "Not found"); // An unknown key is "not found", not "unauthorized".
      }
      const expiresAt = world.now() + LIFETIME_SECONDS * 1_000;
      const token = { audience: AUDIENCE, subject: clientId, scopes: [], delegated: false, expiresAt };
      const answer = { access_token: tokens.issue(token), token_type: "Bearer", expires_in: LIFETIME_SECONDS };
      return { status: 200, body: { ...answer, refresh_token: null } };
    },
  };
}

function datagroupRoutes(
  box: Box,
  datagroups: readonly Datagroup[],
  triggers: { readonly at: string; readonly datagroup: string; readonly triggered_at: number }[],
): readonly Route[] {
  const recent: number[] = [];
  const route = (method: string, path: string, answer: Route["handle"]): Route => ({
    method,
    path,
    handle: (request, parameters) => {
      const now = box.world.now();
      while ((recent[0] ?? now) <= now - 60_000) recent.shift();
      if (recent.length >= CALLS_PER_MINUTE) return lookerError(429, "Too Many Requests");
      recent.push(now);
      return isSignedIn(box, request) ? answer(request, parameters) : lookerError(401, "Requires authentication.");
    },
  });
  return [
    // Looker API 4.0, `all_datagroups`
    route("GET", "/api/4.0/datagroups", () => ({ status: 200, body: datagroups })),
    // Looker API 4.0, `update_datagroup`
    route("PATCH", "/api/4.0/datagroups/:id", (request, { id }) => {
      const found = datagroups.find((one) => one.id === id);
      if (found === undefined) return lookerError(404, "Not found");
      const change = Change.safeParse(readJson(request));
      if (!change.success) return lookerError(422, "Validation Failed");
      const now = box.world.now() / 1_000;
      if (Object.values(change.data).some((at) => (at ?? 0) > now)) return lookerError(422, "Cannot be in the future");
      found.triggered_at = change.data.triggered_at ?? found.triggered_at;
      found.stale_before = change.data.stale_before ?? found.stale_before;
      if (change.data.triggered_at !== undefined) {
        const at = new Date(box.world.now()).toISOString();
        triggers.push({ at, datagroup: found.name, triggered_at: change.data.triggered_at });
      }
      return { status: 200, body: found };
    }),
  ];
}

/** The specification says `token …`, the SDKs send `Bearer …`; both are taken. */
const isSignedIn = ({ tokens }: Box, { headers }: VendorRequest): boolean =>
  typeof tokens.check(headers.authorization?.replace(/^token /i, "Bearer "), AUDIENCE) !== "string";

function lookerError(status: number, message: string): VendorResponse {
  const documentation_url = "https://cloud.google.com/looker/docs/r/err/4.0";
  return { status, body: { message, documentation_url } };
}

function readJson({ body }: VendorRequest): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}
