import { entraObjectId } from "../domain/model/ids.ts";
import type { User } from "../domain/model/people.ts";
import { addHours, type Instant } from "../domain/model/time.ts";
import type { EmergencyAccount, PitfallFacts } from "../domain/pitfalls/facts.ts";
import type { OpenRollout } from "./tool-context.ts";

/** Sign-ins and changes are asked for this far back from the start of the rollout. */
const LOOK_BACK_HOURS = 72;

/** Reads whatever the checks judge by: the tenant as it is now, and the list and exceptions as they stand. */
export async function readPitfallFacts(
  open: OpenRollout<"conditionalAccess" | "tenantSurvey">,
  { now, signal }: { readonly now: Instant; readonly signal: AbortSignal },
): Promise<PitfallFacts> {
  const { state, customer, procedure, today } = open;
  const [users, roster] = [await open.users(), await open.roster()];
  const ourGroups = [...state.groups.values()].map(entraObjectId);
  const sharedMailboxes = users.flatMap(({ account, mailbox }) =>
    account?.enabled && mailbox === "shared" ? account.objectId : [],
  );
  const tenantSurvey = await open.vendor("tenantSurvey");
  const since = addHours(state.startedAt, -LOOK_BACK_HOURS);
  const [survey, emergency] = await Promise.all([
    tenantSurvey.survey({ groups: ourGroups, accounts: sharedMailboxes, since, signal }),
    emergencyAccounts(open, users, signal),
  ]);
  return {
    survey,
    users,
    roster,
    emergency,
    openFindings: [...state.findings.values()].filter(
      ({ status, objectId }) => status === "open" && !roster.exceptedObjectIds.has(objectId),
    ),
    ours: new Map([...state.policies].map(([phase, { policyId }]) => [policyId, phase])),
    ourGroups,
    phases: state.phases,
    enforcementDates: state.enforcementDates,
    customer,
    settings: procedure.settings,
    deadline: state.deadline,
    today,
    now,
  };
}

/** The configured accounts, each with what What-If says of it. */
async function emergencyAccounts(
  open: OpenRollout<"conditionalAccess" | "tenantSurvey">,
  users: readonly User[],
  signal: AbortSignal,
): Promise<readonly EmergencyAccount[]> {
  const policies = await open.vendor("conditionalAccess");
  const byUpn = new Map(users.flatMap((user) => (user.account ? [[user.account.upn, user] as const] : [])));
  const accounts: EmergencyAccount[] = [];
  for (const upn of open.customer.emergencyAccess) {
    const user = byUpn.get(upn) ?? null;
    const account = user?.account ?? null;
    const applied = account === null ? [] : (await policies.whatIf(account.objectId, { signal })).appliedPolicyIds;
    accounts.push({ upn, user, applied });
  }
  return accounts;
}
