import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { ROLLOUT } from "../test/support/data-directory.ts";
import { aRolloutUnderWay } from "./a-rollout.ts";
import { mailing } from "./mailing.ts";
import { inMicroseconds, type Row, sideBySide } from "./measure.ts";

const ECHO = [join(import.meta.dirname, "echo-server.ts")];
const OURS = [join(import.meta.dirname, "..", "src", "main.ts"), "serve"];
const FLOOR = "bare SDK server";

/** A child process that reads the file and parses its lines. */
const PARSE = `for (const line of require("node:fs").readFileSync(process.argv[1], "utf8").trimEnd().split("\\n")) JSON.parse(line)`;
const run = promisify(execFile);

/** Start, size of the tool list and the latency of a call, each over stdio beside a bare SDK server. */
export async function serverRows(quick: boolean): Promise<readonly Row[]> {
  await using place = await aRolloutUnderWay();
  const start = startsIn(place.dir);
  const startAndEnd = (args: readonly string[]) => async () => (await start(args)).close();
  const started = await sideBySide(quick ? 3 : 11, { ours: startAndEnd(OURS), floor: startAndEnd(ECHO) });

  const [ours, echo] = [await start(OURS), await start(ECHO)];
  const [tools, echoTools] = [(await ours.listTools()).tools, (await echo.listTools()).tools];
  const called = await sideBySide(quick ? 50 : 500, {
    ours: () => succeed(ours, "get_rollout", { rollout: ROLLOUT }),
    floor: () => succeed(echo, "echo", { text: ROLLOUT }),
  });
  await Promise.all([ours.close(), echo.close()]);

  const bytes = (list: readonly unknown[]): number => Buffer.byteLength(JSON.stringify(list)) / list.length;
  return [
    { what: "start to the answer of initialize", ...started, floorName: FLOOR, unit: "ms" },
    {
      what: `tools/list, per tool of ${tools.length}`,
      ours: bytes(tools),
      floor: bytes(echoTools),
      floorName: FLOOR,
      unit: "bytes",
    },
    { what: "get_rollout, 214 users", ...inMicroseconds(called), floorName: "echo call" },
  ];
}

/** A host that starts the server on a long rollout and waits for its first answer, beside a process that only parses. */
export async function restartRows(quick: boolean): Promise<readonly Row[]> {
  await using place = await aRolloutUnderWay();
  await place.rollout.append(...mailing(100_000));
  const start = startsIn(place.dir);
  const restarted = await sideBySide(quick ? 2 : 7, {
    ours: async () => {
      const client = await start(OURS);
      await succeed(client, "get_rollout", { rollout: ROLLOUT });
      await client.close();
    },
    floor: () => run(process.execPath, ["-e", PARSE, place.ledgerPath]),
  });
  return [
    {
      what: "restart to get_rollout, 100,000 events",
      ...restarted,
      floorName: "a process that parses; may be 2,000 ms",
      unit: "ms",
    },
  ];
}

const startsIn =
  (home: string) =>
  async (args: readonly string[]): Promise<Client> => {
    const client = new Client({ name: "bench", version: "0.0.0" });
    const env = { PATH: process.env.PATH ?? "", MFA_ROLLOUT_HOME: home };
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args: [...args], env, stderr: "ignore" }),
    );
    return client;
  };

/** A refusal is fast and would look like a good number. */
async function succeed(client: Client, name: string, args: Readonly<Record<string, string>>): Promise<void> {
  const { isError } = await client.callTool({ name, arguments: { ...args } });
  if (isError === true) throw new Error(`${name} was refused`);
}
