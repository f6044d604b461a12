import { z } from "zod";
import { backoffMs, MAX_RETRIES, pause, retryAfterMs } from "../http/pause.ts";
import type { GraphCall, GraphClient } from "./graph-client.ts";

/** Graph takes no more in one `$batch`. */
export const MAX_BATCH_ITEMS = 20;
/** Longest wait in all for throttled items, in ms: Exchange serves four of an app's requests at once and delays the rest. */
const MAX_ITEM_WAIT_MS = 20_000;
const ITEM_BACKOFF_MS = 500;

const Answers = z.object({
  responses: z.array(
    z.object({
      id: z.string(),
      status: z.number().int(),
      headers: z.record(z.string(), z.string()).nullish(),
      body: z.unknown(),
    }),
  ),
});
type Answer = z.output<typeof Answers>["responses"][number];

/**
 * Asks up to 20 GETs at once; paths come without version ("/users/…") and answers in the order asked, `null` where
 * Graph said 404. The batch itself answers 200 even if every item is refused, and nothing below repeats an item, so
 * items that were throttled or failed on Graph's side are asked again here, alone.
 *
 * @throws Connector errors as GraphClient does, for the first item that stays without an answer.
 */
export async function batchGet<T>(
  graph: GraphClient,
  paths: readonly string[],
  call: GraphCall<T>,
): Promise<readonly (T | null)[]> {
  if (paths.length > MAX_BATCH_ITEMS) throw new RangeError(`at most ${MAX_BATCH_ITEMS} items, got ${paths.length}`);
  const done = new Map<string, T | null>();
  let open = paths.map((url, index) => ({ id: String(index), method: "GET", url }));
  let waitedMs = 0;
  for (let attempt = 0; open.length > 0; attempt++) {
    const { responses } = await graph.post("/v1.0/$batch", {
      ...call,
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
  return paths.map((_, index) => done.get(String(index)) ?? null);
}

function settle<T>(graph: GraphClient, { status, body }: Answer, call: GraphCall<T>): T | null {
  if (status === 404) return null;
  if (status === 401 || status === 403) throw graph.errors.permission(call.permission, { status });
  if (status !== 200) throw graph.errors.contract(`status ${status} to an item of a batch`, { status });
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
