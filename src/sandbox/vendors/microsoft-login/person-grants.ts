import type { Box, VendorResponse } from "../../core/vendor.ts";
import type { Grants } from "./grants.ts";
import { loginError } from "./login-error.ts";

/** What the person of the helpdesk does with a device sign-in's code, how long it is good, and what was consented to. */
export interface PersonHabits {
  readonly atDeviceLogin: "types_code" | "declines" | "stays_away";
  readonly consented: readonly string[];
  readonly codeLifetimeMs: number;
}

/** How long the person in the story takes to type the code of a device sign-in. */
const PERSON_TYPES_CODE_MS = 5_000;
/** RFC 8628, 3.5: how often a client may ask, and how much longer it has to wait when it asked too often. */
const INTERVAL_MS = 5_000;
const SLOWER_BY_MS = 5_000;
/** learn.microsoft.com/entra/identity-platform/refresh-tokens: one that is not used for this long is no longer good. */
const IDLE_MS = 90 * 86_400_000;

interface DeviceCode {
  /** What was asked for at the start; asking for the token says it no more. */
  readonly scope: string;
  readonly startedAt: number;
  lastAskedAt: number;
  intervalMs: number;
  used: boolean;
}

/** Answers the grants in the name of the helpdesk's person, to a public client. */
export class PersonGrants {
  readonly #box: Box;
  readonly #grants: Grants;
  readonly #habits: PersonHabits;
  readonly #deviceCodes = new Map<string, DeviceCode>();
  /** When each refresh token was last used or made, in world time. */
  readonly #refreshTokens: Map<string, number>;

  constructor(box: Box, grants: Grants, habits: PersonHabits) {
    this.#box = box;
    this.#grants = grants;
    this.#habits = habits;
    this.#refreshTokens = new Map([[box.secrets.teams.refreshToken, box.world.now()]]);
  }

  /**
   * A newer refresh token comes with each answer; the older ones stay good until they have not been used for long.
   *
   * @see learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow, "Refresh the access token"
   */
  refreshToken(form: URLSearchParams): VendorResponse {
    const refusal = this.#refuseClient(form);
    if (refusal !== null) return refusal;
    const token = form.get("refresh_token") ?? "";
    const usedAt = this.#refreshTokens.get(token);
    if (usedAt === undefined) return loginError("invalid_grant", 70000, "The provided refresh token is not valid.");
    const now = this.#box.world.now();
    if (now - usedAt > IDLE_MS) {
      return loginError("invalid_grant", 700082, "The refresh token has expired due to inactivity.");
    }
    this.#refreshTokens.set(token, now);
    return this.#signedIn(form.get("scope") ?? "");
  }

  /** @see learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code */
  startDeviceCode(form: URLSearchParams): VendorResponse {
    const refusal = this.#refuseClient(form);
    if (refusal !== null) return refusal;
    const { world, cloud } = this.#box;
    const deviceCode = world.guid(`device code ${this.#deviceCodes.size}`);
    const startedAt = world.now();
    this.#deviceCodes.set(deviceCode, {
      scope: form.get("scope") ?? "",
      startedAt,
      lastAskedAt: Number.NEGATIVE_INFINITY,
      intervalMs: INTERVAL_MS,
      used: false,
    });
    const userCode = deviceCode.slice(0, 8).toUpperCase();
    const body = {
      user_code: userCode,
      device_code: deviceCode,
      verification_uri: cloud.deviceLogin,
      expires_in: this.#habits.codeLifetimeMs / 1000,
      interval: INTERVAL_MS / 1000,
      message: `To sign in, open ${cloud.deviceLogin} in a browser and enter the code ${userCode}.`,
    };
    return { status: 200, body };
  }

  deviceCode(form: URLSearchParams): VendorResponse {
    const started = this.#deviceCodes.get(form.get("device_code") ?? "");
    if (started === undefined || started.used) {
      return loginError("bad_verification_code", 70000, "The device code is not valid.");
    }
    const now = this.#box.world.now();
    const tooSoon = now - started.lastAskedAt < started.intervalMs;
    started.lastAskedAt = now;
    if (tooSoon) {
      started.intervalMs += SLOWER_BY_MS;
      return loginError("slow_down", 70016, "The client asks more often than it may.");
    }
    if (now - started.startedAt > this.#habits.codeLifetimeMs) {
      return loginError("expired_token", 70020, "The code has expired. Start over.");
    }
    const hasActed = now - started.startedAt >= PERSON_TYPES_CODE_MS && this.#habits.atDeviceLogin !== "stays_away";
    if (!hasActed) {
      return loginError("authorization_pending", 70016, "OAuth 2.0 device flow error. Authorization is pending.");
    }
    if (this.#habits.atDeviceLogin === "declines") {
      return loginError("authorization_declined", 70018, "The user declined the sign-in.");
    }
    started.used = true;
    return this.#signedIn(started.scope);
  }

  #refuseClient(form: URLSearchParams): VendorResponse | null {
    if (form.has("client_secret") || form.has("client_assertion")) {
      return loginError("invalid_client", 700025, "Client is public; neither secret nor assertion may be presented.");
    }
    if (form.get("client_id") === this.#box.secrets.teams.clientId) return null;
    return loginError(
      "unauthorized_client",
      700016,
      "Application with this identifier was not found in the directory.",
    );
  }

  #signedIn(scope: string): VendorResponse {
    const { cloud, secrets, world } = this.#box;
    const asked = scope.split(" ").map((name) => name.replace(`${cloud.graph}/`, ""));
    const { consented } = this.#habits;
    const scopes = asked.includes(".default") ? consented : consented.filter((scope) => asked.includes(scope));
    if (scopes.length === 0) {
      return loginError("invalid_grant", 65001, "The user or administrator has not consented to use the application.");
    }
    const refreshToken = `${secrets.teams.refreshToken}.${this.#refreshTokens.size}`;
    this.#refreshTokens.set(refreshToken, world.now());
    return this.#grants.answer(
      { audience: cloud.graph, subject: secrets.teams.user, scopes, delegated: true },
      {
        scope: scopes.join(" "),
        refresh_token: refreshToken,
        ...(asked.includes("openid") ? { id_token: this.#idToken() } : {}),
      },
    );
  }

  /** learn.microsoft.com/entra/identity-platform/id-token-claims-reference */
  #idToken(): string {
    const { cloud, secrets, world } = this.#box;
    const claims = {
      iss: `https://${cloud.login[0]}/${world.tenantId}/v2.0`,
      aud: secrets.teams.clientId,
      tid: world.tenantId,
      preferred_username: secrets.teams.user,
    };
    const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString("base64url");
    return `${encode({ typ: "JWT", alg: "RS256" })}.${encode(claims)}.c2lnbmF0dXJl`;
  }
}
