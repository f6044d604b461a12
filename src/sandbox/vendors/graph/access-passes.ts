import type { PathParameters, Route, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import type { Account } from "../../world/world.ts";
import { badRequest, graphError, noSuchObject } from "./graph-error.ts";
import { graphTime } from "./graph-time.ts";
import { guarded } from "./guarded-route.ts";
import { type Json, readBody } from "./request-body.ts";
import type { AccessPass as Pass, Tenant } from "./tenant.ts";
import { findAccount } from "./users.ts";

const MINUTE_MS = 60_000;
/** What the tenant's policy sets; Entra's own defaults. */
export const PASS_POLICY = { minimum: 60, maximum: 480, usual: 60, length: 8 } as const;
const LAG_MS = 400;
/** Whoever is given a pass signs in with it after so long, and registers at once. */
const USED_AFTER_MS = 10 * MINUTE_MS;

/**
 * Temporary Access Passes. One a user; its passcode stands in the answer to its making and nowhere else.
 *
 * @see learn.microsoft.com/graph/api/resources/temporaryaccesspassauthenticationmethod
 * @see learn.microsoft.com/entra/identity/authentication/howto-authentication-temporary-access-pass
 */
export function accessPassRoutes(tenant: Tenant): readonly Route[] {
  const passes = tenant.accessPasses;
  const path = "/v1.0/users/:id/authentication/temporaryAccessPassMethods";
  const read = { app: [["UserAuthMethod-TAP.Read.All", ...WRITERS]] };
  const write = { app: [WRITERS] };
  const ofAccount =
    (answer: (account: Account, request: VendorRequest, parameters: PathParameters) => VendorResponse) =>
    (request: VendorRequest, parameters: PathParameters): VendorResponse => {
      const account = findAccount(tenant.box.world, parameters.id ?? "");
      return account === undefined ? noSuchObject(parameters.id ?? "") : answer(account, request, parameters);
    };
  return [
    // learn.microsoft.com/graph/api/authentication-list-temporaryaccesspassmethods
    {
      method: "GET",
      path,
      access: read,
      handle: ofAccount(({ id }) => {
        const pass = shownTo(passes.get(id), tenant);
        return { status: 200, body: { value: pass === undefined ? [] : [shown(tenant, pass, null)] } };
      }),
    },
    // learn.microsoft.com/graph/api/authentication-post-temporaryaccesspassmethods
    {
      method: "POST",
      path,
      access: write,
      handle: ofAccount((account, request) => issue(tenant, { account, body: readBody(request) ?? {} })),
    },
    // learn.microsoft.com/graph/api/temporaryaccesspassauthenticationmethod-delete
    {
      method: "DELETE",
      path: `${path}/:passId`,
      access: write,
      handle: ofAccount(({ id }, _, { passId = "" }) => {
        if (passes.get(id)?.id !== passId) return noSuchObject(passId);
        passes.delete(id);
        return { status: 204 };
      }),
    },
  ].map((route) => guarded(tenant, route));
}

/** A read may come from a copy that has not heard of the newest pass yet. */
const shownTo = (pass: Pass | undefined, { box: { world } }: Tenant): Pass | undefined =>
  pass !== undefined && world.now() - pass.createdAt < LAG_MS ? undefined : pass;

const WRITERS = ["UserAuthMethod-TAP.ReadWrite.All", "UserAuthenticationMethod.ReadWrite.All"];

function issue(tenant: Tenant, { account, body }: { readonly account: Account; readonly body: Json }): VendorResponse {
  const passes = tenant.accessPasses;
  const { world } = tenant.box;
  const now = world.now();
  const minutes = body.lifetimeInMinutes ?? PASS_POLICY.usual;
  const startsAt = body.startDateTime === undefined ? now : Date.parse(String(body.startDateTime));
  const refusal = refused(tenant, { account, minutes, startsAt, now });
  if (refusal !== null) return refusal;
  const pass: Pass = {
    id: world.guid(`pass ${account.id} ${now} ${passes.size}`),
    createdAt: now,
    // A time of whole seconds is all that is kept of it.
    startsAt: Math.floor(startsAt / 1000) * 1000,
    minutes: Number(minutes),
    once: body.isUsableOnce === true,
    used: false,
  };
  // One that is still valid is replaced without a word, whoever gave it.
  passes.set(account.id, pass);
  world.schedule(Math.max(now, pass.startsAt) + USED_AFTER_MS, () => {
    if (passes.get(account.id) !== pass) return;
    pass.used = true;
    world.enrolWithPass(account.id);
  });
  return { status: 201, body: shown(tenant, pass, passcode(tenant, pass)) };
}

function refused(
  tenant: Tenant,
  wish: { readonly account: Account; readonly minutes: unknown; readonly startsAt: number; readonly now: number },
): VendorResponse | null {
  const { account, minutes, startsAt, now } = wish;
  if (!tenant.methods.has("TemporaryAccessPass")) {
    return graphError(
      403,
      "accessDenied",
      "Temporary Access Pass is not enabled by the authentication methods policy.",
    );
  }
  if (account.userType === "Guest") {
    return badRequest("Temporary Access Pass cannot be added to an external guest user.");
  }
  const { minimum, maximum } = PASS_POLICY;
  if (typeof minutes !== "number" || minutes < minimum || minutes > maximum) {
    return badRequest(`Invalid LifetimeInMinutes specified. The valid range between ${minimum} and ${maximum}.`);
  }
  if (Number.isNaN(startsAt) || startsAt < now - MINUTE_MS) return badRequest("Invalid StartDateTime specified.");
  return null;
}

const isOver = ({ startsAt, minutes, used, once }: Pass, now: number): boolean =>
  now >= startsAt + minutes * MINUTE_MS || (used && once);

/** Letters and digits of no meaning, as long as the policy says. */
const passcode = ({ box: { world } }: Tenant, { id }: Pass): string =>
  `+${world.guid(`passcode ${id}`).replaceAll("-", "")}`.slice(0, PASS_POLICY.length);

function shown({ box: { world } }: Tenant, pass: Pass, temporaryAccessPass: string | null): Json {
  const now = world.now();
  const reason = pass.used && pass.once ? "OneTimeUsed" : isOver(pass, now) ? "Expired" : "EnabledByPolicy";
  const methodUsabilityReason = now < pass.startsAt ? "NotYetValid" : reason;
  return {
    "@odata.type": "#microsoft.graph.temporaryAccessPassAuthenticationMethod",
    id: pass.id,
    temporaryAccessPass,
    createdDateTime: new Date(pass.createdAt).toISOString(),
    startDateTime: graphTime(pass.startsAt),
    lifetimeInMinutes: pass.minutes,
    isUsableOnce: pass.once,
    isUsable: methodUsabilityReason === "EnabledByPolicy",
    methodUsabilityReason,
  };
}
