import { rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { compose } from "../../src/compose.ts";
import { TurnstileFile } from "../../src/ledger/turnstile-file.ts";
import { jsonLogger } from "../../src/server/json-logger.ts";
import { dataDirectory } from "../support/data-directory.ts";
import { type Harness, startHarness } from "../support/harness.ts";

const signal = new AbortController().signal;

describe("one request a second to Conditional Access, as Entra allows a tenant", () => {
  let office: Harness;
  beforeAll(async () => {
    office = await startHarness({ employees: 60 });
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const Exchange = z.object({ url: z.string(), status: z.number() });

  it("is kept by all processes of a data directory together", async () => {
    const process = async () => {
      const workshop = compose(office.settings, { logger: jsonLogger(() => {}), actor: "server" });
      return (await workshop.customer("larkfield")).vendor("conditionalAccess");
    };
    const both = [await process(), await process()];
    await Promise.all(
      both.flatMap((policies) => [policies.listPolicies({ signal }), policies.listPolicies({ signal })]),
    );
    const asked = (await office.box.exchanges())
      .map((exchange) => Exchange.parse(exchange))
      .filter(({ url }) => url.includes("/conditionalAccess/policies"));
    // On a busy machine one that took its turn may leave late. Without turns each of the other three is refused, again and again.
    expect(asked.filter(({ status }) => status === 429).length).toBeLessThanOrEqual(1);
    expect(asked.filter(({ status }) => status === 200)).toHaveLength(4);
  });

  it("is kept by each process alone where nothing can be written", async () => {
    await rm(join(office.home, "turns"), { recursive: true });
    await writeFile(join(office.home, "turns"), "no directory");
    const workshop = compose(office.settings, { logger: jsonLogger(() => {}), actor: "server" });
    const policies = await (await workshop.customer("larkfield")).vendor("conditionalAccess");
    expect((await policies.listPolicies({ signal })).length).toBeGreaterThan(0);
  });
});

describe("turns", () => {
  it("lie apart, whoever takes them, in a file of the owner's alone", async () => {
    await using place = await dataDirectory();
    const path = join(place.dir, "turns", "tenant");
    const [one, other] = [new TurnstileFile(path), new TurnstileFile(path)];
    const waits = [await one.take(1_000), await other.take(1_000), await one.take(1_000)];
    expect(waits[0]).toBe(0);
    expect(waits[1]).toBeGreaterThan(900);
    expect(waits[2]).toBeGreaterThan(1_900);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("that were given out before the machine was started anew hold nobody up", async () => {
    await using place = await dataDirectory();
    const path = join(place.dir, "turns", "tenant");
    const turns = new TurnstileFile(path);
    await turns.take(1_000);
    const longAfter = Number(process.hrtime.bigint()) / 1e9 + 1_000_000;
    await utimes(path, longAfter, longAfter);
    expect(await turns.take(1_000)).toBe(0);
  });
});
