import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { PublicKeyApprovalDesk } from "../../src/approvals/file-approval-desk.ts";
import { signApproval, termsDigest, type UnsignedApproval } from "../../src/approvals/sign-approval.ts";
import type { PhaseId, Sha256, UserId } from "../../src/domain/model/ids.ts";
import type { Approval, StandingTerms } from "../../src/domain/model/plan.ts";
import { calendarDate, type Instant, instant } from "../../src/domain/model/time.ts";
import type { Act, CarriedOut } from "../../src/kit/tool-context.ts";
import type { ApprovalDesk } from "../../src/ports/approval-desk.ts";
import type { Effect, JsonObject } from "../../src/ports/rollout-store.ts";
import { carryOut } from "../../src/server/carry-out.ts";
import { type Basis, basisOf } from "../../src/server/refuse-stale.ts";
import { dataDirectory, ROLLOUT, START, started } from "./data-directory.ts";

/** A small campaign: who is written to. */
const Content = z.object({ to: z.array(z.string()) });
type Content = z.output<typeof Content>;

export const TOOL = "answer_mfa_tickets";
const ARGS = { phase: "phase_it" };
export const ARGS_KEY = '{"phase":"phase_it"}';

export function approverKey() {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return { privateKey, publicKey: `ed25519:${publicKey.export({ format: "jwk" }).x ?? ""}` };
}

/** A rollout in a real ledger, an approver with a real key, and a vendor that remembers what was done to it. */
export async function carryOutRoom() {
  const place = await dataDirectory();
  const rollout = await place.store().create(ROLLOUT, started());
  const robin = approverKey();
  const desk = new PublicKeyApprovalDesk([{ name: "Robin", publicKey: robin.publicKey }]);
  const done: string[] = [];
  const progress: string[] = [];
  const trouble = new Map<string, (() => Promise<void>)[]>();

  const effectOn = (person: string): Effect => ({
    key: `${ROLLOUT}/announcement/phase_it/${person}`,
    subject: {
      kind: "mail",
      mail: "announcement",
      phase: "phase_it" as PhaseId,
      userId: person as UserId,
      managerCopied: true,
    },
    find: async () => (done.includes(person) ? { state: "done", outcome: { person } } : { state: "absent" }),
    async perform(): Promise<JsonObject> {
      await trouble.get(person)?.shift()?.();
      done.push(person);
      return { person };
    },
  });
  const act = (to: readonly string[], over: Partial<Act<Content>> = {}): Act<Content> => ({
    tool: TOOL,
    args: ARGS,
    title: `Write to ${to.length}`,
    lines: to.map((person) => `To ${person}`),
    content: { to: [...to] },
    schema: Content,
    standingTexts: null,
    effects: (plan) => plan.to.map(effectOn),
    ...over,
  });
  const sign = async (
    unsigned: Partial<UnsignedApproval> & { readonly digest: Sha256 },
    key: KeyObject = robin.privateKey,
  ): Promise<Approval> => {
    const fields = {
      kind: "plan",
      rollout: ROLLOUT,
      approver: "Robin",
      at: await place.clock.now(),
      terms: null,
      note: "",
    } as const;
    return signApproval({ ...fields, ...unsigned }, key);
  };

  return {
    place,
    rollout,
    desk,
    robin,
    act,
    effectOn,
    /** Who was written to, in the order in which it happened; a person stands there as often as it did. */
    done,
    progress,
    /** The next attempts on a person do this first. */
    before: (person: string, ...doFirst: readonly (() => Promise<void>)[]): void =>
      void trouble.set(person, [...doFirst]),
    /** One call of the tool, as another process would make it. */
    async call(
      of: Act<Content>,
      over: {
        readonly signal?: AbortSignal;
        readonly today?: string;
        readonly desk?: ApprovalDesk;
        readonly basis?: Basis;
      } = {},
    ): Promise<CarriedOut> {
      const opened = over.basis === undefined ? await place.store().open(ROLLOUT) : rollout;
      return carryOut(of, {
        rollout: opened,
        basis: over.basis ?? basisOf(await opened.state()),
        documents: place.documents,
        desk: over.desk ?? desk,
        clock: place.clock,
        customer: "larkfield",
        today: calendarDate(over.today ?? "2026-10-05"),
        signal: over.signal ?? new AbortController().signal,
        progress: async (count, total, message) => void progress.push(`${count}/${total} ${message}`),
      });
    },
    /** What a call that is made now has read when it comes to act, however late: given to `call`. */
    read: async (): Promise<Basis> => basisOf(await rollout.state()),
    sign,
    approve: async (digest: Sha256): Promise<void> =>
      void (await rollout.append({ type: "approval_signed", data: { approval: await sign({ digest }) } })),
    deny: async (digest: Sha256, note: string): Promise<void> =>
      void (await rollout.append({
        type: "approval_denied",
        data: { approval: await sign({ kind: "denial", digest, note }) },
      })),
    standing: async (
      terms: StandingTerms,
      { approver = "Robin", key }: { readonly approver?: string; readonly key?: KeyObject } = {},
    ): Promise<void> =>
      void (await rollout.append({
        type: "approval_signed",
        data: { approval: await sign({ kind: "standing", digest: termsDigest(terms), terms, approver }, key) },
      })),
    /** The plan that waits. @throws {Error} none does. */
    async waiting() {
      const plan = (await rollout.state()).plans.values().find(({ status }) => status === "proposed");
      if (plan === undefined) throw new Error("no plan waits");
      return plan;
    },
    /** Types of the events since the rollout began. */
    async events(): Promise<readonly string[]> {
      const lines = (await readFile(place.ledgerPath, "utf8")).trim().split("\n");
      return lines.slice(1).map((line) => String(JSON.parse(line).type));
    },
    tick: (minutes = 1): Instant => {
      place.time.now = instant(Date.parse(place.time.now ?? START) + minutes * 60_000);
      return place.time.now;
    },
    [Symbol.asyncDispose]: place[Symbol.asyncDispose],
  };
}
