import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RolloutError } from "../../src/errors.ts";
import { GUARANTEES } from "../../src/kit/effects/guarantees.ts";
import type { Effect } from "../../src/ports/rollout-store.ts";
import type { FaultRule } from "../support/box.ts";
import { WRITES } from "../support/writes/all-writes.ts";
import { faultOn, type Write, writtenTo } from "../support/writes/write.ts";
import { type WritesRoom, writesRoom } from "../support/writes-room.ts";

/** Everything that can become of one write when its answer does not tell. */
const ANSWERS: Readonly<Record<string, Omit<FaultRule, "vendor" | "method" | "path"> | "dies before" | "dies after">> =
  {
    "reset before": { kind: "lost_request" },
    "reset after": { kind: "lost_answer" },
    "500 after": { kind: "status_after", status: 500 },
    "502 after": { kind: "status_after", status: 502 },
    "503 after": { kind: "status_after", status: 503 },
    "504 after": { kind: "status_after", status: 504 },
    "silence after": { kind: "no_answer" },
    "202 and nothing": { kind: "accepted" },
    "202 and done": { kind: "accepted_after" },
    "half an answer": { kind: "truncated" },
    "a web page": { kind: "html" },
    "504 and done late": { kind: "late", status: 504, delayMs: 300 },
    "delivered twice": { kind: "twice" },
    "dies before": "dies before",
    "dies after": "dies after",
  };

/** Errors after which the next call goes on. */
const GOES_ON = new Set([
  "ERR_CONNECTOR_AMBIGUOUS",
  "ERR_CONNECTOR_LAG",
  "ERR_CONNECTOR_UNAVAILABLE",
  "ERR_CONNECTOR_THROTTLED",
]);
const CALLS = 4;

type Ends = readonly { readonly answer: string; readonly ended: string; readonly times: number }[];

let room: WritesRoom;
const rows = new Map<Write, Promise<Ends>>();

beforeAll(async () => {
  room = await writesRoom();
  // Everything is prepared before the first fault, because one row prepares by another's route.
  const prepared = await Promise.all(WRITES.map(prepare));
  const lanes = new Map<string, Promise<unknown>>();
  for (const [index, write] of WRITES.entries()) {
    const { lane = write.route } = write;
    const ends = (lanes.get(lane) ?? Promise.resolve()).then(() => endsOf(write, prepared[index] ?? []));
    rows.set(write, ends);
    lanes.set(
      lane,
      ends.catch(() => {}),
    );
  }
}, 120_000);
afterAll(() => room[Symbol.asyncDispose]());

interface Case {
  readonly answer: string;
  readonly rollout: string;
  readonly name: string;
  readonly effect: Effect;
}

async function prepare(write: Write, index: number): Promise<readonly Case[]> {
  const rollout = `rol_${index}`;
  await room.begin(rollout);
  const cases: Case[] = [];
  for (const answer of Object.keys(ANSWERS)) {
    const name = `w${index}${answer.replaceAll(" ", "")}`;
    cases.push({ answer, rollout, name, effect: await write.make(room, rollout, name) });
  }
  return cases;
}

/** Calls as a host does that is killed between its calls; how it ended, or the code that no call gets past. */
async function endOf(rollout: string, effect: Effect): Promise<string> {
  let last = "";
  for (let calls = 0; calls < CALLS; calls++) {
    try {
      await room.run(rollout, effect);
      return "done";
    } catch (error) {
      if (!(error instanceof RolloutError)) throw error;
      last = error.code;
      if (error.code === "ERR_CONNECTOR_THROTTLED") room.box.world.moveTo(room.box.world.now() + 60_000);
      if (!GOES_ON.has(error.code)) return last;
    }
  }
  return last;
}

async function endUnder(write: Write, { answer, rollout, name, effect }: Case) {
  await write.prepare?.(room);
  const fault = ANSWERS[answer];
  if (fault === "dies before") await room.dieBefore(rollout, effect);
  else if (fault === "dies after") await room.dieAfter(rollout, effect);
  else if (fault !== undefined) await room.box.fail(...(write.before ?? []), { ...faultOn(write), ...fault });
  const ended = await endOf(rollout, effect);
  expect(await endOf(rollout, effect)).toBe(ended);
  return { answer, ended, times: write.times(await room.held(), name) };
}

/** One answer after the other. What stands at the vendor is counted at once and, for what comes late, at the end. */
async function endsOf(write: Write, cases: readonly Case[]): Promise<Ends> {
  const ends = [];
  for (const one of cases) ends.push(await endUnder(write, one));
  if (write.blind) room.box.world.moveTo(room.box.world.now() + 60_000); // A flow posts some seconds later.
  const held = await room.held();
  return ends.map((end, index) => ({
    ...end,
    times: Math.max(end.times, write.times(held, cases[index]?.name ?? "")),
  }));
}

describe("a change whose answer does not tell", () => {
  it.each(WRITES)("stands once, or is known to be unknown: $route", { timeout: 240_000 }, async (write) => {
    const ends = await rows.get(write);
    const wanted = Object.keys(ANSWERS).map((answer) => {
      const most = answer === "delivered twice" ? (write.deliveredTwice ?? 1) : 1;
      const times = expect.toBeOneOf([write.blind ? 0 : 1, 1, most]);
      return { answer, ended: write.blind ? "ERR_OUTCOME_UNKNOWN" : "done", times };
    });
    expect(ends).toEqual(wanted);
  });

  it("met each answer at each write exactly once, and no other write was seen", async () => {
    await Promise.all(rows.values());
    const seen = await room.exchanges();
    const planned = plannedStrikes();
    const struck = [...planned.keys()].map((route) => [route, countsOf(struckAt(seen, route))] as const);
    expect(Object.fromEntries(struck)).toEqual(
      Object.fromEntries([...planned].map(([route, faults]) => [route, countsOf(faults)])),
    );
    expect(writtenTo(await room.held())).toEqual(new Set(WRITES.map(({ route }) => route)));
  });

  it("is one of every kind of effect that has a guarantee", () => {
    // The request for sign-off is a mail like any other.
    const kinds = new Set<string>([...WRITES.map(({ kind }) => kind), "signoff_mail"]);
    expect(kinds).toEqual(new Set(Object.keys(GUARANTEES)));
  });

  it("is looked for as long as its guarantee says", async () => {
    for (const [index, write] of WRITES.entries()) {
      const { lagMs } = await write.make(room, `rol_lag_${index}`, `lag${index}`);
      expect({ kind: write.kind, lagMs }).toEqual({
        kind: write.kind,
        lagMs: write.lagMs ?? GUARANTEES[write.kind].lagMs,
      });
    }
  });
});

/** A fault as the sandbox records it: several differ in nothing but the status that came back. */
const strike = (kind: string, status: number | undefined): string =>
  kind === "status_after" || kind === "late" ? `${kind} ${status}` : kind;

/** Every fault that the rows plan, those on the way to a write included, by `vendor method path` of where it strikes. */
function plannedStrikes(): ReadonlyMap<string, readonly string[]> {
  const planned = new Map<string, string[]>();
  const plan = ({ vendor, method, path, kind, status }: FaultRule): void => {
    const route = `${vendor} ${method} ${path}`;
    planned.set(route, [...(planned.get(route) ?? []), strike(kind, status)]);
  };
  for (const write of WRITES) {
    for (const fault of Object.values(ANSWERS)) {
      if (typeof fault === "string") continue;
      for (const rule of [...(write.before ?? []), { ...faultOn(write), ...fault }]) plan(rule);
    }
  }
  return planned;
}

/** The faults that struck there. */
function struckAt(seen: Awaited<ReturnType<WritesRoom["exchanges"]>>, route: string): readonly string[] {
  const [vendor, method, path = ""] = route.split(" ");
  const here = seen.filter((one) => one.vendor === vendor && one.method === method && isAt(path, one.url));
  return here.flatMap(({ fault, status }) => (fault === null ? [] : [strike(fault, status)]));
}

function countsOf(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

const isAt = (path: string, url: string): boolean => {
  const { pathname, search } = new URL(url);
  return new RegExp(path).test(pathname + search);
};
