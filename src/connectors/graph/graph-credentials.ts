import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  type ClientSecretCredentialOptions,
} from "@azure/identity";
import { CancelledError, ConnectorAuthenticationError, ConnectorUnavailableError, RolloutError } from "../../errors.ts";
import { ANSWER_MS, cancelled, pause } from "../http/pause.ts";
import { isUnsent } from "../http/unsent.ts";
import { VendorErrors } from "../http/vendor-errors.ts";
import { certificateEnd } from "./app-certificate.ts";
import { CLOUDS, type CloudName } from "./clouds.ts";

/** Where a connector gets its bearer tokens from. */
export interface TokenSource {
  /**
   * A token for `scope`, from a cache where one is fresh. `forceRefresh` asks the sign-in service even so: the vendor
   * has just refused the cached token (revoked, or expired by the vendor's clock).
   *
   * @throws {ConnectorAuthenticationError} the credential is wrong, expired or not consented to.
   * @throws {ConnectorUnavailableError} the sign-in service gave no usable answer.
   */
  token(scope: string, call: { readonly forceRefresh?: boolean; readonly signal: AbortSignal }): Promise<string>;
}

export interface EntraTokensOptions {
  readonly cloud: CloudName;
  /** The customer's tenant: the app is the MSP's and the customer's administrator has consented to it. */
  readonly tenantId: string;
  readonly clientId: string;
  readonly credential:
    | { readonly kind: "secret"; readonly clientSecret: string }
    /** PEM text with both the certificate and its unencrypted private key. */
    | { readonly kind: "certificate"; readonly pem: string }
    /** The token of a workload outside Entra that the app trusts. Read anew each time, since it lives for an hour at most. */
    | { readonly kind: "workload"; readonly readToken: () => Promise<string> };
  /** Longest wait for a token, all tries together; `ANSWER_MS` unless told. */
  readonly timeoutMs?: number;
}

/** How the last token request failed, as Node says it: MSAL makes one `network_error` of everything. */
interface Network {
  code: string | null;
}

type Policy = NonNullable<ClientSecretCredentialOptions["additionalPolicies"]>[number]["policy"];
type Credential = ClientSecretCredential | ClientCertificateCredential | ClientAssertionCredential;

/** Tries of one token request, beyond what the SDK does by itself; a token request may always be repeated. */
const ATTEMPTS = 3;
/** The SDK's defaults wait for a minute and more, longer than a tool call may take. */
const SDK_RETRIES = { maxRetries: 2, retryDelayInMs: 200, maxRetryDelayInMs: 1_000 };

/** App-only tokens of the product's app registration in one customer's tenant. */
export class EntraTokens implements TokenSource {
  readonly #options: EntraTokensOptions;
  readonly #network: Network = { code: null };
  #credential: Credential;
  /** One forced refresh a scope at a time, so that ten calls refused together ask once. */
  readonly #refreshing = new Map<string, Promise<string>>();

  constructor(options: EntraTokensOptions) {
    this.#options = options;
    this.#credential = newCredential(options, this.#network);
  }

  async token(
    scope: string,
    { forceRefresh = false, signal }: { readonly forceRefresh?: boolean; readonly signal: AbortSignal },
  ): Promise<string> {
    if (signal.aborted) throw cancelled();
    return await untilAborted(forceRefresh ? this.#refresh(scope) : this.#ask(scope), signal);
  }

  #refresh(scope: string): Promise<string> {
    const running = this.#refreshing.get(scope);
    if (running !== undefined) return running;
    // MSAL serves its cache until five minutes before expiry and offers no way around it for client credentials, but
    // the cache belongs to the credential object.
    this.#credential = newCredential(this.#options, this.#network);
    const asked = this.#ask(scope).finally(() => this.#refreshing.delete(scope));
    this.#refreshing.set(scope, asked);
    return asked;
  }

  async #ask(scope: string): Promise<string> {
    const deadline = AbortSignal.timeout(this.#options.timeoutMs ?? ANSWER_MS);
    for (let attempt = 1; ; attempt++) {
      try {
        return (await untilAborted(this.#credential.getToken(scope), deadline)).token;
      } catch (error) {
        const fault = tokenFault(error, this.#network);
        if (!(fault instanceof ConnectorUnavailableError) || attempt === ATTEMPTS || deadline.aborted) throw fault;
        await pause(250 * attempt, deadline).catch(() => {
          throw fault;
        });
      }
    }
  }
}

function newCredential(
  { cloud, tenantId, clientId, credential, timeoutMs = ANSWER_MS }: EntraTokensOptions,
  network: Network,
): Credential {
  // MSAL hands no signal on to its requests, so each is told when to end.
  const limited: Policy = {
    name: "answerTime",
    async sendRequest(request, next) {
      network.code = null;
      try {
        const response = await next(Object.assign(request, { timeout: timeoutMs }));
        // The SDK shows a proxy's refusal as if Microsoft had answered.
        if (response.status === 407) network.code = "ERR_PROXY_TUNNEL";
        return response;
      } catch (error) {
        network.code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
        throw error;
      }
    },
  };
  const options = {
    authorityHost: CLOUDS[cloud].authority,
    retryOptions: SDK_RETRIES,
    additionalPolicies: [{ policy: limited, position: "perRetry" as const }],
  };
  switch (credential.kind) {
    case "secret":
      return new ClientSecretCredential(tenantId, clientId, credential.clientSecret, options);
    case "certificate":
      certificateEnd(credential.pem);
      return new ClientCertificateCredential(tenantId, clientId, { certificate: credential.pem }, options);
    case "workload":
      return new ClientAssertionCredential(tenantId, clientId, credential.readToken, options);
  }
}

/** A shared request goes on for the others when one caller leaves. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const leave = (): void => reject(cancelled());
  signal.addEventListener("abort", leave, { once: true });
  work.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  return promise;
}

/** What to do about an AADSTS number. @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const REMEDIES: ReadonlyMap<number, string> = new Map([
  [7000215, "Put the current client secret of the app registration (its value, not its id) into the configuration."],
  [7000222, "The client secret has expired: make a new one in the app registration and configure it."],
  [700027, "Upload the configured certificate to the app registration, or configure the one that it has."],
  [700016, "Have the customer's administrator consent to the app, or correct the client id in the configuration."],
  [7000229, "Have the customer's administrator consent to the app: the tenant has no service principal of it."],
  [90002, "Correct tenant.id or tenant.cloud in the configuration: this cloud has no such tenant."],
  [500011, "Correct tenant.cloud in the configuration: the tenant has no such service of this cloud."],
  [65001, "Have the customer's administrator consent to the app."],
  [700211, "Add a federated credential with the issuer of the workload's token to the app registration."],
  [700212, "Have the workload's token made for the audience that the app's federated credential names."],
  [700213, "Add a federated credential with the subject of the workload's token to the app registration."],
  [700024, "Set the clock of this computer by a time server, or have the workload's token file renewed."],
]);

function tokenFault(error: unknown, { code }: Network): RolloutError {
  const own = ownFault(error);
  if (own !== null) return own;
  // The SDK's text quotes ids and traces of the vendor, so neither it nor the error object goes on: numbers do.
  const refusal = refusalIn(error);
  if (refusal !== null) {
    const remedy = REMEDIES.get(refusal.aadsts ?? 0);
    return new ConnectorAuthenticationError("Microsoft Entra ID did not accept the app's credential.", {
      nextStep: remedy ?? "Have an operator check tenant id, client id and credential in the configuration.",
      details: { vendor: "Microsoft Entra ID", ...refusal },
    });
  }
  if (code !== null && isUnsent(code)) {
    return new VendorErrors("The Microsoft sign-in service").unanswered({ kind: "unsent", code });
  }
  return new ConnectorUnavailableError("The Microsoft sign-in service gave no usable answer.", {
    nextStep: "Call again in a few minutes.",
    details: { vendor: "Microsoft Entra ID", network: code },
  });
}

/** Our own error, from where the SDK has asked us for the workload's token. The deadline's end is nobody's giving up. */
function ownFault(error: unknown): RolloutError | null {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof RolloutError && !(at instanceof CancelledError)) return at;
  }
  return null;
}

/** MSAL's ServerError of a 400 or 401, wherever in the chain of causes the SDK has put it. */
function refusalIn(error: unknown): { readonly status: number; readonly aadsts: number | null } | null {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (!("status" in at) || (at.status !== 400 && at.status !== 401)) continue;
    const number = /AADSTS(\d+)/.exec(at.message)?.[1];
    return { status: at.status, aadsts: number === undefined ? null : Number(number) };
  }
  return null;
}
