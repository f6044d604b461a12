import { type EntraObjectId, entraObjectId } from "../domain/model/ids.ts";
import type { User } from "../domain/model/people.ts";
import { addHours } from "../domain/model/time.ts";
import type { EmergencyAccount, PitfallFacts, TenantSurvey } from "../domain/pitfalls/facts.ts";
import { showsOthersWork } from "../domain/pitfalls/others-work.ts";
import { WINDOWS_STORE } from "../domain/pitfalls/windows-activation.ts";
import { latestComplete } from "../domain/rollout/blockers/evidence-window.ts";
import { phaseByPolicyId } from "../domain/rollout/own-policies.ts";
import type { Observation, RolloutState } from "../domain/rollout/state.ts";
import type { DocumentStore } from "../ports/rollout-store.ts";
import { storedSignIns } from "./stored-sign-ins.ts";
import type { OpenRollout, ToolContext } from "./tool-context.ts";

/** Sign-ins and changes are asked for this far back, from the start of the rollout or from the last look at sign-ins. */
const LOOK_BACK_HOURS = 72;

/** Reads whatever the checks judge by: the tenant as it is now, and the list and exceptions as they stand. */
export async function readPitfallFacts(
  open: OpenRollout<"conditionalAccess" | "tenantSurvey">,
  context: ToolContext<"conditionalAccess" | "tenantSurvey">,
): Promise<PitfallFacts> {
  const { now, signal } = context;
  const { state, customer, procedure, today } = open;
  const [users, roster] = [await open.users(), await open.roster()];
  const ourGroups = [...state.groups.values()].map(entraObjectId);
  const sharedMailboxes = users.flatMap(({ account, mailbox }) =>
    account?.enabled && mailbox === "shared" ? account.objectId : [],
  );
  const known = await traces(context.documents, state.observations, sharedMailboxes);
  const tenantSurvey = await open.vendor("tenantSurvey");
  const since = addHours(state.startedAt, -LOOK_BACK_HOURS);
  const accounts = known === null ? sharedMailboxes : null;
  const [survey, emergency] = await Promise.all([
    tenantSurvey.survey({ groups: ourGroups, accounts, since, signal }),
    emergencyAccounts(open, users, signal),
  ]);
  const before = await lastSeenPolicies(context.documents, state.tenantCheck);
  const policyChanges = showsOthersWork(survey.policies, { state, before, since })
    ? await tenantSurvey.changes({ of: "policies", since, signal })
    : null;
  return {
    survey: { ...survey, ...known },
    policyChanges,
    users,
    roster,
    emergency,
    openFindings: [...state.findings.values()].filter(
      ({ status, objectId }) => status === "open" && !roster.exceptedObjectIds.has(objectId),
    ),
    ours: phaseByPolicyId(state),
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

/** What the sign-ins that were read already say; `null` before the first look, when only the vendor can tell. */
async function traces(
  documents: DocumentStore,
  observations: readonly Observation[],
  sharedMailboxes: readonly EntraObjectId[],
): Promise<Pick<TenantSurvey, "windowsActivated" | "mailboxesSignedIn"> | null> {
  const latest = latestComplete(observations);
  if (latest === null) return null;
  const watched = new Set(sharedMailboxes);
  const mailboxesSignedIn = new Set<EntraObjectId>();
  let windowsActivated = false;
  const from = addHours(latest.to, -LOOK_BACK_HOURS);
  for await (const { objectId, resourceId } of storedSignIns(documents, observations, { from, to: latest.to })) {
    if (watched.has(objectId)) mailboxesSignedIn.add(objectId);
    if (resourceId === WINDOWS_STORE) windowsActivated = true;
  }
  return { windowsActivated, mailboxesSignedIn };
}

/** Ids of the policies that the last check found; a policy that is gone has no other trace in the list. */
async function lastSeenPolicies(
  documents: DocumentStore,
  check: RolloutState["tenantCheck"],
): Promise<readonly string[]> {
  if (check === null) return [];
  const { policies } = JSON.parse(await documents.text(check.facts)) as Pick<TenantSurvey, "policies">; // we wrote it
  return policies.map(({ id }) => id);
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
