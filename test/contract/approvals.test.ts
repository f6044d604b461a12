import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PublicKeyApprovalDesk } from "../../src/approvals/file-approval-desk.ts";
import { createApproverKey, openApproverKey } from "../../src/approvals/keys.ts";
import { signApproval, termsDigest } from "../../src/approvals/sign-approval.ts";
import { sha256 } from "../../src/domain/model/ids.ts";
import type { Approval } from "../../src/domain/model/plan.ts";
import { calendarDate } from "../../src/domain/model/time.ts";
import { ConfigurationError, InputError, NotFoundError, StateError } from "../../src/errors.ts";
import { office, PASSPHRASE, TEXTS } from "../support/approver-office.ts";
import { minute, ROLLOUT, START } from "../support/data-directory.ts";

describe("an approver's key", () => {
  it("lies encrypted in the approver's own directory", async () => {
    await using robin = await office();
    const [file = ""] = await readdir(robin.keys);
    expect((await stat(join(robin.keys, file))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(robin.keys, file), "utf8")).toContain("BEGIN ENCRYPTED PRIVATE KEY");
    expect(robin.publicKey).toMatch(/^ed25519:[\w-]{43}$/);
  });

  it.each(["", "correct horse battery stapl", `${PASSPHRASE} `])("does not open with %j", async (wrong) => {
    await using robin = await office();
    await expect(openApproverKey(robin.keys, "Robin", wrong)).rejects.toThrow(InputError);
  });

  it("is neither overwritten nor made with a short passphrase, nor outside its directory", async () => {
    await using robin = await office();
    await expect(createApproverKey(robin.keys, "Robin", PASSPHRASE)).rejects.toThrow(StateError);
    await expect(createApproverKey(robin.keys, "Kim", "too short")).rejects.toThrow(InputError);
    await createApproverKey(robin.keys, "../Kim", PASSPHRASE);
    expect(await readdir(robin.keys)).toHaveLength(2);
    await expect(openApproverKey(robin.keys, "Nobody", PASSPHRASE)).rejects.toThrow(NotFoundError);
  });

  it("in a customer's file must be an Ed25519 key, one a name", () => {
    expect(() => new PublicKeyApprovalDesk([{ name: "Robin", publicKey: "ed25519:short" }])).toThrow(
      ConfigurationError,
    );
  });
});

describe("the desk", () => {
  const sample = (): Omit<Approval, "signature"> => ({
    kind: "plan",
    rollout: ROLLOUT,
    digest: sha256("a1".repeat(32)),
    approver: "Robin",
    at: START,
    terms: null,
    note: "fine",
  });

  it("accepts what an approver signed, and nothing of it changed", async () => {
    await using robin = await office();
    const kim = await createApproverKey(robin.keys, "Kim", PASSPHRASE);
    const desk = new PublicKeyApprovalDesk([
      { name: "Robin", publicKey: robin.publicKey },
      { name: "Kim", publicKey: kim },
    ]);
    const good = signApproval(sample(), await openApproverKey(robin.keys, "Robin", PASSPHRASE));
    expect(await desk.objection(good)).toBeNull();
    const terms = {
      tool: "update_dashboard",
      textsHash: TEXTS,
      largestCount: 1,
      until: calendarDate("2026-12-31"),
    } as const;
    for (const change of [
      { kind: "signoff" },
      { kind: "denial" },
      { rollout: "rol_other" },
      { digest: sha256("b2".repeat(32)) },
      { approver: "Kim" },
      { approver: "Mallory" },
      { at: minute(1) },
      { note: "" },
      { terms },
      { signature: "" },
    ] as const) {
      expect(await desk.objection({ ...good, ...change }), JSON.stringify(change)).not.toBeNull();
    }
  });

  it("refuses any changed byte of the stored approval", async () => {
    await using robin = await office();
    const good = signApproval(sample(), await openApproverKey(robin.keys, "Robin", PASSPHRASE));
    const text = JSON.stringify(good);
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.integer({ min: 0x20, max: 0x7e }), async (index, code) => {
        fc.pre(text.charCodeAt(index) !== code);
        const changed = text.slice(0, index) + String.fromCharCode(code) + text.slice(index + 1);
        const approval = parsed(changed);
        if (approval !== null) expect(await robin.desk.objection(approval)).not.toBeNull();
      }),
      { numRuns: 500, verbose: 1 },
    );
  });

  it("refuses another spelling of the same signature", async () => {
    await using robin = await office();
    const good = signApproval(sample(), await openApproverKey(robin.keys, "Robin", PASSPHRASE));
    const bytes = Buffer.from(good.signature, "base64url");
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const spellings = [...letters].map((letter) => good.signature.slice(0, -1) + letter);
    const same = spellings.filter((spelling) => Buffer.from(spelling, "base64url").equals(bytes));
    expect(same.length).toBeGreaterThan(1);
    const accepted = same.map(async (signature) => (await robin.desk.objection({ ...good, signature })) === null);
    expect((await Promise.all(accepted)).filter(Boolean)).toHaveLength(1);
  });

  it("refuses terms that a standing approval is not named by", async () => {
    await using robin = await office();
    const key = await openApproverKey(robin.keys, "Robin", PASSPHRASE);
    const terms = {
      tool: "update_dashboard",
      textsHash: TEXTS,
      largestCount: 5,
      until: calendarDate("2026-12-31"),
    } as const;
    const standing = { ...sample(), kind: "standing", terms, digest: termsDigest(terms) } as const;
    expect(await robin.desk.objection(signApproval(standing, key))).toBeNull();
    expect(await robin.desk.objection(signApproval({ ...standing, digest: sample().digest }, key))).not.toBeNull();
    expect(await robin.desk.objection(signApproval({ ...standing, terms: null }, key))).not.toBeNull();
    expect(await robin.desk.objection(signApproval({ ...sample(), terms }, key))).not.toBeNull();
  });
});

/** The text as an approval, when it still is JSON with the same fields. */
function parsed(text: string): Approval | null {
  try {
    const value: unknown = JSON.parse(text);
    const fields = ["kind", "rollout", "digest", "approver", "at", "terms", "note", "signature"];
    if (typeof value !== "object" || value === null) return null;
    if (!fields.every((field) => Object.hasOwn(value, field))) return null;
    return value as Approval; // every field is there; what is in them is what the test asks about
  } catch {
    return null;
  }
}
