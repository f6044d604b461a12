import type { ProofLine } from "../domain/coverage/proof-line.ts";
import { ProofTally } from "../domain/coverage/proof-tally.ts";
import { type Evidence, prover } from "../domain/coverage/prove.ts";
import type { AccessRules, Membership } from "../domain/foresight/access-policy.ts";
import type { Subject } from "../domain/foresight/applies.ts";
import { whatIfDisputes } from "../domain/foresight/what-if.ts";
import { type EntraObjectId, entraObjectId, type Sha256 } from "../domain/model/ids.ts";
import type { Registration } from "../domain/model/people.ts";
import type { SourceNote } from "../domain/rollout/events.ts";
import type { DirectoryPort } from "../ports/directory.ts";
import { readMembership } from "./read-rules.ts";
import type { OpenRollout, ToolContext } from "./tool-context.ts";

type Needs = "conditionalAccess" | "directory";

/** More lines than anybody prints. */
const LISTED = 5_000;
const PROGRESS_EVERY = 10_000;

/** The closing proof of one moment: one line for each account that the tenant has then. */
export interface Proof {
  /** The lines' document, one `ProofLine` as JSON a line. */
  readonly document: Sha256;
  readonly tally: ProofTally;
  /** The first lines, for print. */
  readonly listed: readonly ProofLine[];
  readonly whatIf: {
    /** Decides which accounts were asked about. */
    readonly seed: string;
    readonly asked: number;
    /** "<account> <policy>" by their ids, wherever Entra says otherwise than the proof. */
    readonly disputes: readonly string[];
  };
  readonly sources: readonly SourceNote[];
}

/** Reads everything anew in pages, without a call for each account, and stores the lines as they are made. */
export async function proveCoverage(open: OpenRollout<Needs>, context: ToolContext<Needs>): Promise<Proof> {
  const { signal, documents, now } = context;
  const [directory, conditionalAccess] = [await open.vendor("directory"), await open.vendor("conditionalAccess")];
  const rules = await conditionalAccess.readAccessRules({ signal });
  const evidence = await readEvidence(open, rules, { directory, signal });
  const lineOf = prover(evidence);
  const seed = open.state.head;
  const tally = new ProofTally(seed);
  const listed: ProofLine[] = [];

  async function* lines(): AsyncGenerator<ProofLine> {
    for await (const account of directory.listAccounts({ signal })) {
      const line = lineOf(account);
      tally.add(line, account);
      if (listed.length < LISTED) listed.push(line);
      if (tally.totals.accounts % PROGRESS_EVERY === 0) {
        await context.progress(tally.totals.accounts, null, "accounts accounted for");
      }
      yield line;
    }
  }
  const { hash, lines: accounts } = await documents.putLines(lines());

  const { sample } = tally;
  const live = rules.policies.filter(({ state }) => state !== "disabled");
  const asked = { ...rules, policies: live, membership: evidence.membership };
  const disputes = await disputesOf(sample, asked, (id) => conditionalAccess.whatIf(id, { signal }));
  const note = (source: string, call: string, count: number) => ({ source, call, at: now, count, complete: true });
  return {
    document: hash,
    tally,
    listed,
    whatIf: { seed, asked: sample.length, disputes },
    sources: [
      note(directory.source, "GET /v1.0/users, for the proof", accounts),
      note(
        directory.source,
        "GET /v1.0/reports/authenticationMethods/userRegistrationDetails, for the proof",
        evidence.registrations.size,
      ),
      note(
        directory.source,
        "GET /v1.0/groups/{id}/transitiveMembers, groups that policies name",
        evidence.membership.groups.size,
      ),
      note(
        conditionalAccess.source,
        "GET /v1.0/identity/conditionalAccess/policies, for the proof",
        rules.policies.length,
      ),
      note(conditionalAccess.source, "POST /v1.0/identity/conditionalAccess/evaluate, one of a kind", sample.length),
    ],
  };
}

async function readEvidence(
  open: OpenRollout<Needs>,
  { policies }: AccessRules,
  asked: { readonly directory: DirectoryPort; readonly signal: AbortSignal },
): Promise<Evidence> {
  const { state, today } = open;
  const [users, roster, register] = [await open.users(), await open.roster(), await open.register()];
  const known = new Set(users.flatMap(({ account }) => account?.objectId ?? []));
  const membership = await readMembership(
    policies,
    { draftGroups: new Map(), isAccount: (id) => known.has(id) },
    asked,
  );
  const registrations = new Map<EntraObjectId, Registration>();
  for await (const row of asked.directory.listRegistrations(asked)) registrations.set(row.objectId, row);
  return {
    ...{ policies, membership, registrations, users, roster, register, today },
    direct: await directMembers(membership, asked),
    signoff: state.signoff !== null && state.signoff.table === state.exceptions?.table ? state.signoff.table : null,
  };
}

/** A group without anybody may be one that was deleted, and is not asked about again. */
async function directMembers(
  { groups }: Membership,
  { directory, signal }: { readonly directory: DirectoryPort; readonly signal: AbortSignal },
): Promise<Membership["groups"]> {
  const direct = new Map<string, ReadonlySet<EntraObjectId>>();
  for (const [id, members] of groups) {
    if (members.size === 0) continue;
    direct.set(id, new Set(await Array.fromAsync(directory.listGroupMembers(entraObjectId(id), { signal }))));
  }
  return direct;
}

async function disputesOf(
  sample: readonly Subject[],
  rules: Parameters<typeof whatIfDisputes>[0],
  ask: (account: EntraObjectId) => Promise<{ readonly appliedPolicyIds: readonly string[] }>,
): Promise<readonly string[]> {
  const disputes: string[] = [];
  for (const subject of sample) {
    const { appliedPolicyIds } = await ask(subject.objectId);
    disputes.push(...whatIfDisputes(rules, subject, appliedPolicyIds).map((policy) => `${subject.objectId} ${policy}`));
  }
  return disputes;
}
