import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";

const Address = z.string().transform((text) => text.toLowerCase());
const Id = z.string();

/** `vendors.json` in the form that anyone may check it by; read on purpose without the demo's own schema. */
export const Vendors = z.object({
  bamboohr: z.object({
    employees: z.array(
      z.object({ workEmail: Address, department: z.string(), status: z.string(), supervisorEmail: Address.nullable() }),
    ),
  }),
  gmail: z.object({
    sent: z.array(
      z.object({
        to: z.array(Address),
        cc: z.array(Address),
        subject: z.string().min(1),
        headers: z.record(z.string(), z.string()),
        text: z.string().min(200),
        html: z.string().startsWith("<!"),
        sentAt: z.iso.datetime(),
      }),
    ),
  }),
  entra: z.object({
    policies: z.array(
      z.looseObject({
        id: Id,
        displayName: z.string(),
        state: z.string(),
        conditions: z.looseObject({
          users: z.looseObject({
            includeUsers: z.array(z.string()),
            includeGroups: z.array(Id),
            excludeUsers: z.array(Id),
            excludeGroups: z.array(Id),
            excludeRoles: z.array(Id),
            excludeGuestsOrExternalUsers: z.looseObject({ guestOrExternalUserTypes: z.string() }).nullish(),
          }),
        }),
      }),
    ),
    policyHistory: z.array(
      z.object({
        at: z.iso.datetime(),
        method: z.string(),
        id: Id,
        body: z.looseObject({ state: z.string().optional() }).nullable(),
      }),
    ),
    groups: z.array(z.object({ id: Id, mailNickname: z.string(), members: z.array(Id) })),
    users: z.array(
      z.looseObject({
        id: Id,
        userPrincipalName: Address,
        mail: Address.nullable(),
        proxyAddresses: z.array(z.string()),
      }),
    ),
    deletedUsers: z.array(z.unknown()),
  }),
  teams: z.object({
    channels: z.array(z.looseObject({ displayName: z.string() })),
    messages: z.array(z.unknown()),
    tabs: z.array(z.looseObject({ displayName: z.string() })),
  }),
  connectwise: z.object({
    projects: z.array(z.looseObject({ id: z.number() })),
    phases: z.array(z.looseObject({ description: z.string() })),
    tickets: z.array(z.looseObject({ id: z.number(), summary: z.string(), project: z.unknown().optional() })),
    notes: z.array(z.looseObject({ ticketId: z.number(), text: z.string() })),
  }),
  powerBi: z.object({
    datasets: z.array(
      z.object({
        tables: z.record(z.string(), z.object({ rows: z.array(z.looseObject({ snapshotId: z.string() })) })),
      }),
    ),
  }),
  requests: z.record(
    z.string(),
    z.object({ total: z.number(), byRoute: z.record(z.string(), z.number()), throttled: z.number() }),
  ),
  world: z.looseObject({
    exceptions: z.record(z.string(), z.array(z.looseObject({ id: Id, mail: Address.nullable() }))),
    neverEnrol: z.array(z.looseObject({ id: Id, mail: Address })),
    raiseMfaTickets: z.array(z.looseObject({ mail: Address })),
    legacyClientUser: z.array(z.looseObject({ id: Id })),
    contractor: z.looseObject({ id: Id, mail: Address }),
    leavers: z.array(z.looseObject({ mail: Address })),
  }),
});
export type Vendors = z.output<typeof Vendors>;

export interface DemoOutput {
  readonly exitCode: number | null;
  readonly terminal: string;
  readonly vendors: Vendors;
  readonly exceptionsTable: string;
  /** Lines of `requests.jsonl`, parsed. */
  readonly exchanges: readonly Record<string, unknown>[];
  /** Every MCP message, as text. */
  readonly transcript: string;
  readonly directory: string;
}

/** Runs `npm run demo` as a newcomer would, into a directory of its own, and reads what it leaves. */
export async function runDemo(flags: readonly string[]): Promise<DemoOutput & AsyncDisposable> {
  const directory = await mkdtemp(join(tmpdir(), "mfa-rollout-scenario-"));
  const run = join(import.meta.dirname, "..", "..", "src", "cli", "demo", "run.ts");
  const child = spawn(process.execPath, [run, "--output", directory, ...flags], { stdio: ["ignore", "pipe", "pipe"] });
  let terminal = "";
  const keep = (chunk: Buffer): void => {
    terminal += chunk.toString("utf8");
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const [exitCode] = (await once(child, "exit")) as [number | null];
  const read = (name: string): Promise<string> => readFile(join(directory, name), "utf8");
  if (exitCode !== 0) throw new Error(`the demo ended with ${exitCode}:\n${terminal.slice(-4_000)}`);
  return {
    exitCode,
    terminal,
    directory,
    vendors: Vendors.parse(JSON.parse(await read("vendors.json"))),
    exceptionsTable: await read("exceptions.md"),
    exchanges: (await read("requests.jsonl"))
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
    transcript: await read("transcript.jsonl"),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}
