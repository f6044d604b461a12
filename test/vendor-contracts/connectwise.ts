import { z } from "zod";
import type { Exchange } from "./exchange.ts";
import { OpenApi } from "./open-api.ts";
import { Shapes } from "./shapes.ts";

const Patch = z.array(
  z.strictObject({ op: z.enum(["add", "replace", "remove"]), path: z.string(), value: z.unknown() }),
);

/**
 * ConnectWise PSA, of whose contract only the reading half is at hand: a record is written where it is read, in the form in
 * which it is answered.
 */
export class ConnectWise extends OpenApi {
  readonly #changes: Shapes;

  constructor(document: unknown) {
    // The codebase, such as `v4_6_release`, changes with each release.
    super(document, { base: /^\/[^/]+\/apis\/3\.0/, fieldsChosen: true });
    this.#changes = new Shapes(document, { closed: true, partial: true });
  }

  protected override beyond(path: string, { method, body }: Exchange): readonly string[] {
    const list = this.answerSchemaAt(path);
    if (list === null || (method !== "POST" && method !== "PATCH")) return [`no ${method} at ${path}`];
    if (method === "POST")
      return this.requests.faults(`${this.at(list).at}/items`, body).map((fault) => `body ${fault}`);
    const patch = Patch.safeParse(body);
    if (!patch.success) return ["a body that is no list of changes"];
    const record = this.at(list).at;
    return patch.data.flatMap(({ path: field, value }) =>
      this.#changes.faults(record, { [field]: value }).map((fault) => `change of ${field} ${fault}`),
    );
  }
}
