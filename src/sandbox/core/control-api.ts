import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { FAULT_KINDS, type Faults } from "./faults.ts";
import type { Recorder } from "./recorder.ts";
import type { Box, Vendor } from "./vendor.ts";

const HOUR_MS = 3_600_000;

export interface ControlParts {
  readonly box: Box;
  readonly vendors: readonly Vendor[];
  readonly faults: Faults;
  readonly recorder: Recorder;
}

interface ControlAnswer {
  readonly status: number;
  readonly type?: string;
  readonly body?: unknown;
}

const ClockChange = z.union([
  z.strictObject({ now: z.iso.datetime({ offset: true }) }),
  z.strictObject({ advanceHours: z.number().nonnegative() }),
]);

const FaultRules = z.array(
  z.strictObject({
    vendor: z.string().optional(),
    method: z.string().optional(),
    path: z.string().refine(isRegularExpression, "must be a regular expression").optional(),
    kind: z.enum(FAULT_KINDS),
    status: z.int().min(400).max(599).optional(),
    retryAfterSeconds: z.number().nonnegative().optional(),
    delayMs: z.number().nonnegative().optional(),
    times: z.int().positive().optional(),
  }),
);

/** Answers requests to the box itself: its clock, its faults and what its vendors have seen. */
export async function answerControl(
  parts: ControlParts,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const answer = await controlAnswer(parts, incoming).catch((error: unknown): ControlAnswer => {
    // Only what the caller got wrong; anything else is a bug and ends the connection.
    if (error instanceof z.ZodError) return { status: 400, body: { error: z.prettifyError(error) } };
    if (error instanceof RangeError || error instanceof SyntaxError) {
      return { status: 400, body: { error: error.message } };
    }
    throw error;
  });
  const type = answer.type ?? "application/json; charset=utf-8";
  outgoing.writeHead(answer.status, answer.body === undefined ? {} : { "content-type": type });
  outgoing.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
}

async function controlAnswer(parts: ControlParts, incoming: IncomingMessage): Promise<ControlAnswer> {
  const { box, faults, recorder } = parts;
  const path = new URL(incoming.url ?? "/", "http://box.invalid").pathname;
  const [, kind, named, deed] = /^\/world\/(legacy-clients|phones)\/([^/]+)\/([a-z]+)$/.exec(path) ?? [];
  const accountId = decodeURIComponent(named ?? "");
  switch (`${incoming.method} ${kind === undefined ? path : `/world/${kind}/:accountId/${deed}`}`) {
    case "GET /clock":
      return clockAnswer(box);
    case "POST /clock":
      box.world.moveTo(clockTarget(box, ClockChange.parse(await readJson(incoming))));
      return clockAnswer(box);
    case "GET /world":
      return { status: 200, body: box.world.dump() };
    case "GET /vendors.json":
      return { status: 200, body: dumpOf(parts) };
    case "GET /requests.jsonl":
      return { status: 200, type: "application/jsonl; charset=utf-8", body: await recorder.text() };
    case "POST /faults":
      faults.add(FaultRules.parse(await readJson(incoming)));
      return { status: 204 };
    case "DELETE /faults":
      faults.clear();
      return { status: 204 };
    case "POST /tokens/revoke":
      box.tokens.revokeAll();
      return { status: 204 };
    case "POST /world/legacy-clients/:accountId/retire":
      box.world.retireLegacyClient(accountId);
      return { status: 204 };
    case "POST /world/phones/:accountId/lose":
      box.world.losePhone(accountId);
      return { status: 204 };
    case "POST /world/phones/:accountId/replace":
      box.world.replacePhone(accountId);
      return { status: 204 };
    default:
      return { status: 404, body: { error: `The sandbox's control API has no ${incoming.method} ${path}.` } };
  }
}

/** What each vendor holds, what each was asked, and who is who: the content of `vendors.json`. */
function dumpOf({ box, vendors, recorder }: ControlParts): Readonly<Record<string, unknown>> {
  return Object.assign({}, ...vendors.map((vendor) => vendor.dump()), {
    requests: recorder.counts(),
    world: box.world.dump(),
  });
}

function clockAnswer({ world }: Box): ControlAnswer {
  return { status: 200, body: { now: new Date(world.now()).toISOString() } };
}

function clockTarget({ world }: Box, change: z.output<typeof ClockChange>): number {
  return "now" in change ? Date.parse(change.now) : world.now() + change.advanceHours * HOUR_MS;
}

function isRegularExpression(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

async function readJson(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}
