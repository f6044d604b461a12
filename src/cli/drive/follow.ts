import { setTimeout as pause } from "node:timers/promises";
import type { Client } from "@modelcontextprotocol/client";
import { z } from "zod";

/** What `get_rollout` says of what to do now, as far as a driver reads it. */
const Answer = z.object({
  now: z.string(),
  next: z.object({
    do: z.enum(["call", "wait", "finished"]),
    tool: z.string().optional(),
    args: z.record(z.string(), z.unknown()).optional(),
    wait_for: z.enum(["time", "approval", "signoff", "finding", "person"]).optional(),
    until: z.string().optional(),
    plan_id: z.string().optional(),
    finding_ids: z.array(z.string()).optional(),
    why: z.string(),
  }),
});
export type Next = z.output<typeof Answer>["next"];

const Failure = z.object({ code: z.string(), remedy: z.string(), message: z.string(), nextStep: z.string() });
export type Failure = z.output<typeof Failure>;

/** The world outside the driver: people who decide, and time. */
export interface Surroundings {
  /** Lets time pass until then. */
  waitUntil(until: string): Promise<void>;
  /** Gives the people who are waited for a moment; called again and again until they have acted. */
  waitForPeople(next: Next): Promise<void>;
  /** A person deals with a finding and says how. */
  resolve(findingId: string): Promise<{ readonly resolution: string; readonly by: string; readonly why: string }>;
  /** Tells whoever watches. */
  report(step: Step): void;
}

/** One thing that happened, in the order in which it happened. */
export type Step =
  | {
      readonly kind: "called";
      readonly at: string;
      readonly tool: string;
      readonly args: Record<string, unknown>;
      readonly text: string;
      readonly status: string | null;
    }
  | {
      readonly kind: "failed";
      readonly at: string;
      readonly tool: string;
      readonly failure: Failure;
      readonly again: boolean;
    }
  | { readonly kind: "waiting"; readonly at: string; readonly next: Next };

/** A step that fails this often in a row is not going to succeed by trying. */
const TRIES = 12;
const PAUSE_MS = 250;

/**
 * Follows a rollout to its end by doing what `get_rollout` says, and nothing else: the weakest possible host. Failed
 * calls are repeated, because a repeated call is safe.
 * @throws {Error} the same step failed too often, or waits for a person whom nobody plays.
 */
export async function follow(client: Client, rollout: string, surroundings: Surroundings): Promise<void> {
  let failures = 0;
  const fails = async (tool: string, at: string, failure: Failure): Promise<void> => {
    surroundings.report({ kind: "failed", at, tool, failure, again: failures + 1 < TRIES });
    failures = await failed(tool, failure, failures);
  };
  for (;;) {
    const looked = await call(client, "get_rollout", { rollout });
    if ("failure" in looked) {
      failures = await failed("get_rollout", looked.failure, failures);
      continue;
    }
    const { now, next } = Answer.parse(looked.structured);
    if (next.do === "finished") return;
    if (next.do === "wait") {
      surroundings.report({ kind: "waiting", at: now, next });
      const failure = await wait(client, rollout, next, surroundings);
      if (failure !== null) await fails("resolve_finding", now, failure);
      else if (next.wait_for === "finding") failures = 0;
      continue;
    }
    const tool = next.tool ?? "";
    const args = next.args ?? {};
    const called = await call(client, tool, args);
    if ("failure" in called) {
      await fails(tool, now, called.failure);
      continue;
    }
    failures = 0;
    const status = typeof called.structured.status === "string" ? called.structured.status : null;
    surroundings.report({ kind: "called", at: now, tool, args, text: called.text, status });
  }
}

async function failed(tool: string, failure: Failure, before: number): Promise<number> {
  if (before + 1 >= TRIES)
    throw new Error(`${tool} failed ${TRIES} times in a row: ${failure.code}: ${failure.message} ${failure.nextStep}`);
  await pause(PAUSE_MS * (before + 1));
  return before + 1;
}

/** @returns How a decision of the people who were waited for could not be recorded; `null` when nothing failed. */
async function wait(client: Client, rollout: string, next: Next, surroundings: Surroundings): Promise<Failure | null> {
  if (next.wait_for === "time" && next.until !== undefined) await surroundings.waitUntil(next.until);
  else if (next.wait_for !== "finding") await surroundings.waitForPeople(next);
  else {
    for (const finding of next.finding_ids ?? []) {
      const answer = await surroundings.resolve(finding);
      const resolved = await call(client, "resolve_finding", { rollout, finding, ...answer });
      if ("failure" in resolved) return resolved.failure;
    }
  }
  return null;
}

/** A tool call whose answer is either data with text, or a failure of ours with its next step. */
export async function call(
  client: Client,
  name: string,
  args: Record<string, unknown>,
): Promise<{ readonly structured: Record<string, unknown>; readonly text: string } | { readonly failure: Failure }> {
  const result = await client.callTool(
    { name, arguments: args },
    { timeout: 600_000, resetTimeoutOnProgress: true, onprogress: () => {} },
  );
  const text = (result.content ?? []).flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
  const structured = z.record(z.string(), z.unknown()).parse(result.structuredContent ?? {});
  if (result.isError !== true) return { structured, text };
  const failure = Failure.safeParse(structured);
  return {
    failure: failure.success ? failure.data : { code: "ERR_HOST", remedy: "operator", message: text, nextStep: "" },
  };
}
