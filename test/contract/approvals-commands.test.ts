import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import canonicalize from "canonicalize";
import { describe, expect, it } from "vitest";
import { PublicKeyApprovalDesk } from "../../src/approvals/file-approval-desk.ts";
import { createApproverKey, openApproverKey } from "../../src/approvals/keys.ts";
import { signApproval } from "../../src/approvals/sign-approval.ts";
import { listApprovals } from "../../src/cli/approvals.ts";
import { approve } from "../../src/cli/approve.ts";
import { deny } from "../../src/cli/deny.ts";
import { signoff } from "../../src/cli/signoff.ts";
import { verify } from "../../src/cli/verify.ts";
import { type Sha256, sha256 } from "../../src/domain/model/ids.ts";
import type { RolloutEvent } from "../../src/domain/rollout/events.ts";
import { InputError, LedgerError, NotFoundError, StateError } from "../../src/errors.ts";
import { blobPath, LINES, office, PASSPHRASE, plan, TEXTS } from "../support/approver-office.ts";
import { minute, ROLLOUT, START } from "../support/data-directory.ts";

describe("mfa-rollout approvals", () => {
  it("lists what waits, in full when asked", async () => {
    await using robin = await office();
    robin.place.time.now = minute(150);
    expect(await listApprovals(robin.parts, { full: true })).toBe(0);
    expect(robin.printed).toEqual([
      `${robin.id}  Larkfield Foods  Announcement to 2 users of IT`,
      "    send_phase_email, 2 lines, proposed 2 h ago",
      ...LINES.map((line) => `    ${line}`),
    ]);
  });

  it("refuses a plan whose stored bytes were changed", async () => {
    await using robin = await office();
    const path = blobPath(robin.place.dir, robin.digest);
    const bytes = await readFile(path);
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    await writeFile(path, bytes);
    expect(await listApprovals(robin.parts, { full: true })).toBe(1);
    expect(robin.printed).toEqual([expect.stringMatching(/^REFUSED {2}plan_/)]);
    await expect(approve(robin.parts, { id: robin.id, as: "Robin" })).rejects.toThrow(LedgerError);
  });

  it("shows the other rollouts' plans when one ledger is damaged", async () => {
    await using robin = await office();
    await mkdir(join(robin.place.dir, "rollouts", "rol_bad"));
    await writeFile(join(robin.place.dir, "rollouts", "rol_bad", "ledger.jsonl"), "{}\n{}\n");
    expect(await listApprovals(robin.parts, { full: false })).toBe(1);
    expect(robin.printed.filter((line) => line.includes(robin.id))).toHaveLength(1);
    expect(robin.printed.at(-1)).toMatch(/^REFUSED {2}rol_bad: .*line 1/);
  });

  it("shows what could deceive a reader as what it is", async () => {
    await using robin = await office(plan({ lines: ["\u001b[2J\u202Egnihton \u200Bhere\nApproved already"] }));
    await listApprovals(robin.parts, { full: true });
    expect(robin.printed.at(-1)).toBe("    \\u{1b}[2J\\u{202e}gnihton \\u{200b}here\\u{a}Approved already");
  });
});

describe("mfa-rollout approve", () => {
  it("shows the whole plan, then signs exactly that", async () => {
    await using robin = await office();
    const asked: number[] = [];
    const askPassphrase = async () => {
      asked.push(robin.printed.length);
      return PASSPHRASE;
    };
    expect(await approve({ ...robin.parts, askPassphrase }, { id: robin.id, as: "Robin" })).toBe(0);
    expect(robin.printed.slice(0, asked[0])).toEqual(expect.arrayContaining(LINES.map((line) => `  ${line}`)));
    const state = await robin.rollout.state();
    const approval = state.approvals.get(robin.digest);
    expect(state.plans.get(robin.digest)?.status).toBe("approved");
    expect(approval === undefined ? "none" : await robin.desk.objection(approval)).toBeNull();
  });

  it("makes no approval without the passphrase", async () => {
    await using robin = await office();
    for (const answer of ["", "guess guess guess", PASSPHRASE.toUpperCase()]) {
      const parts = { ...robin.parts, askPassphrase: async () => answer };
      await expect(approve(parts, { id: robin.id, as: "Robin" })).rejects.toThrow(InputError);
    }
    const state = await robin.rollout.state();
    expect([state.seq, state.approvals.size]).toEqual([2, 0]);
  });

  it("makes none by someone who is no approver of the customer", async () => {
    await using robin = await office();
    await createApproverKey(robin.keys, "Mallory", PASSPHRASE);
    await expect(approve(robin.parts, { id: robin.id, as: "Mallory" })).rejects.toThrow(InputError);
    expect((await robin.rollout.state()).approvals.size).toBe(0);
  });

  it("signs what is for a senior approver as one only, and says so; anybody may refuse it", async () => {
    await using robin = await office(plan({ signer: "senior" }));
    await expect(approve(robin.parts, { id: robin.id, as: "Robin" })).rejects.toThrow(/senior/);
    expect(robin.printed).toContain("  Only a senior approver's signature counts.");
    const desk = new PublicKeyApprovalDesk([{ name: "Robin", publicKey: robin.publicKey, tier: "senior" }]);
    await approve({ ...robin.parts, desk: async () => desk }, { id: robin.id, as: "Robin" });
    expect((await robin.rollout.state()).plans.get(robin.digest)?.status).toBe("approved");
    await deny(robin.parts, { id: robin.id, as: "Robin", why: "not today" });
    expect((await robin.rollout.state()).plans.get(robin.digest)?.status).toBe("denied");
  });

  it("records nothing when the plan changed while the person read it", async () => {
    await using robin = await office();
    const askPassphrase = async () => {
      const digest = await robin.place.documents.put(canonicalize(plan({ lines: ["someone else"] })) ?? "");
      await robin.rollout.append({
        type: "plan_proposed",
        data: { digest, tool: "send_phase_email", argsKey: "{}", title: "Announcement", standing: null },
      });
      return PASSPHRASE;
    };
    await expect(approve({ ...robin.parts, askPassphrase }, { id: robin.id, as: "Robin" })).rejects.toThrow(StateError);
    expect((await robin.rollout.state()).approvals.size).toBe(0);
  });

  it("says which ledger is damaged, not that there is no such plan", async () => {
    await using robin = await office();
    const { ledgerPath } = robin.place;
    const bytes = await readFile(ledgerPath);
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    await writeFile(ledgerPath, bytes);
    const opened = { ...robin.parts, store: robin.place.store() };
    for (const decide of [
      () => approve(opened, { id: robin.id, as: "Robin" }),
      () => deny(opened, { id: robin.id, as: "Robin", why: "no" }),
    ]) {
      const decision = decide();
      await expect(decision).rejects.toThrow(LedgerError);
      await expect(decision).rejects.toThrow(`${ROLLOUT}: The ledger is damaged at line 1`);
      await expect(decision).rejects.toMatchObject({ nextStep: expect.stringContaining("mfa-rollout verify") });
    }
  });

  it("finds another rollout's plan although one ledger is damaged", async () => {
    await using robin = await office();
    await mkdir(join(robin.place.dir, "rollouts", "rol_bad"));
    await writeFile(join(robin.place.dir, "rollouts", "rol_bad", "ledger.jsonl"), "{}\n{}\n");
    expect(await approve(robin.parts, { id: robin.id, as: "Robin" })).toBe(0);
  });

  it("says so when this computer's clock is behind the proposal", async () => {
    await using robin = await office();
    robin.place.time.now = minute(-5);
    await expect(approve(robin.parts, { id: robin.id, as: "Robin" })).rejects.toThrow(/clock/);
  });

  it("says so when this computer's clock is behind the last decision, and records nothing that would not count", async () => {
    await using robin = await office();
    robin.place.time.now = minute(10);
    await deny(robin.parts, { id: robin.id, as: "Robin", why: "not today" });
    robin.place.time.now = minute(9);
    const { seq } = await robin.rollout.state();
    const early = approve(robin.parts, { id: robin.id, as: "Robin" });
    await expect(early).rejects.toThrow(StateError);
    await expect(early).rejects.toThrow(/clock/);
    expect((await robin.rollout.state()).seq).toBe(seq);
    robin.place.time.now = minute(10);
    await approve(robin.parts, { id: robin.id, as: "Robin" });
    expect((await robin.rollout.state()).plans.get(robin.digest)?.status).toBe("approved");
  });

  it("cannot be used for another plan: its signature put under one decides nothing", async () => {
    await using robin = await office();
    await approve(robin.parts, { id: robin.id, as: "Robin" });
    const approval = (await robin.rollout.state()).approvals.get(robin.digest);
    if (approval === undefined) throw new Error("expected an approval");
    const other = sha256("b2".repeat(32));
    await robin.rollout.append(
      {
        type: "plan_proposed",
        data: { digest: other, tool: "apply_ca_policy", argsKey: "{}", title: "", standing: null },
      },
      { type: "approval_signed", data: { approval } },
    );
    const state = await robin.rollout.state();
    expect(state.plans.get(other)?.status).toBe("proposed");
    expect(await robin.desk.objection({ ...approval, digest: other })).not.toBeNull();
  });

  it("signs standing terms for a tool that may have them, within its limits", async () => {
    await using robin = await office(plan({ tool: "answer_mfa_tickets", standing: { textsHash: TEXTS, count: 3 } }));
    const standing = (max: number, until: string) =>
      approve(robin.parts, { id: robin.id, as: "Robin", standing: { max, until } });
    await expect(standing(2, "2026-10-30")).rejects.toThrow(InputError);
    await expect(standing(10, "2026-10-04")).rejects.toThrow(InputError);
    await expect(standing(10, "30 October")).rejects.toThrow(InputError);
    await standing(10, "2026-10-30");
    const [record] = (await robin.rollout.state()).standing;
    expect(record?.approval.terms).toEqual({
      tool: "answer_mfa_tickets",
      textsHash: TEXTS,
      largestCount: 10,
      until: "2026-10-30",
    });
    robin.printed.length = 0;
    await listApprovals(robin.parts, { full: false });
    expect(robin.printed).toEqual(["Nothing waits for a signature."]);
  });

  it("refuses standing terms for mails and for enforcement", async () => {
    await using robin = await office();
    const standing = { max: 10, until: "2026-10-30" };
    await expect(approve(robin.parts, { id: robin.id, as: "Robin", standing })).rejects.toThrow(InputError);
  });

  it("finds a plan by enough of its id only", async () => {
    await using robin = await office();
    await expect(approve(robin.parts, { id: "plan_", as: "Robin" })).rejects.toThrow(NotFoundError);
    await expect(approve(robin.parts, { id: "plan_none", as: "Robin" })).rejects.toThrow(NotFoundError);
    expect(await approve(robin.parts, { id: robin.id.slice(0, 10), as: "Robin" })).toBe(0);
  });
});

describe("mfa-rollout deny", () => {
  it("records who refused and why, stops an approved plan, and can be taken back", async () => {
    await using robin = await office();
    await approve(robin.parts, { id: robin.id, as: "Robin" });
    robin.place.time.now = minute(1);
    await deny(robin.parts, { id: robin.id, as: "Robin", why: "wrong phase" });
    const denied = (await robin.rollout.state()).approvals.get(robin.digest);
    expect(denied).toMatchObject({ kind: "denial", note: "wrong phase", approver: "Robin" });
    await approve(robin.parts, { id: robin.id, as: "Robin" });
    expect((await robin.rollout.state()).plans.get(robin.digest)?.status).toBe("approved");
  });
});

describe("mfa-rollout signoff", () => {
  const TABLE = "| account | reason |\n|---|---|\n| scanner | no MFA |\n";
  const classify = async (robin: Awaited<ReturnType<typeof office>>, text: string) => {
    const table = await robin.place.documents.put(text);
    const data = { list: TEXTS, register: TEXTS, table, counts: {}, total: 1, overrides: TEXTS };
    await robin.rollout.append({ type: "exceptions_classified", data });
    return table;
  };
  const consent = { rollout: ROLLOUT, contact: "Morgan Ellery", how: "signed PDF, 7 October", as: "Robin" };

  it("records the consent to exactly the table shown", async () => {
    await using robin = await office();
    const table = await classify(robin, TABLE);
    expect(await signoff(robin.parts, { ...consent, hash: table.slice(0, 8) })).toBe(0);
    expect(robin.printed).toContain("| scanner | no MFA |");
    const { signoff: recorded } = await robin.rollout.state();
    expect(recorded).toMatchObject({
      table,
      contact: "Morgan Ellery",
      approval: { kind: "signoff", note: "Morgan Ellery: signed PDF, 7 October" },
    });
  });

  it("refuses a table that is not the current one, too little of a hash, and one that changes meanwhile", async () => {
    await using robin = await office();
    await expect(signoff(robin.parts, { ...consent, hash: "00000000" })).rejects.toThrow(StateError);
    const old = await classify(robin, TABLE);
    await expect(signoff(robin.parts, { ...consent, hash: old.slice(0, 7) })).rejects.toThrow(InputError);
    const now = await classify(robin, `${TABLE}| printer | none |\n`);
    await expect(signoff(robin.parts, { ...consent, hash: old })).rejects.toThrow(InputError);
    const askPassphrase = async () => {
      await classify(robin, TABLE);
      return PASSPHRASE;
    };
    await expect(signoff({ ...robin.parts, askPassphrase }, { ...consent, hash: now })).rejects.toThrow(StateError);
    expect((await robin.rollout.state()).signoff).toBeNull();
  });
});

describe("mfa-rollout verify", () => {
  const begin = (plan: Sha256): RolloutEvent => ({
    type: "effect_intended",
    data: { key: `${ROLLOUT}/channel`, plan, subject: { kind: "channel", name: "it-support" } },
  });

  it("says that a ledger is intact, and of each plan who signed it", async () => {
    await using robin = await office();
    await approve(robin.parts, { id: robin.id, as: "Robin" });
    await robin.rollout.append(begin(robin.digest));
    expect(await verify(join(robin.place.dir, "rollouts", ROLLOUT), robin.parts.print, robin.desk)).toBe(0);
    expect(robin.printed.slice(-3)).toEqual([
      "Intact: 4 entries, every one chained to the one before.",
      `${robin.id}  send_phase_email  approved, 1 changes begun: plan by Robin, good`,
      "Signatures: 1. All are good.",
    ]);
  });

  it("judges no signature without the approvers' keys, and says whose they are", async () => {
    await using robin = await office();
    await approve(robin.parts, { id: robin.id, as: "Robin" });
    expect(await verify(robin.place.ledgerPath, robin.parts.print)).toBe(0);
    expect(robin.printed.at(-1)).toBe("Signatures not judged: 1. Add --customer larkfield to judge them.");
  });

  it("names the line of a signature that no approver made, though the chain is whole", async () => {
    await using robin = await office();
    const mallory = await openApproverKey(robin.keys, "Robin", PASSPHRASE);
    const forged = signApproval(
      { kind: "plan", rollout: ROLLOUT, digest: robin.digest, approver: "Mallory", at: START, terms: null, note: "" },
      mallory,
    );
    await robin.rollout.append({ type: "approval_signed", data: { approval: forged } });
    expect(await verify(robin.place.ledgerPath, robin.parts.print, robin.desk)).toBe(1);
    expect(robin.printed.slice(-3)).toEqual([
      `${robin.id}  send_phase_email  approved, 0 changes begun: plan by Mallory, NOT GOOD`,
      "Not good: line 3: The signature is by someone who is no approver of this customer.",
      "Signatures: 1. Not good: 1 lines.",
    ]);
  });

  it("names the line of a change that was begun before anybody signed", async () => {
    await using robin = await office();
    await robin.rollout.append(begin(robin.digest));
    await approve(robin.parts, { id: robin.id, as: "Robin" });
    expect(await verify(robin.place.ledgerPath, robin.parts.print, robin.desk)).toBe(1);
    expect(robin.printed).toContain(`Not good: line 3: A change of ${robin.id} was begun without an approval.`);
  });

  it("names the line where a ledger's end is missing that its summary knows", async () => {
    await using robin = await office();
    await approve(robin.parts, { id: robin.id, as: "Robin" });
    const lines = (await readFile(robin.place.ledgerPath, "utf8")).split("\n");
    await writeFile(robin.place.ledgerPath, `${lines.slice(0, 2).join("\n")}\n`);
    expect(await verify(robin.place.ledgerPath, robin.parts.print, robin.desk)).toBe(1);
    expect(robin.printed.at(-1)).toMatch(/^Not intact: line 3: it is missing/);
  });

  it("names the first bad line, and says when there is nothing to check", async () => {
    await using robin = await office();
    await chmod(robin.place.ledgerPath, 0o600);
    await writeFile(
      robin.place.ledgerPath,
      (await readFile(robin.place.ledgerPath, "utf8")).replace("Announcement", "announcement"),
    );
    expect(await verify(robin.place.ledgerPath, robin.parts.print)).toBe(1);
    expect(robin.printed.at(-1)).toMatch(/^Not intact: line 2:/);
    await expect(verify(join(robin.place.dir, "nowhere"), robin.parts.print)).rejects.toThrow(NotFoundError);
  });
});
