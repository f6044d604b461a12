import type { Box, VendorResponse } from "../../core/vendor.ts";
import { servicePrincipalOf } from "../../world/service-principal.ts";
import { judgeAssertion } from "./client-assertion.ts";
import { loginError } from "./login-error.ts";

/** Real value of Entra's client-credential tokens, in seconds. */
const LIFETIME_SECONDS = 3599;

/** Delegated permissions the helpdesk's person has consented to, unless told otherwise. */
export const PERSON_SCOPES: readonly string[] = [
  "Channel.ReadBasic.All",
  "ChannelMessage.Read.All",
  "ChannelMessage.Send",
  "TeamsTab.Read.All",
  "User.Read",
];

const NO_SUCH_APP = loginError(
  "unauthorized_client",
  700016,
  "Application with this identifier was not found in the directory.",
);

/** What every grant ends in: a token that says who may do what. */
export interface Granted {
  readonly audience: string;
  readonly subject: string;
  readonly scopes: readonly string[];
  readonly delegated: boolean;
}

/** Answers an app's own grant at one tenant's token endpoint, and writes every token. */
export class Grants {
  readonly #box: Box;

  constructor(box: Box) {
    this.#box = box;
  }

  /** @see learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow */
  clientCredentials(form: URLSearchParams): VendorResponse {
    const { entra } = this.#box.secrets;
    if (form.get("client_id") !== entra.clientId) return NO_SUCH_APP;
    const refusal = this.#judgeCredential(form);
    if (refusal !== null) return refusal;
    const scope = form.get("scope") ?? "";
    const { graph, powerBi } = this.#box.cloud;
    const audience = [graph, powerBi.audience].find((resource) => scope === `${resource}/.default`);
    if (audience === undefined) {
      return scope.endsWith("/.default")
        ? loginError("invalid_resource", 500011, "The resource principal was not found in the tenant.")
        : loginError(
            "invalid_scope",
            1002012,
            "The provided value for scope is not valid; it must end with /.default.",
          );
    }
    return this.answer(
      { audience, subject: entra.clientId, scopes: [".default"], delegated: false },
      {},
      {
        appid: entra.clientId,
        idtyp: "app",
        oid: servicePrincipalOf(this.#box.world),
        roles: this.#box.tokens.consents.get(audience) ?? [],
      },
    );
  }

  answer(
    token: Granted,
    extra: Readonly<Record<string, string>>,
    says: Readonly<Record<string, unknown>> = { scp: token.scopes.join(" ") },
  ): VendorResponse {
    const { tenantId } = this.#box.world;
    const expiresAt = this.#box.world.now() + LIFETIME_SECONDS * 1000;
    const claims = { aud: token.audience, tid: tenantId, exp: Math.floor(expiresAt / 1000), ...says };
    const body = {
      token_type: "Bearer",
      expires_in: LIFETIME_SECONDS,
      ext_expires_in: LIFETIME_SECONDS,
      access_token: this.#box.tokens.issue({ ...token, expiresAt }, claims),
      ...extra,
    };
    return { status: 200, headers: { "Cache-Control": "no-store, no-cache" }, body };
  }

  #judgeCredential(form: URLSearchParams): VendorResponse | null {
    if (form.has("client_assertion")) return judgeAssertion(this.#box, form);
    return form.get("client_secret") === this.#box.secrets.entra.clientSecret
      ? null
      : loginError("invalid_client", 7000215, "Invalid client secret provided.");
  }
}
