import type { Box, VendorResponse } from "../../core/vendor.ts";
import { servicePrincipalOf } from "../../world/service-principal.ts";
import { loginError } from "./login-error.ts";

/** Real value of Entra's client-credential tokens, in seconds. */
const LIFETIME_SECONDS = 3599;
/** How long the person in the story takes to type the code of a device sign-in. */
const PERSON_TYPES_CODE_MS = 5_000;

/** What a resource is called in a scope, and what tokens for it are checked against. */
const RESOURCES: readonly string[] = ["https://graph.microsoft.com", "https://analysis.windows.net/powerbi/api"];

/** Delegated permissions the helpdesk's person has consented to. Nobody consented to more. */
const PERSON_SCOPES: readonly string[] = [
  "Channel.ReadBasic.All",
  "ChannelMessage.Read.All",
  "ChannelMessage.Send",
  "TeamsTab.Read.All",
  "User.Read",
];

/** Answers the grants of one tenant's token endpoint. */
export class Grants {
  readonly #box: Box;
  readonly #deviceCodes = new Map<string, { readonly readyAt: number }>();

  constructor(box: Box) {
    this.#box = box;
  }

  /** @see learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow */
  clientCredentials(form: URLSearchParams): VendorResponse {
    const { entra } = this.#box.secrets;
    if (form.get("client_id") !== entra.clientId) {
      return loginError(
        "unauthorized_client",
        700016,
        "Application with this identifier was not found in the directory.",
      );
    }
    if (form.get("client_secret") !== entra.clientSecret) {
      return loginError("invalid_client", 7000215, "Invalid client secret provided.");
    }
    const scope = form.get("scope") ?? "";
    const audience = RESOURCES.find((resource) => scope === `${resource}/.default`);
    if (audience === undefined) {
      return loginError(
        "invalid_scope",
        1002012,
        "The provided value for scope is not valid; it must end with /.default.",
      );
    }
    return this.#answer(
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

  /** @see learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow, "Refresh the access token" */
  refreshToken(form: URLSearchParams): VendorResponse {
    const { teams } = this.#box.secrets;
    if (form.has("client_secret")) {
      return loginError(
        "invalid_client",
        700025,
        "Client is public so neither secret nor assertion should be presented.",
      );
    }
    if (form.get("client_id") !== teams.clientId) {
      return loginError(
        "unauthorized_client",
        700016,
        "Application with this identifier was not found in the directory.",
      );
    }
    if (form.get("refresh_token") !== teams.refreshToken) {
      return loginError("invalid_grant", 70000, "The provided refresh token is not valid.");
    }
    return this.#person(form);
  }

  /** @see learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code */
  startDeviceCode(form: URLSearchParams): VendorResponse {
    if (form.get("client_id") !== this.#box.secrets.teams.clientId) {
      return loginError(
        "unauthorized_client",
        700016,
        "Application with this identifier was not found in the directory.",
      );
    }
    const deviceCode = this.#box.world.guid(`device code ${this.#deviceCodes.size}`);
    this.#deviceCodes.set(deviceCode, { readyAt: this.#box.world.now() + PERSON_TYPES_CODE_MS });
    const body = {
      user_code: deviceCode.slice(0, 8).toUpperCase(),
      device_code: deviceCode,
      verification_uri: "https://microsoft.com/devicelogin",
      expires_in: 900,
      interval: 5,
      message: "To sign in, open https://microsoft.com/devicelogin in a browser and enter the code.",
    };
    return { status: 200, body };
  }

  deviceCode(form: URLSearchParams): VendorResponse {
    const started = this.#deviceCodes.get(form.get("device_code") ?? "");
    if (started === undefined) return loginError("invalid_grant", 70000, "The provided device code is not valid.");
    if (this.#box.world.now() < started.readyAt) {
      return loginError("authorization_pending", 70016, "OAuth 2.0 device flow error. Authorization is pending.");
    }
    return this.#person(form);
  }

  /** A refresh token stays good after use, as in Entra, and comes back with each answer. */
  #person(form: URLSearchParams): VendorResponse {
    const { teams } = this.#box.secrets;
    const asked = (form.get("scope") ?? "")
      .split(" ")
      .map((scope) => scope.replace("https://graph.microsoft.com/", ""));
    const scopes = asked.includes(".default") ? PERSON_SCOPES : PERSON_SCOPES.filter((scope) => asked.includes(scope));
    if (scopes.length === 0) {
      return loginError("invalid_grant", 65001, "The user or administrator has not consented to use the application.");
    }
    return this.#answer(
      { audience: "https://graph.microsoft.com", subject: teams.user, scopes, delegated: true },
      { scope: scopes.join(" "), refresh_token: teams.refreshToken },
    );
  }

  #answer(
    token: { audience: string; subject: string; scopes: readonly string[]; delegated: boolean },
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
}
