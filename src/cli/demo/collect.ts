import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import MailComposer from "nodemailer/lib/mail-composer";
import { z } from "zod";
import { systemClock } from "../../config/clock.ts";
import type { RolloutState } from "../../domain/rollout/state.ts";
import { FileDocumentStore } from "../../ledger/file-document-store.ts";
import { FileRolloutStore } from "../../ledger/file-rollout-store.ts";
import { jsonLogger } from "../../server/json-logger.ts";
import { EVIDENCE } from "../verify-evidence.ts";
import { SwitchPlan } from "./protection.ts";
import { sentMails, VendorsDump } from "./vendors-dump.ts";

/** What the verdict is made from: the vendors' own word, and the ledger's. */
export interface Collected {
  readonly vendors: VendorsDump;
  readonly state: RolloutState;
  readonly exceptionsTable: string;
  /** The signed plan that replaced security defaults; `null` where there was none. */
  readonly switchPlan: SwitchPlan | null;
  readonly proof: readonly z.output<typeof Proven>[];
}

/** A line of the closing proof, as far as the verdict holds it against the tenant. */
const Proven = z.object({ objectId: z.string(), state: z.string() });

/** Gathers everything that anyone may want to check into the output directory. */
export async function collect(from: {
  readonly output: string;
  readonly home: string;
  readonly rollout: string;
  readonly controlUrl: string;
  stopSandbox(): Promise<void>;
}): Promise<Collected> {
  const { output, rollout } = from;
  const response = await fetch(new URL("/vendors.json", from.controlUrl));
  const raw = await response.text();
  await writeFile(join(output, "vendors.json"), raw);
  const vendors = VendorsDump.parse(JSON.parse(raw));
  await from.stopSandbox();

  const data = join(from.home, "data");
  const logger = jsonLogger(() => {});
  const store = new FileRolloutStore({ dir: data, clock: systemClock, actor: "demo", logger });
  const documents = new FileDocumentStore({ dir: data });
  const state = await (await store.open(rollout)).state();
  await copyFile(join(data, "rollouts", rollout, "ledger.jsonl"), join(output, "ledger.jsonl"));

  const exceptionsTable = state.exceptions === null ? "" : await documents.text(state.exceptions.table);
  await writeFile(join(output, "exceptions.md"), exceptionsTable);
  await writePolicies(output, vendors, state);
  await writeMails(output, vendors);
  if (state.report !== null) {
    await writeFile(join(output, "report.pdf"), await documents.get(state.report.pdf));
    await mkdir(join(output, "evidence"));
    for (const { part, name } of EVIDENCE) {
      const hash = state.report[part];
      if (hash !== undefined) await writeFile(join(output, "evidence", name), await documents.get(hash));
    }
    await copyFile(join(output, "ledger.jsonl"), join(output, "evidence", "ledger.jsonl"));
  }
  const proof = state.report?.proof === undefined ? [] : await Array.fromAsync(documents.lines(state.report.proof));
  return {
    vendors,
    state,
    exceptionsTable,
    switchPlan: await signedSwitch(state, documents),
    proof: z.array(Proven).parse(proof),
  };
}

/** As it was signed: found by the change that it made. */
async function signedSwitch(
  { effects, approvals }: RolloutState,
  documents: FileDocumentStore,
): Promise<SwitchPlan | null> {
  const turned = effects.values().find(({ subject }) => subject.kind === "security_defaults");
  if (turned?.plan == null || approvals.get(turned.plan)?.kind !== "plan") return null;
  return z.object({ content: SwitchPlan }).parse(JSON.parse(await documents.text(turned.plan))).content;
}

async function writePolicies(output: string, { entra }: VendorsDump, { policies }: RolloutState): Promise<void> {
  await mkdir(join(output, "policies"));
  for (const [phase, { policyId }] of policies) {
    const live = entra.policies.find(({ id }) => id === policyId);
    await writeFile(join(output, "policies", `${phase}.json`), `${JSON.stringify(live ?? null, null, 2)}\n`);
  }
}

async function writeMails(output: string, vendors: VendorsDump): Promise<void> {
  await mkdir(join(output, "mail"));
  for (const [index, mail] of sentMails(vendors).entries()) {
    const key = mail.headers["X-MFA-Rollout-Key"] ?? "other";
    const name = `${key.split("/")[1] ?? key}-${mail.to[0] ?? ""}`.replace(/[^\w@.-]/g, "_");
    const { to, cc, subject, text, html } = mail;
    const message = new MailComposer({
      to: [...to],
      cc: [...cc],
      subject,
      text,
      html,
      date: new Date(mail.sentAt),
      headers: { "X-MFA-Rollout-Key": key },
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    await writeFile(
      join(output, "mail", `${String(index + 1).padStart(4, "0")}-${name}.eml`),
      await message.compile().build(),
    );
  }
}
