import { z } from "zod";
import { ConfigurationError } from "../../errors.ts";
import { keptToken } from "../http/kept-token.ts";
import { VendorHttp } from "../http/vendor-http.ts";

export interface LookerOptions {
  /** Host of the instance's API, with its port where that is not 443. */
  readonly host: string;
  /** API key of a Looker user, whose rights it has. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** Name of the model in which `dashboards/looker` was deployed. */
  readonly model: string;
  /** The longest wait for one answer, where not the usual. */
  readonly timeoutMs?: number;
}

interface Call {
  readonly signal: AbortSignal;
}

/** As `dashboards/looker/mfa_rollout.model.lkml` names it. */
const DATAGROUP = "mfa_enrolment";
const SEE = "the Looker permission see_datagroups, and access to the model";
const UPDATE = "the Looker permission update_datagroups";

const Datagroups = z.array(
  z.object({ id: z.string(), model_name: z.string().nullable(), name: z.string().nullable() }),
);

/** Looker caches what its dashboards show; triggering the datagroup of a model empties that cache at once. */
export class LookerApi {
  readonly #model: string;
  readonly #http: VendorHttp;

  constructor({ host, clientId, clientSecret, model, timeoutMs }: LookerOptions) {
    const patience = timeoutMs === undefined ? {} : { timeoutMs };
    const baseUrl = `https://${host}`;
    // In the body: Looker is about to refuse credentials in the query. It answers an unknown key with 404.
    const token = keptToken({
      vendor: "Looker",
      baseUrl,
      path: "/api/4.0/login",
      form: () => ({ client_id: clientId, client_secret: clientSecret }),
      refusedBy: 404,
      ...patience,
    });
    this.#model = model;
    this.#http = new VendorHttp({
      vendor: "Looker",
      baseUrl,
      ...patience,
      headers: async (call) => ({ Authorization: `token ${await token(call)}` }),
    });
  }

  /** @throws {ConfigurationError} the model was not deployed there, or its key may not see it. */
  async datagroupId({ signal }: Call): Promise<string> {
    const datagroups = await this.#http.get("/api/4.0/datagroups", {
      schema: Datagroups,
      permission: SEE,
      signal,
    });
    const model = this.#model;
    const found = datagroups.find(({ model_name, name }) => model_name === model && name === DATAGROUP);
    if (found !== undefined) return found.id;
    throw new ConfigurationError(`Looker shows no datagroup ${DATAGROUP} in the model ${model}.`, {
      nextStep:
        "Deploy the files of dashboards/looker to production in Looker, or correct dashboard.looker.model; the API key's user needs access to the model.",
      details: { model, datagroup: DATAGROUP },
    });
  }

  /**
   * What was cached before is stale; repeatable.
   * @param at - Whole seconds since 1970, not in the future.
   */
  async trigger(at: number, call: Call): Promise<void> {
    const id = await this.datagroupId(call);
    await this.#http.patch(`/api/4.0/datagroups/${encodeURIComponent(id)}`, {
      schema: z.unknown(),
      permission: UPDATE,
      ...call,
      body: { triggered_at: at },
    });
  }
}
