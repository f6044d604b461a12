import type { Route, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import type { Account } from "../../world/world.ts";
import { badRequest, noSuchObject } from "./graph-error.ts";
import { guarded } from "./guarded-route.ts";
import { readBody } from "./request-body.ts";
import type { Tenant } from "./tenant.ts";

type State = Account["perUserMfa"];

const PATH = "/beta/users/:id/authentication/requirements";
const STATES: readonly State[] = ["disabled", "enabled", "enforced"];

/** The legacy switch on single accounts, which only the beta version shows. */
export function perUserMfaRoutes(tenant: Tenant): readonly Route[] {
  const one =
    (answer: (account: Account, request: VendorRequest) => VendorResponse) =>
    (request: VendorRequest, { id = "" }: Readonly<Record<string, string>>): VendorResponse => {
      const account = tenant.box.world.accounts.get(id);
      return account === undefined ? noSuchObject(id) : answer(account, request);
    };
  return [
    // learn.microsoft.com/graph/api/authentication-get (beta)
    {
      method: "GET",
      path: PATH,
      access: { app: [["Policy.Read.All"]] },
      handle: one((account) => ({
        status: 200,
        body: {
          "@odata.context": "https://graph.microsoft.com/beta/$metadata#users/authentication/requirements/$entity",
          perUserMfaState: tenant.perUserMfa.shown(account),
        },
      })),
    },
    // learn.microsoft.com/graph/api/authentication-update (beta)
    {
      method: "PATCH",
      path: PATH,
      access: { app: [["Policy.ReadWrite.AuthenticationMethod"]] },
      handle: one((account, request) => {
        const wanted = readBody(request)?.perUserMfaState;
        const state = STATES.find((known) => known === wanted);
        if (state === undefined) return badRequest("Invalid value specified for property 'perUserMfaState'.");
        tenant.perUserMfa.set(account, state);
        return { status: 204 };
      }),
    },
  ].map((route) => guarded(tenant, route));
}
