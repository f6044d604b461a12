import { join } from "node:path";
import canonicalize from "canonicalize";
import { PublicKeyApprovalDesk } from "../../src/approvals/file-approval-desk.ts";
import { createApproverKey } from "../../src/approvals/keys.ts";
import { planId, sha256 } from "../../src/domain/model/ids.ts";
import type { Plan } from "../../src/domain/model/plan.ts";
import { dataDirectory, ROLLOUT, started } from "./data-directory.ts";

export const PASSPHRASE = "correct horse battery staple";
export const TEXTS = sha256("c3".repeat(32));
export const LINES = ["Ada Lovelace <ada@larkfieldfoods.com>", "Zoë O'Neil <zoe@larkfieldfoods.com>"];

export const plan = (over: Partial<Plan> = {}): Plan => ({
  rollout: ROLLOUT,
  customer: "larkfield",
  tool: "send_phase_email",
  args: { kind: "announcement" },
  round: 0,
  title: "Announcement to 2 users of IT",
  lines: LINES,
  content: { to: ["usr_1", "usr_2"] },
  standing: null,
  ...over,
});

/** A rollout with one proposed plan, and Robin with a key; `parts` are what Robin's commands work with. */
export async function office(proposal: Plan = plan()) {
  const place = await dataDirectory();
  const keys = join(place.dir, "keys-of-robin");
  const publicKey = await createApproverKey(keys, "Robin", PASSPHRASE);
  const desk = new PublicKeyApprovalDesk([{ name: "Robin", publicKey }]);
  const printed: string[] = [];
  const store = place.store("person:Robin");
  const rollout = await store.create(ROLLOUT, started());
  const digest = await place.documents.put(canonicalize(proposal) ?? "");
  const { tool, title, standing, signer } = proposal;
  const asked = signer === undefined ? {} : { signer };
  await rollout.append({ type: "plan_proposed", data: { digest, tool, argsKey: "{}", title, standing, ...asked } });
  const parts = {
    store,
    documents: place.documents,
    clock: place.clock,
    keys,
    print: (line: string): void => void printed.push(line),
    askPassphrase: async () => PASSPHRASE,
    desk: async () => desk,
  };
  return {
    place,
    parts,
    keys,
    publicKey,
    desk,
    printed,
    rollout,
    digest,
    id: planId(digest),
    [Symbol.asyncDispose]: place[Symbol.asyncDispose],
  };
}

export const blobPath = (dir: string, hash: string): string => join(dir, "blobs", hash.slice(0, 2), hash);
