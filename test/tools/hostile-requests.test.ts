import { type Client, ProtocolError } from "@modelcontextprotocol/client";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { escapedFrom, footprintOf, secretsOf } from "../support/footprint.ts";
import { type Harness, startHarness } from "../support/harness.ts";
import { hostileName, hostileText } from "../support/hostile-text.ts";
import { inTime } from "../support/in-time.ts";
import { randomly, SEEDED, timeFor } from "../support/random-runs.ts";

describe(`requests beside tool calls, ${SEEDED}`, () => {
  let office: Harness;
  let client: Client;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness({ employees: 60 });
    rollout = await office.untilExceptionsSigned();
    client = await office.connectClient();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  /** Asks, and sees to it that an answer or a refusal of ours comes back in time and nothing changed. None asks a vendor. */
  async function judged(ask: () => Promise<unknown>): Promise<void> {
    const before = await footprintOf(office);
    const answer = await inTime(ask).catch((error: unknown) => {
      if (!(error instanceof ProtocolError)) throw error;
      expect([-32602, -32002], error.message.slice(0, 300)).toContain(error.code);
      return { refused: error.message };
    });
    const text = JSON.stringify(answer);
    for (const secret of secretsOf(office)) expect(text.includes(secret)).toBe(false);
    expect(await footprintOf(office)).toEqual(before);
  }

  it(
    "resources/read gives one of our documents or none, whatever address is asked for",
    async () => {
      const address = fc
        .tuple(
          fc.constantFrom("mfa-rollout://rollouts/", `mfa-rollout://rollouts/${rollout}/`, "file://", ""),
          hostileText,
        )
        .map(([start, rest]) => `${start}${rest}`);
      await fc.assert(
        fc.asyncProperty(address, (uri) => judged(() => client.readResource({ uri }))),
        randomly(60),
      );
    },
    timeFor(30_000),
  );

  it(
    "prompts/get writes a prompt or refuses, whatever its arguments",
    async () => {
      const name = fc.oneof(fc.constantFrom("start_mfa_rollout", "where_do_we_stand", "insurer-mfa"), hostileName);
      const fields = fc.constantFrom("customer", "deadline", "rollout", "procedure");
      const args = fc.dictionary(fc.oneof(fields, hostileName), hostileText, { maxKeys: 4 });
      await fc.assert(
        fc.asyncProperty(name, args, (prompt, given) =>
          judged(() => client.getPrompt({ name: prompt, arguments: given })),
        ),
        randomly(60),
      );
    },
    timeFor(30_000),
  );

  it(
    "completion/complete offers what is known or nothing",
    async () => {
      const reference = fc.oneof(
        fc.oneof(fc.constant("start_mfa_rollout"), hostileName).map((name) => ({ type: "ref/prompt", name }) as const),
        fc
          .oneof(fc.constant("mfa-rollout://rollouts/{rollout}/policies/{phase}"), hostileText)
          .map((uri) => ({ type: "ref/resource", uri }) as const),
      );
      const name = fc.oneof(fc.constantFrom("rollout", "phase", "customer"), hostileName);
      await fc.assert(
        fc.asyncProperty(reference, name, hostileText, (ref, argument, value) =>
          judged(() =>
            client.complete({ ref, argument: { name: argument, value }, context: { arguments: { rollout: value } } }),
          ),
        ),
        randomly(60),
      );
    },
    timeFor(30_000),
  );

  it("nothing of it failed inside or left the data directory", async () => {
    expect(await escapedFrom(office)).toEqual([]);
    expect(office.log.filter((line) => line.includes("request_failed"))).toEqual([]);
  });
});
