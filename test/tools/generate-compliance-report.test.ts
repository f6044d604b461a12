import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harness, startHarness } from "../support/harness.ts";

describe("generate_compliance_report", () => {
  let office: Harness;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness();
    rollout = await office.start();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const blob = (id: unknown) => readFile(join(office.home, "blobs", String(id).slice(0, 2), String(id)));
  const proofLines = async (id: unknown): Promise<readonly Record<string, unknown>[]> =>
    (await blob(id))
      .toString()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  const report = () => office.call("generate_compliance_report", { rollout });

  it("refuses before the list has been read", async () => {
    expect((await report()).structured).toMatchObject({ code: "ERR_STATE", nextStep: "Call reconcile_users first." });
  });

  it("writes nothing while the live policies cannot be read", async () => {
    await office.call("reconcile_users", { rollout });
    await office.call("classify_exceptions", { rollout });
    const before = await office.ledger(rollout);
    await office.box.fail({ vendor: "graph", path: "/conditionalAccess/policies", kind: "status", status: 403 });
    expect((await report()).structured).toMatchObject({
      code: "ERR_CONNECTOR_PERMISSION",
      message: expect.stringContaining("Policy.Read.All"),
    });
    expect(await office.ledger(rollout)).toBe(before);
  });

  it("accounts for every account, one line each, and counts no exception that nobody signed", async () => {
    const { structured } = await report();
    expect(structured).toMatchObject({ accounts: 234, enforced: 0, excepted: 0, report_only: 0, carved_out: 0 });
    expect(Number(structured.not_covered) + Number(structured.cannot_sign_in)).toBe(234);
    const lines = await proofLines(structured.proof);
    const accounts = (await office.dump()).entra.users.map(({ id }) => id);
    expect(lines.map(({ objectId }) => objectId).sort()).toEqual(accounts.sort());
    expect(lines.filter(({ gap }) => gap === "exception_not_signed" || gap === "no_policy")).toHaveLength(
      Number(structured.not_covered),
    );
  });

  it("says in the text how to count its totals again, and the proof's lines give the same", async () => {
    const { structured } = await report();
    const file = (await blob(structured.proof)).toString().trimEnd().split("\n");
    const { structured: page } = await office.call("get_artifact", { rollout, artifact: structured.text });
    let text = String(page.text);
    for (let next = page.next_offset; next !== undefined; ) {
      const { structured: more } = await office.call("get_artifact", { rollout, artifact: "report", offset: next });
      text += String(more.text);
      next = more.next_offset;
    }
    const recounts = [...text.matchAll(/^\| ([\d,]+) \| [\w ]+ \| ("\S+":\S+) \|$/gm)];
    expect(recounts.length).toBe(11);
    for (const [, total = "", wanted = ""] of recounts) {
      const pattern = wanted.replaceAll("\\", "");
      expect(file.filter((line) => line.includes(pattern)).length, pattern).toBe(Number(total.replaceAll(",", "")));
    }
    const { structured: proof } = await office.call("get_artifact", { rollout, artifact: "proof" });
    expect(proof.artifact).toBe(structured.proof);
  });

  it("gives a PDF and the same as text", async () => {
    const { structured } = await report();
    const pdf = await blob(structured.pdf);
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    const { structured: text } = await office.call("get_artifact", { rollout, artifact: "report" });
    expect(String(text.text)).toContain("Evidence of enforced multi-factor authentication");
  });

  it("never says that all can use MFA because the deadline is far away", async () => {
    const { text } = await report();
    expect(text).toContain("0 holdouts");
  });
});
