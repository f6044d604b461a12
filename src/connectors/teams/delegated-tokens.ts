import { z } from "zod";
import { ConnectorAuthenticationError, ConnectorContractError } from "../../errors.ts";
import { CLOUDS, type CloudName } from "../graph/clouds.ts";
import type { TokenSource } from "../graph/graph-credentials.ts";
import { VendorHttp } from "../http/vendor-http.ts";
import type { RefreshTokens } from "./refresh-tokens.ts";

export interface DelegatedTokensOptions {
  readonly cloud: CloudName;
  readonly tenantId: string;
  /** Of a public client: such an app holds no secret. */
  readonly clientId: string;
  /** Of the person in whose name messages are posted. */
  readonly refreshTokens: RefreshTokens;
  /** Longest wait for one answer; `ANSWER_MS` unless told. */
  readonly timeoutMs?: number;
}

const Granted = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
  scope: z.string().default(""),
  refresh_token: z.string().min(1).optional(),
});

/** A token is used until this long before its end, in ms. */
const MARGIN_MS = 5 * 60_000;

/**
 * Access tokens in a person's name, by the refresh token grant. Entra gives a newer refresh token with each answer, which
 * is kept; the older ones stay good until they have not been used for 90 days, so a process that dies in between loses
 * nothing.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#refresh-the-access-token
 */
export class DelegatedTokens implements TokenSource {
  readonly #options: DelegatedTokensOptions;
  readonly #http: VendorHttp;
  readonly #cached = new Map<string, { readonly token: string; readonly usableUntil: number }>();

  constructor(options: DelegatedTokensOptions) {
    this.#options = options;
    this.#http = new VendorHttp({
      vendor: "Microsoft Entra ID",
      baseUrl: CLOUDS[options.cloud].authority,
      headers: () => ({}),
      ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
    });
  }

  async token(
    scope: string,
    { forceRefresh = false, signal }: { readonly forceRefresh?: boolean; readonly signal: AbortSignal },
  ): Promise<string> {
    const cached = this.#cached.get(scope);
    if (cached !== undefined && !forceRefresh && performance.now() < cached.usableUntil) return cached.token;
    const granted = await this.#ask(scope, signal);
    const usableUntil = performance.now() + granted.expires_in * 1_000 - MARGIN_MS;
    this.#cached.set(scope, { token: granted.access_token, usableUntil });
    return granted.access_token;
  }

  /** What the person has consented to, by its short names: `ChannelMessage.Send`. Always asks. */
  async consented(signal: AbortSignal): Promise<readonly string[]> {
    const { scope } = await this.#ask(`${CLOUDS[this.#options.cloud].graph}/.default`, signal);
    return scope.split(" ").map((name) => name.slice(name.lastIndexOf("/") + 1));
  }

  #ask(scope: string, signal: AbortSignal): Promise<z.output<typeof Granted>> {
    return this.#options.refreshTokens.renew(async (token) => {
      const value = await this.#redeem(token, scope, signal);
      return { newer: value.refresh_token ?? null, value };
    }, signal);
  }

  async #redeem(refreshToken: string, scope: string, signal: AbortSignal): Promise<z.output<typeof Granted>> {
    try {
      // Asking again is harmless, so this is a query although it is a POST.
      return await this.#http.query(`/${encodeURIComponent(this.#options.tenantId)}/oauth2/v2.0/token`, {
        schema: Granted,
        signal,
        form: {
          grant_type: "refresh_token",
          client_id: this.#options.clientId,
          refresh_token: refreshToken,
          scope: `${scope} offline_access`,
        },
      });
    } catch (error) {
      const refused = error instanceof ConnectorAuthenticationError || isStatus400(error);
      if (!refused) throw error;
      throw new ConnectorAuthenticationError("Microsoft Entra ID did not accept the person's sign-in for Teams.", {
        nextStep:
          "Run `mfa-rollout teams-login` for this customer, and have the person who posts to Teams sign in anew.",
        details: { vendor: "Microsoft Entra ID" },
      });
    }
  }
}

/** The token endpoint refuses a grant with 400 (RFC 6749, 5.2). */
const isStatus400 = (error: unknown): boolean =>
  error instanceof ConnectorContractError && error.details.status === 400;
