import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { verify } from "../../src/cli/verify.ts";
import { dataDirectory, ROLLOUT, started } from "../support/data-directory.ts";

describe("verify of an evidence folder", () => {
  let place: Awaited<ReturnType<typeof dataDirectory>>;
  let evidence: string;
  beforeEach(async () => {
    place = await dataDirectory();
    evidence = join(place.dir, "evidence");
    await mkdir(evidence);
    const contents = { pdf: "%PDF-", text: "# Report\n", facts: "{}", proof: '{"state":"enforced"}\n' };
    const names = { pdf: "report.pdf", text: "report.md", facts: "facts.json", proof: "proof.jsonl" };
    const put = (part: keyof typeof contents) => place.documents.put(contents[part]);
    const rollout = await place.store().create(ROLLOUT, started());
    const data = {
      pdf: await put("pdf"),
      text: await put("text"),
      facts: await put("facts"),
      proof: await put("proof"),
    };
    await rollout.append({ type: "report_written", data });
    await copyFile(place.ledgerPath, join(evidence, "ledger.jsonl"));
    await Promise.all(
      (["pdf", "text", "facts", "proof"] as const).map((part) =>
        writeFile(join(evidence, names[part]), contents[part]),
      ),
    );
  });
  afterEach(() => place[Symbol.asyncDispose]());

  async function said(path = evidence): Promise<{ readonly code: number; readonly lines: readonly string[] }> {
    const lines: string[] = [];
    return { code: await verify(path, (line) => void lines.push(line)), lines };
  }

  it("says of each file that it is as it was written", async () => {
    const { code, lines } = await said();
    expect(code).toBe(0);
    expect(lines.filter((line) => line.endsWith("is as it was written."))).toHaveLength(4);
  });

  it("names a proof in which one account was changed", async () => {
    await writeFile(join(evidence, "proof.jsonl"), '{"state":"excepted"}\n');
    const { code, lines } = await said();
    expect(code).toBe(1);
    expect(lines).toContain("proof.jsonl is not what was written.");
  });

  it("names a file that is missing", async () => {
    await rm(join(evidence, "report.pdf"));
    expect(await said()).toMatchObject({ code: 1, lines: expect.arrayContaining(["report.pdf is missing."]) });
  });

  it("asks for no such files in a rollout's own directory", async () => {
    const { code, lines } = await said(join(place.dir, "rollouts", ROLLOUT));
    expect(code).toBe(0);
    expect(lines.join("\n")).not.toContain("report.pdf");
  });
});
