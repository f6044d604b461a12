import { z } from "zod";
import { holdouts } from "../src/domain/coverage/holdouts.ts";
import type { PolicyHistory, ReportFacts } from "../src/domain/coverage/report-facts.ts";
import { leftToProve } from "../src/domain/coverage/unproven.ts";
import { entraObjectId } from "../src/domain/model/ids.ts";
import type { User } from "../src/domain/model/people.ts";
import type { LivePolicy } from "../src/domain/model/policy.ts";
import { dateIn } from "../src/domain/model/time.ts";
import { policyDifferences } from "../src/domain/policy/difference.ts";
import type { PolicyDraft } from "../src/domain/policy/draft.ts";
import { resolveDraft } from "../src/domain/policy/resolve.ts";
import { proofLink, reportLink, reportPdfLink } from "../src/kit/artifacts.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { rolloutField } from "../src/kit/fields.ts";
import { doneEffects } from "../src/kit/holdout-tickets.ts";
import { phaseName } from "../src/kit/phase-of.ts";
import { type Proof, proveCoverage } from "../src/kit/prove-coverage.ts";
import type { OpenRollout, ToolContext } from "../src/kit/tool-context.ts";

export const generateComplianceReport = defineTool({
  name: "generate_compliance_report",
  title: "Write the compliance report",
  description:
    "Proves live, one line an account, how each is covered, and writes the insurer's report from it as PDF and text. " +
    "It gives evidence; it signs nothing.",
  approval: "record",
  idempotent: true,
  connectors: ["conditionalAccess", "directory"],
  input: z.strictObject({ rollout: rolloutField }),
  output: z.strictObject({
    accounts: z.number().int(),
    enforced: z.number().int(),
    excepted: z.number().int(),
    report_only: z.number().int(),
    not_covered: z.number().int(),
    cannot_sign_in: z.number().int(),
    carved_out: z.number().int().describe("Of those not covered: left out by a policy without an exception"),
    left_to_prove: z
      .array(z.string())
      .describe(
        "Who must do what before every account is enforced or excepted by signature; empty: the proof is whole",
      ),
    what_if_asked: z.number().int(),
    what_if_disputes: z.number().int().describe("Where Entra says otherwise; the proof holds only with none"),
    holdouts: z.number().int(),
    pdf: z.string().describe("Document id of the PDF, in the data directory under blobs/"),
    text: z.string().describe("Artifact id of the same report as text, for get_artifact"),
    proof: z.string().describe("Artifact id of the proof, one account a line as JSON"),
  }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    const live = await (await open.vendor("conditionalAccess")).listPolicies({ signal: context.signal });
    const proof = await proveCoverage(open, context);
    const facts = await gatherFacts(open, context, { live, proof });
    const unproven = { ...proof.tally.gaps, disputes: proof.whatIf.disputes.length };
    const { pdf, text } = await context.writing.report(facts);
    const [pdfHash, textHash] = [await context.documents.put(pdf), await context.documents.put(text)];
    const factsHash = await context.documents.put(JSON.stringify(facts));
    await open.record({
      type: "report_written",
      data: { pdf: pdfHash, text: textHash, facts: factsHash, proof: proof.document, unproven },
    });
    await open.stepDone(
      "generate_compliance_report",
      {},
      `${facts.totals.enforced} of ${facts.totals.accounts} enforced`,
    );
    const { accounts, enforced, excepted, report_only, not_covered, cannot_sign_in, carved_out } = facts.totals;
    return {
      accounts,
      enforced,
      excepted,
      report_only,
      not_covered,
      cannot_sign_in,
      carved_out,
      left_to_prove: [...leftToProve(unproven)],
      what_if_asked: proof.whatIf.asked,
      what_if_disputes: proof.whatIf.disputes.length,
      holdouts: facts.holdouts.length,
      pdf: pdfHash,
      text: textHash,
      proof: proof.document,
    };
  },

  summarize: (answer) =>
    `Report written (PDF ${answer.pdf}, text ${answer.text}). Of ${answer.accounts} accounts ${answer.enforced} are enforced, ` +
    `${answer.excepted} excepted, ${answer.report_only} only watched, ${answer.not_covered} not covered, ${answer.cannot_sign_in} cannot sign in; ` +
    `${answer.holdouts} holdouts. ` +
    (answer.carved_out === 0 ? "" : `${answer.carved_out} are left out by a policy without an exception. `) +
    `What If was asked about ${answer.what_if_asked}: ` +
    `${answer.what_if_disputes === 0 ? "it agrees." : `${answer.what_if_disputes} disputes, so the proof fails.`} ` +
    (answer.left_to_prove.length === 0
      ? "The proof is whole. "
      : `The proof is not whole, so the rollout is not finished: ${answer.left_to_prove.join(" ")} `) +
    `Every account: artifact ${answer.proof}.`,

  links: (_, { rollout }) => [proofLink(rollout), reportPdfLink(rollout), reportLink(rollout)],
});

async function gatherFacts(
  open: OpenRollout<never>,
  context: ToolContext<never>,
  { live, proof }: { readonly live: readonly LivePolicy[]; readonly proof: Proof },
): Promise<ReportFacts> {
  const { state, customer, procedure, today } = open;
  const [users, roster, register] = [await open.users(), await open.roster(), await open.register()];
  const { tally, document, whatIf } = proof;
  const left = holdouts({ roster, state, settings: procedure.settings, today });
  return {
    customer: customer.name,
    mspName: customer.mspName,
    rollout: open.id,
    procedure: `${procedure.id} ${procedure.version}`,
    insurer: customer.insurer,
    timeZone: state.timeZone,
    startedOn: dateIn(state.timeZone, state.startedAt),
    deadline: state.deadline,
    writtenAt: context.now,
    totals: tally.totals,
    proof: { document, whatIf },
    employeesWithoutAccount: users.filter(({ account }) => account === null).length,
    departments: tally.departments(state.phases),
    accounts: proof.listed,
    exceptions: register,
    signoff:
      state.signoff === null
        ? null
        : {
            contact: state.signoff.contact,
            recordedBy: state.signoff.approval.approver,
            at: state.signoff.at,
            table: state.signoff.table,
            current: state.signoff.table === state.exceptions?.table,
          },
    policies: await policyHistories(open, context, live),
    methods: tally.methods,
    signIns: state.observations.map(({ from, to, count, interactive, complete, phases }) => ({
      ...{ from, to, count, interactive, complete },
      blocked: phases.reduce((sum, phase) => sum + phase.blocked, 0),
    })),
    findings: [...state.findings.values()],
    holdouts: left.map(({ user, enforced }) => ({
      upn: user.account?.upn ?? "",
      department: user.department,
      enforced,
      done: doneAbout(user, state),
    })),
    sources: [
      ...(state.list?.sources ?? []),
      ...state.observations.flatMap(({ sources }) => sources),
      ...proof.sources,
    ],
    ledger: { head: state.head, entries: state.seq },
  };
}

/** Each policy of ours: when it changed, and whether the live one is still the one that was approved. */
async function policyHistories(
  { state }: OpenRollout<never>,
  { documents }: ToolContext<never>,
  live: readonly LivePolicy[],
): Promise<readonly PolicyHistory[]> {
  const ids = new Map([...state.groups].map(([nickname, id]) => [nickname, entraObjectId(id)]));
  const histories: PolicyHistory[] = [];
  for (const phase of state.phases) {
    const policy = state.policies.get(phase.id);
    const changes = doneEffects(state, "policy_state").filter(({ subject }) => subject.phase === phase.id);
    const there = live.find(({ id }) => id === policy?.policyId);
    histories.push({
      name: phaseName(phase),
      policyId: policy?.policyId ?? null,
      changes: [
        ...(policy === undefined ? [] : [{ at: policy.reportOnlySince, state: "report_only" as const }]),
        ...changes.map(({ at, subject }) => ({ at, state: subject.state })),
      ],
      differences:
        policy === undefined
          ? null
          : differences(JSON.parse(await documents.text(policy.draft)) as PolicyDraft, there, ids), // our draft, hash checked
    });
  }
  return histories;
}

function differences(
  draft: PolicyDraft,
  live: LivePolicy | undefined,
  ids: Parameters<typeof resolveDraft>[1],
): readonly string[] {
  if (live === undefined) return ["the policy is not in the tenant"];
  const wanted = resolveDraft(draft, ids);
  return "missing" in wanted
    ? wanted.missing.map((name) => `group ${name} is missing`)
    : policyDifferences(wanted, live);
}

/** What was done about a holdout, from what went out. */
function doneAbout({ id }: User, state: OpenRollout<never>["state"]): string {
  const mails = (["announcement", "reminder", "enforcement_notice", "chase"] as const).filter((kind) =>
    state.mails.get(kind)?.has(id),
  );
  const ticket = state.effects.get(`${state.id}/psa/ticket/${id}`)?.outcome.ticketId;
  const parts = [
    mails.length > 0 && `mailed: ${mails.join(", ").replaceAll("_", " ")}`,
    typeof ticket === "string" && `ticket ${ticket}`,
  ];
  return parts.filter((part) => part !== false).join("; ") || "nothing yet";
}
