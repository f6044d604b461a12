import type { VendorsDump } from "../../../src/cli/demo/vendors-dump.ts";
import type { EffectSubject } from "../../../src/domain/model/effect.ts";
import type { Effect } from "../../../src/ports/rollout-store.ts";
import type { FaultRule } from "../box.ts";
import type { WritesRoom } from "../writes-room.ts";
/** One write of one vendor, and the effect that makes it. */
export interface Write {
  readonly kind: EffectSubject["kind"];
  readonly vendor: string;
  /** Method and path as the sandbox names its route. */
  readonly route: string;
  /** An effect of its own for each name. May write by itself to prepare. */
  make(room: WritesRoom, rollout: string, name: string): Promise<Effect>;
  /** Right before the first call. */
  prepare?(room: WritesRoom): Promise<void>;
  /** How often the change stands at the vendor. */
  times(held: VendorsDump, name: string): number;
  /** Faults on the way to this write. */
  readonly before?: readonly FaultRule[];
  /** How often it may stand when one request was delivered twice; 1 unless told. */
  readonly deliveredTwice?: number;
  /** Writes of one effect take turns, since each would meet the other's faults. By route unless told. */
  readonly lane?: string;
  /** How long this vendor is looked at, in milliseconds, where longer than the guarantee says for all. */
  readonly lagMs?: number;
  /** The vendor offers no way to look. */
  readonly blind?: true;
}

export const call = { signal: new AbortController().signal };
export const count = (found: readonly unknown[]): number => found.length;

/** Where a fault has to strike to hit the write. */
export function faultOn({ vendor, route }: Pick<Write, "vendor" | "route">) {
  const [method = "", path = ""] = route.split(" ");
  const source = path.replaceAll(/[.$]/g, String.raw`\$&`).replaceAll(/:[A-Za-z]+/g, "[^/]+");
  return { vendor, method, path: `^${source}(\\?|$)` };
}

/** Requests that change nothing though they are no GET, and those that tests make to prepare. */
const NO_WRITES: ReadonlySet<string> = new Set([
  "POST /token",
  "POST /api/4.0/login",
  "DELETE /bigquery/v2/projects/:project/datasets/:dataset/tables/:table",
  "POST /:tenant/oauth2/v2.0/token",
  "POST /api/v2/datasets/:name/data",
  "POST /v1.0/$batch",
  "POST /v1.0/identity/conditionalAccess/evaluate",
  "POST /v1.0/myorg/groups/:group/datasets/:id/executeQueries",
  "DELETE /v1.0/myorg/groups/:group/datasets/:id",
  "POST /v4_6_release/apis/3.0/service/tickets",
]);

/** The routes that were written to, from what a sandbox counted. */
export function writtenTo({ requests }: Pick<VendorsDump, "requests">): ReadonlySet<string> {
  const routes = Object.values(requests).flatMap(({ byRoute }) => Object.keys(byRoute));
  return new Set(routes.filter((route) => !route.startsWith("GET ") && !NO_WRITES.has(route)));
}
