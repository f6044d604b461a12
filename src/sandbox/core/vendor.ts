import type { World } from "../world/world.ts";
import type { MicrosoftCloud } from "./microsoft-clouds.ts";
import type { Tokens } from "./tokens.ts";

/** A request as a simulated vendor sees it, after TLS; header names in lower case. */
export interface VendorRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface VendorResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string or Buffer goes out as it is; anything else as JSON; `undefined` sends no body. */
  readonly body?: unknown;
}

/** What a request named by `:name` in its route's path, decoded. */
export type PathParameters = Readonly<Record<string, string>>;

export interface Route {
  readonly method: string;
  /** Path pattern, e.g. `/v1.0/groups/:id/members/$ref`. Matched literally but for `:name`, on the decoded path. */
  readonly path: string;
  handle(request: VendorRequest, parameters: PathParameters): VendorResponse | Promise<VendorResponse>;
}

/**
 * One simulated vendor: the host names it answers for and its routes. `dump` is its part of `vendors.json`.
 * A vendor keeps its own state and reads people and time from the world; it never imports another vendor.
 */
export interface Vendor {
  readonly name: string;
  /** Exact host names, or `*.bamboohr.com`. */
  readonly hosts: readonly string[];
  readonly routes: readonly Route[];
  /** Answers a path that no route has, in the vendor's own form of "not found". */
  notFound(request: VendorRequest): VendorResponse;
  /** An HTML page such as this vendor's login or maintenance page, for the fault `html`. */
  readonly htmlPage: string;
  /** The vendor's own form of "too many requests" and "server error", for injected faults. */
  failure(status: number): VendorResponse;
  dump(): Readonly<Record<string, unknown>>;
}

/** Credentials that the box accepts, made or chosen at start and printed for whoever configures the product. */
export interface Secrets {
  readonly entra: {
    readonly clientId: string;
    readonly clientSecret: string;
    /** Two certificates, each with its key as PEM; the old one ends a week after the story begins. */
    readonly certificatePem: string;
    readonly oldCertificatePem: string;
    /** A workload outside Entra that the app trusts: whose tokens, for whom, and one of them. */
    readonly workload: { readonly issuer: string; readonly subject: string; readonly token: string };
  };
  /** A person's delegated token for Teams, as from a device-code sign-in; a refresh token of a public client. */
  readonly teams: { readonly clientId: string; readonly refreshToken: string; readonly user: string };
  readonly bamboohr: { readonly company: string; readonly apiKey: string };
  readonly gmail: {
    readonly clientEmail: string;
    readonly privateKeyPem: string;
    readonly publicKeyPem: string;
    readonly sender: string;
  };
  readonly connectwise: {
    readonly companyId: string;
    readonly publicKey: string;
    readonly privateKey: string;
    readonly clientId: string;
    /** `identifier` of the customer's company record. */
    readonly customer: string;
  };
  readonly powerBi: { readonly workspaceId: string };
  /** Where Gmail's service account, without a mailbox, may load rows. */
  readonly bigquery: { readonly projectId: string; readonly dataset: string; readonly location: string };
  /** An API key of a Looker user. */
  readonly looker: { readonly host: string; readonly clientId: string; readonly clientSecret: string };
  /** An integration system user, and an API client of the same. */
  readonly workday: {
    readonly host: string;
    readonly tenant: string;
    readonly user: string;
    readonly password: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly refreshToken: string;
  };
  /** The MSP's own tenant, whose technicians reach the customer through GDAP. */
  readonly mspTenantId: string;
}

export interface Box {
  readonly world: World;
  /** Where the company's tenant lives. */
  readonly cloud: MicrosoftCloud;
  readonly tokens: Tokens;
  readonly secrets: Secrets;
}

/** Makes a vendor in a box. */
export type VendorFactory = (box: Box) => Vendor;
