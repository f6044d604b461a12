import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client, InMemoryTransport } from "@modelcontextprotocol/client";
import { compose } from "../../src/compose.ts";
import { readSettings } from "../../src/config/environment.ts";
import { CLOSING_PHASE } from "../../src/domain/model/ids.ts";
import type { Tool } from "../../src/kit/define-tool.ts";
import { jsonLogger } from "../../src/server/json-logger.ts";
import { createMcpServer } from "../../src/server/mcp-server.ts";
import { dataDirectory, ROLLOUT, started } from "./data-directory.ts";

export const TABLE = "| Account | Kind |\n|---|---|\n| Zoë O’Neil | on_leave |\n";
export const POLICY = '{ "state": "disabled" }\n';
export const PDF = new Uint8Array([0x25, 0x50, 0x44, 0x46, 0xff, 0x00]);

/** A server over a data directory with two customers, a saved procedure and one rollout that has every artifact. */
export async function artifactServer(options: { readonly tools?: readonly Tool[] } = {}) {
  const place = await dataDirectory();
  const { documents } = place;
  await mkdir(join(place.dir, "customers"), { recursive: true });
  for (const slug of ["larkfield", "larchmont"]) await writeFile(join(place.dir, "customers", `${slug}.yaml`), "");

  const rollout = await place.store().create(ROLLOUT, started());
  const stored = await documents.put("{}");
  const table = await documents.put(TABLE);
  const [artifact, text, pdf] = [
    await documents.put(POLICY),
    await documents.put("# Report\n"),
    await documents.put(PDF),
  ];
  await rollout.append(
    {
      type: "exceptions_classified",
      data: { list: stored, register: stored, table, overrides: stored, counts: { on_leave: 1 }, total: 1 },
    },
    { type: "policy_drafted", data: { phase: CLOSING_PHASE, draft: stored, artifact, lint: [], covers: 2 } },
    { type: "report_written", data: { pdf, text, facts: stored } },
  );

  const logger = jsonLogger(() => {});
  const settings = readSettings({ MFA_ROLLOUT_HOME: place.dir });
  const workshop = compose(settings, { logger, actor: "server" });
  const build = () => createMcpServer({ tools: options.tools ?? [], workshop, logger, version: "0.0.0" });
  return {
    place,
    logger,
    build,
    /** A client of a server of its own. */
    async client(): Promise<Client> {
      const client = new Client({ name: "contract-tests", version: "0.0.0" });
      const [here, there] = InMemoryTransport.createLinkedPair();
      await build().connect(there);
      await client.connect(here);
      return client;
    },
    /** Puts a procedure into the data directory as `save_procedure` would: the shipped one under another id. */
    async saveProcedure(id: string): Promise<void> {
      const shipped = await workshop.procedures.get("insurer-mfa");
      await workshop.procedures.save({ ...shipped, id, title: "Saved\nprocedure" });
    },
    [Symbol.asyncDispose]: place[Symbol.asyncDispose],
  };
}
