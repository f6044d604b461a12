import type { EntraObjectId } from "../model/ids.ts";
import { GAPS, type Gap } from "./proof-line.ts";

/** What keeps a proof from being whole: accounts that nothing enforces and no signed exception carves out. */
export interface ProofGaps {
  /** Accounts by why they are not covered, `report_only` among them; only those that there are. */
  readonly accounts: Readonly<Partial<Record<Gap | "report_only", number>>>;
  /** Object ids of the first few. */
  readonly first: readonly EntraObjectId[];
}

/** What a closing proof left open, as the report's event keeps it. */
export interface Unproven extends ProofGaps {
  /** Accounts on which Entra's What If says otherwise. */
  readonly disputes: number;
}

/** Who ends each gap and how; the number of accounts stands before. */
const MENDED_BY: Readonly<Record<Gap | "report_only", string>> = {
  carved_out:
    "left out by a policy without a signed exception: the technician takes them out of its exclusions, or records an exception with classify_exceptions that the customer signs off",
  under_notice: "left out until the date that they were told: time ends it, and the groups follow on that date",
  exception_expired:
    "left out by an exception that has ended: the technician calls classify_exceptions, the customer signs off, and apply_ca_policy brings the groups up to date",
  exception_not_signed: "left out by an exception that is not signed off as it stands: the customer signs it off",
  cannot_be_told:
    "guests of whom the directory does not say where they are from: the customer's administrator names the tenants, or removes the guests",
  conditional:
    "asked for MFA under conditions only: the technician covers them by the closing policy with apply_ca_policy",
  policy_disabled: "covered by a disabled policy only: the technician finds out who disabled it and enables it",
  no_policy: "covered by no policy: the technician enforces the closing policy with apply_ca_policy",
  report_only: "only watched by a report-only policy: the technician enforces it with apply_ca_policy",
};

/** What is left to do, by whom, before the proof is whole; worst first, empty: it is. */
export function leftToProve({ accounts, disputes }: Unproven): readonly string[] {
  const gaps = ([...GAPS, "report_only"] as const).flatMap((gap) => {
    const count = accounts[gap] ?? 0;
    return count === 0 ? [] : [`${count} accounts are ${MENDED_BY[gap]}.`];
  });
  if (disputes === 0) return gaps;
  return [
    `On ${disputes} accounts Entra's What If contradicts the proof: the technician compares the policies and groups in Entra.`,
    ...gaps,
  ];
}

/** Whether nothing but time is missing. */
export const onlyTimeIsLeft = ({ accounts, disputes }: Unproven): boolean =>
  disputes === 0 && Object.entries(accounts).every(([gap, count]) => gap === "under_notice" || count === 0);
