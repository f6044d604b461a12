import { z } from "zod";
import { backoffMs, MAX_RETRIES, pause, retryAfterMs } from "../http/pause.ts";
import type { GraphCall, GraphClient } from "./graph-client.ts";

/** Graph takes no more in one `$batch`. */
export const MAX_BATCH_ITEMS = 20;
/** An item with a body says itself what it is; no header of the batch counts for it. */
const JSON_BODY = { headers: { "Content-Type": "application/json" } };
/** Longest wait in all for throttled items, in ms: Exchange serves four of an app's requests at once and delays the rest. */
const MAX_ITEM_WAIT_MS = 20_000;
const ITEM_BACKOFF_MS = 500;

const Answers = z.object({
  responses: z.array(
    z.object({
      id: z.string(),
      status: z.number().int(),
      headers: z.record(z.string(), z.string()).nullish(),
      body: z.unknown().optional(),
    }),
  ),
});
type Answer = z.output<typeof Answers>["responses"][number];

/** One request of a batch; its path comes without version ("/users/…"). */
interface BatchItem {
  readonly method: "GET" | "PATCH";
  readonly url: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** Asks up to 20 GETs at once. @see batch */
export const batchGet = <T>(
  graph: GraphClient,
  paths: readonly string[],
  call: GraphCall<T>,
): Promise<readonly (T | null)[]> =>
  batch(
    graph,
    paths.map((url) => ({ method: "GET", url })),
    call,
  );

/**
 * Sends up to 20 requests at once, all of which may be repeated; answers come in the order asked, `null` where Graph
 * said 404. The batch itself answers 200 even if every item is refused, and nothing below repeats an item, so
 * items that were throttled or failed on Graph's side are asked again here, alone.
 *
 * @throws Connector errors as GraphClient does, for the first item that stays without an answer.
 */
export async function batch<T>(
  graph: GraphClient,
  items: readonly BatchItem[],
  call: GraphCall<T> & { readonly version?: "v1.0" | "beta" },
): Promise<readonly (T | null)[]> {
  if (items.length > MAX_BATCH_ITEMS) throw new RangeError(`at most ${MAX_BATCH_ITEMS} items, got ${items.length}`);
  const { version = "v1.0", ...rest } = call;
  const done = new Map<string, T | null>();
  let open = items.map((item, index) => ({ id: String(index), ...item, ...(item.body && JSON_BODY) }));
  let waitedMs = 0;
  for (let attempt = 0; open.length > 0; attempt++) {
    const { responses } = await graph.post(`/${version}/$batch`, {
      ...rest,
      schema: Answers,
      body: { requests: open },
      repeatable: true,
    });
    const answers = new Map(responses.map((answer) => [answer.id, answer]));
    const again: Answer[] = [];
    for (const { id } of open) {
      const answer = answers.get(id);
      if (answer === undefined) throw graph.errors.contract("a batch without one of its items");
      if (answer.status === 429 || answer.status >= 500) again.push(answer);
      else done.set(id, settle(graph, answer, call));
    }
    open = open.filter(({ id }) => !done.has(id));
    if (open.length === 0) break;
    const delay = delayBefore(again, attempt);
    waitedMs += delay;
    if (attempt === MAX_RETRIES || waitedMs > MAX_ITEM_WAIT_MS) {
      const throttled = again.some(({ status }) => status === 429);
      throw throttled ? graph.errors.throttled(Math.ceil(delay / 1_000)) : graph.errors.unavailable();
    }
    await pause(delay, call.signal);
  }
  return items.map((_, index) => done.get(String(index)) ?? null);
}

function settle<T>(graph: GraphClient, { status, body }: Answer, call: GraphCall<T>): T | null {
  if (status === 404) return null;
  if (status === 401 || status === 403) throw graph.errors.permission(call.permission, { status });
  if (status !== 200 && status !== 204)
    throw graph.errors.contract(`status ${status} to an item of a batch`, { status });
  const parsed = call.schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path.map(String).join(".") || "(whole item)";
  throw graph.errors.contract(`an item of a batch without a usable value at ${path}`, { path });
}

/** The longest that any item asks for: items of one mailbox service are throttled together. */
function delayBefore(again: readonly Answer[], attempt: number): number {
  const asked = again.map(({ headers }) => {
    const lower = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
    return retryAfterMs(Object.fromEntries(lower)) ?? 0;
  });
  return Math.max(backoffMs(attempt, ITEM_BACKOFF_MS), ...asked);
}
