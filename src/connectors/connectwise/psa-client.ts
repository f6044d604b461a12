import { z } from "zod";
import { ConnectorContractError } from "../../errors.ts";
import type { VendorErrors } from "../http/vendor-errors.ts";
import { VendorHttp } from "../http/vendor-http.ts";

export interface PsaClientOptions {
  /** Host of the cloud, with or without its `api-` prefix, e.g. `na.myconnectwise.net`; or an on-premises host. */
  readonly site: string;
  /** The MSP's own company id, which stands before the public key. */
  readonly companyId: string;
  readonly publicKey: string;
  readonly privateKey: string;
  /** GUID of the integration, from the developer site; every call names it. */
  readonly clientId: string;
  /** Longest wait for one answer. 20 s unless told. */
  readonly timeoutMs?: number;
  /** First pause between tries of a read, doubled each time. 150 ms unless told. */
  readonly backoffBaseMs?: number;
}

interface PsaCall<T> {
  readonly schema: z.ZodType<T>;
  /** The security role's right, e.g. "Service Desk > Service Tickets: Inquire". */
  readonly permission: string;
  readonly signal: AbortSignal;
}

export interface PsaList<T> extends PsaCall<T> {
  readonly conditions?: string;
  readonly fields: string;
  /** Stop after so many records. */
  readonly limit?: number;
}

/** The name of the current release, whichever it is: a release's own name changes with every upgrade. */
const API = "/v4_6_release/apis/3.0";
const PAGE_SIZE = 250;

/**
 * The REST API of ConnectWise PSA.
 * @see https://developer.connectwise.com (Developer Guide)
 */
export class PsaClient {
  readonly host: string;
  readonly #http: VendorHttp;

  constructor(options: PsaClientOptions) {
    const { site, companyId, publicKey, privateKey, clientId, timeoutMs, backoffBaseMs } = options;
    // Without the prefix a cloud host answers "SSL is required".
    this.host = site.endsWith(".myconnectwise.net") && !site.startsWith("api-") ? `api-${site}` : site;
    const user = `${companyId}+${publicKey}`;
    const credential = {
      Authorization: `Basic ${Buffer.from(`${user}:${privateKey}`, "utf8").toString("base64")}`,
      clientId,
    };
    this.#http = new VendorHttp({
      vendor: "ConnectWise PSA",
      baseUrl: `https://${this.host}`,
      headers: () => credential,
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(backoffBaseMs !== undefined && { backoffBaseMs }),
    });
  }

  get errors(): VendorErrors {
    return this.#http.errors;
  }

  /** Yields every record by ascending id, following the `Link` header. */
  async *list<T>(path: string, { schema, conditions, fields, limit, ...call }: PsaList<T>): AsyncGenerator<T> {
    const query = { conditions, fields, orderBy: "id asc", pageSize: Math.min(limit ?? PAGE_SIZE, PAGE_SIZE) };
    const rows = z.array(schema);
    let page = await this.#page(path, () => this.#http.getPage(`${API}${path}`, { ...call, schema: rows, query }));
    let left = limit ?? Number.POSITIVE_INFINITY;
    const seen = new Set<string>();
    for (;;) {
      yield* page.body.slice(0, left);
      left -= page.body.length;
      const next = page.next;
      if (next === null || left <= 0) return;
      if (seen.has(next)) throw this.errors.contract("with pages that lead in a circle");
      seen.add(next);
      page = await this.#page(path, () => this.#http.getPage(next, { ...call, schema: rows }));
    }
  }

  async get<T>(path: string, call: PsaCall<T> & { readonly fields: string }): Promise<T> {
    const { fields, ...rest } = call;
    return this.#http.get(`${API}${path}`, { ...rest, query: { fields } });
  }

  /** Not repeatable. @throws {ConnectorAmbiguousError} the answer was lost. */
  async create<T>(path: string, body: Readonly<Record<string, unknown>>, call: PsaCall<T>): Promise<T> {
    return this.#http.post(`${API}${path}`, { ...call, body });
  }

  /**
   * Replaces fields as a whole. A 200 proves nothing (a path ConnectWise cannot follow answers 200 too): read back.
   *
   * @param fields - By names that are bare and case-sensitive: no slash before or within.
   */
  async replace(path: string, fields: Readonly<Record<string, unknown>>, call: PsaCall<unknown>): Promise<void> {
    const body = Object.entries(fields).map(([field, value]) => ({ op: "replace", path: field, value }));
    await this.#http.patch(`${API}${path}`, { ...call, body });
  }

  /** A collection is always there, so its 404 is the cloud's way of refusing a company id or key. */
  async #page<T>(path: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      const isCollection = !/\/\d+(\/|$)/.test(path);
      if (isCollection && error instanceof ConnectorContractError && error.details.status === 404) {
        throw this.errors.authentication({ status: 404 });
      }
      throw error;
    }
  }
}
