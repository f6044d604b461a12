import type { RolloutState } from "../domain/rollout/state.ts";

/** Goes up when `summary` changes its form; a file of another version is written anew. */
export const SUMMARY_VERSION = 2;

/**
 * A rollout in a page that a person can read: where it stands and how many, never who. It is made anew after every event,
 * so it passes over nothing that grows with the number of events.
 */
export function summary(state: RolloutState) {
  const { id, customer, customerName, procedure, startedAt, deadline, seq, head, lastAt } = state;
  return {
    version: SUMMARY_VERSION,
    note: "Made from ledger.jsonl, for reading only: changes here change nothing, and a deleted file comes back.",
    id,
    customer,
    customerName,
    procedure: `${procedure.id} ${procedure.version}`,
    startedAt,
    deadline,
    seq,
    head,
    lastAt,
    users: state.list?.counts ?? null,
    exceptions: state.exceptions && { total: state.exceptions.total, signedOff: isSignedOff(state) },
    phases: state.phases.map((phase) => phaseSummary(state, phase)),
    plans: countBy(state.plans.values(), ({ status }) => status),
    waitingForSignature: [...state.plans.values()]
      .filter(({ status }) => status === "proposed")
      .map(({ id: plan, tool, title }) => ({ plan, tool, title })),
    effects: state.effects.size,
    mails: Object.fromEntries([...state.mails].map(([kind, sent]) => [kind, sent.size])),
    findings: countBy(state.findings.values(), ({ status }) => status),
    answeredTickets: state.answeredTickets.size,
    report: state.report?.at ?? null,
  };
}

const isSignedOff = ({ signoff, exceptions }: RolloutState): boolean =>
  signoff !== null && signoff.table === exceptions?.table;

function phaseSummary(state: RolloutState, { id, department }: RolloutState["phases"][number]) {
  const policy = state.policies.get(id);
  return {
    id,
    department,
    enforcementDate: state.enforcementDates.get(id) ?? null,
    policy: policy === undefined ? null : { state: policy.state, since: policy.since },
  };
}

function countBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
}
