import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { phaseId } from "../../src/domain/model/ids.ts";
import { artifactServer, PDF, POLICY, TABLE } from "../support/artifact-server.ts";
import { ROLLOUT, started } from "../support/data-directory.ts";

const BASE = `mfa-rollout://rollouts/${ROLLOUT}`;

describe("resources", () => {
  it("names every artifact of a rollout with its type and when it was made", async () => {
    await using server = await artifactServer();
    const { resources } = await (await server.client()).listResources();
    expect(resources.map(({ uri, mimeType }) => [uri, mimeType])).toEqual([
      [`${BASE}/exceptions`, "text/markdown"],
      [`${BASE}/policies/phase_closing`, "application/json"],
      [`${BASE}/report`, "text/markdown"],
      [`${BASE}/report.pdf`, "application/pdf"],
    ]);
    expect(resources[0]?.annotations?.lastModified).toBe("2026-10-05T07:00:00.000Z");
  });

  it("gives texts as text and the PDF byte for byte", async () => {
    await using server = await artifactServer();
    const client = await server.client();
    const read = async (path: string) => (await client.readResource({ uri: `${BASE}/${path}` })).contents[0];
    expect(await read("exceptions")).toMatchObject({ mimeType: "text/markdown", text: TABLE });
    expect(await read("policies/phase_closing")).toMatchObject({ mimeType: "application/json", text: POLICY });
    expect(await read("report.pdf")).toMatchObject({
      mimeType: "application/pdf",
      blob: Buffer.from(PDF).toString("base64"),
    });
  });

  it("finds a phase beyond ASCII, encoded or not", async () => {
    await using server = await artifactServer();
    const phase = phaseId("Кухня");
    const rollout = await server.place.store().open(ROLLOUT);
    const artifact = await server.place.documents.put("{}");
    await rollout.append({ type: "policy_drafted", data: { phase, draft: artifact, artifact, lint: [], covers: 1 } });
    const client = await server.client();
    for (const written of [phase, encodeURIComponent(phase)]) {
      const { contents } = await client.readResource({ uri: `${BASE}/policies/${written}` });
      expect(contents).toMatchObject([{ text: "{}" }]);
    }
  });

  it.each([
    "mfa-rollout://rollouts/rol_other/report",
    `${BASE}/policies/phase_none`,
    `${BASE}/ledger.jsonl`,
    `${BASE}/../../customers/larkfield.yaml`,
    "mfa-rollout://rollouts/%2e%2e%2fcustomers/report",
    "mfa-rollout://rollouts/%E0%A4%A/report",
    "file:///etc/passwd",
    "nonsense",
  ])("knows no resource %s", async (uri) => {
    await using server = await artifactServer();
    const client = await server.client();
    await expect(client.readResource({ uri })).rejects.toMatchObject({ code: -32602, data: { uri } });
  });

  it("lists many rollouts page by page", async () => {
    await using server = await artifactServer();
    const store = server.place.store();
    for (let n = 0; n < 21; n++) {
      const id = `rol_${String(n).padStart(2, "0")}`;
      const rollout = await store.create(id, started(id));
      const hash = await server.place.documents.put(id);
      await rollout.append({ type: "report_written", data: { pdf: hash, text: hash, facts: hash } });
    }
    const client = await server.client();
    const first = await client.listResources({});
    const pages = [first.resources];
    for (let cursor = first.nextCursor; cursor !== undefined; ) {
      const page = await client.listResources({ cursor });
      pages.push(page.resources);
      cursor = page.nextCursor;
    }
    const uris = pages.flat().map(({ uri }) => uri);
    expect(uris).toHaveLength(new Set(uris).size);
    expect(uris).toHaveLength(4 + 21 * 2);
  });

  it("says that a document is damaged instead of leaving it out", async () => {
    await using server = await artifactServer();
    const client = await server.client();
    await rm(join(server.place.dir, "blobs"), { recursive: true });
    await expect(client.readResource({ uri: `${BASE}/report` })).rejects.toMatchObject({
      data: { code: "ERR_LEDGER" },
    });
  });

  it("offers rollouts, and the phases of the one chosen, for the templates", async () => {
    await using server = await artifactServer();
    const client = await server.client();
    const { resourceTemplates } = await client.listResourceTemplates();
    const policy = resourceTemplates.find(({ name }) => name === "policy");
    const ref = { type: "ref/resource" as const, uri: policy?.uriTemplate ?? "" };
    const rollouts = await client.complete({ ref, argument: { name: "rollout", value: "" } });
    expect(rollouts.completion.values).toEqual([ROLLOUT]);
    const phases = await client.complete({
      ref,
      argument: { name: "phase", value: "phase_c" },
      context: { arguments: { rollout: ROLLOUT } },
    });
    expect(phases.completion.values).toEqual(["phase_closing"]);
  });
});
