import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type DemoOutput, runDemo } from "../support/demo-output.ts";
import { needContracts } from "../support/need-contracts.ts";
import { checkRecord } from "../vendor-contracts/check.ts";

const Text = z.string();
/** What the switch is checked by; read on purpose without the demo's own proof. */
const Dump = z.object({
  outlook: z.object({ sent: z.array(z.object({ to: z.array(Text), headers: z.record(Text, Text) })) }),
  gmail: z.object({ sent: z.array(z.unknown()) }),
  powerBi: z.object({ datasets: z.array(z.unknown()) }),
  bigquery: z.object({ tables: z.array(z.object({ rows: z.array(z.record(Text, z.unknown())) })) }),
  looker: z.object({ triggers: z.array(z.unknown()) }),
  entra: z.object({
    policies: z.array(z.looseObject({ id: Text, displayName: Text, state: Text })),
    policyHistory: z.array(
      z.object({ at: Text, method: Text, id: Text, body: z.looseObject({ state: Text.optional() }).nullable() }),
    ),
    securityDefaultsHistory: z.array(z.object({ at: Text, isEnabled: z.boolean() })),
    perUserMfaHistory: z.array(z.object({ at: Text, id: Text, state: Text })),
    groups: z.array(z.object({ id: Text, members: z.array(Text) })),
    users: z.array(
      z.looseObject({ id: Text, perUserMfaState: Text, atStart: z.object({ perUserMfa: Text }).nullable() }),
    ),
  }),
  world: z.looseObject({ exceptions: z.record(Text, z.array(z.looseObject({ id: Text }))) }),
});

const HOUR_MS = 3_600_000;
/** Started at once, beside the other rollouts: most of its time it waits for the simulated vendors. */
const running = runDemo(["--company", "brightwater"]);
running.catch(() => {}); // reported where it is awaited

describe("the rollout at Brightwater Clinics", () => {
  const end = new AsyncDisposableStack();
  let demo: DemoOutput;
  let held: z.output<typeof Dump>;
  beforeAll(async () => {
    demo = end.use(await running);
    held = Dump.parse(JSON.parse(await readFile(join(demo.directory, "vendors.json"), "utf8")));
  }, 600_000);
  afterAll(() => end.disposeAsync());

  const enabledAt = (id: string): number =>
    Date.parse(
      held.entra.policyHistory.find((change) => change.id === id && change.body?.state === "enabled")?.at ?? "",
    );
  const bridges = () => held.entra.policies.filter(({ displayName }) => displayName.startsWith("MFA bridge: "));

  it("asks of vendors what their own contracts allow, and is answered so", (context) => {
    needContracts(context);
    const { checked, unchecked, deviations } = checkRecord(demo.exchanges);
    expect(deviations).toEqual([]);
    expect(Object.keys(checked)).toEqual(expect.arrayContaining(["graph", "looker", "workday"]));
    // Neither sign-in nor Google publishes a contract of the kinds that are read here.
    expect(unchecked.filter((name) => !["bigquery", "google-login", "microsoft-login"].includes(name))).toEqual([]);
  });

  it("ends in success, with Workday, Outlook and Looker and no other system", () => {
    expect(demo.exitCode).toBe(0);
    const keys = held.outlook.sent.flatMap(({ headers }) => headers["X-MFA-Rollout-Key"] ?? []);
    expect(keys.length).toBeGreaterThan(200);
    expect(new Set(keys).size).toBe(keys.length);
    expect([held.gmail.sent, held.powerBi.datasets]).toEqual([[], []]);
    const [rows = []] = held.bigquery.tables.map((table) => table.rows);
    expect(new Set(rows.map(({ snapshot_id }) => snapshot_id)).size).toBe(7);
    expect(held.looker.triggers).toHaveLength(7);
  });

  it("enforces six departments and everybody, and excepts sixteen accounts", () => {
    const ours = held.entra.policies.filter(({ displayName }) => displayName.startsWith("MFA rollout: "));
    expect(ours.map(({ state }) => state)).toEqual(Array(7).fill("enabled"));
    expect(demo.exceptionsTable.match(/^\| \d+ \|/gm)).toHaveLength(16);
  });

  it("turns security defaults off once, between a bridge that stands ready and the same bridge enforced", () => {
    const { securityDefaultsHistory: history, policyHistory } = held.entra;
    expect(history.map(({ isEnabled }) => isEnabled)).toEqual([false]);
    const off = Date.parse(history[0]?.at ?? "");
    expect(bridges()).toHaveLength(2);
    for (const { id } of bridges()) {
      const made = policyHistory.find((change) => change.id === id && change.method === "POST");
      expect(made?.body?.state).toBe("enabledForReportingButNotEnforced");
      expect(Date.parse(made?.at ?? "")).toBeLessThanOrEqual(off);
      expect(enabledAt(id) - off).toBeLessThan(15 * 60_000);
    }
    const enabled = policyHistory.filter(({ body }) => body?.state === "enabled").map(({ at }) => Date.parse(at));
    expect(Math.min(...enabled)).toBeGreaterThanOrEqual(off);
    const last = Math.max(...bridges().map(({ id }) => enabledAt(id)));
    expect(enabled.filter((at) => at < last)).toHaveLength(1);
  });

  it("ends per-user MFA only a day after a policy asks the same account, and leaves excepted accounts theirs", () => {
    const { perUserMfaHistory, groups, policies, users } = held.entra;
    expect(perUserMfaHistory.length).toBeGreaterThan(40);
    for (const { id, at, state } of perUserMfaHistory) {
      expect(state).toBe("disabled");
      const asking = policies.filter(({ displayName, conditions }) => {
        const { includeGroups } = z
          .looseObject({ users: z.looseObject({ includeGroups: z.array(Text) }) })
          .parse(conditions).users;
        const isIn = groups.some((group) => includeGroups.includes(group.id) && group.members.includes(id));
        return displayName.startsWith("MFA rollout: ") && isIn;
      });
      expect(asking, id).toHaveLength(1);
      expect(Date.parse(at) - enabledAt(asking[0]?.id ?? ""), id).toBeGreaterThanOrEqual(24 * HOUR_MS - 60_000);
    }
    const excepted = new Set(Object.values(held.world.exceptions).flatMap((some) => some.map(({ id }) => id)));
    const kept = users.filter(({ id, atStart }) => excepted.has(id) && atStart?.perUserMfa !== "disabled");
    expect(kept.filter(({ perUserMfaState }) => perUserMfaState === "disabled")).toEqual([]);
  });
});
