import { z } from "zod";
import { pitfallFix } from "../src/domain/fix-kit/pitfall-causes.ts";
import { ticketsInWords } from "../src/domain/fix-kit/tickets.ts";
import { checkTenant as judgeTenant } from "../src/domain/pitfalls/check-tenant.ts";
import type { PitfallFacts } from "../src/domain/pitfalls/facts.ts";
import { isOpenPitfall } from "../src/domain/pitfalls/open-pitfalls.ts";
import { type Pitfall, SEVERITIES } from "../src/domain/pitfalls/pitfall.ts";
import { StateError } from "../src/errors.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { rolloutField } from "../src/kit/fields.ts";
import { readPitfallFacts } from "../src/kit/pitfall-facts.ts";

const STATUSES = ["open", "accepted", "held_by_gate", "rollout_ends_it", "ask_a_person"] as const;

export const checkTenant = defineTool({
  name: "check_tenant",
  title: "Check the tenant for pitfalls",
  description:
    "Looks at the tenant for whatever enforcement would run into (emergency accounts, other policies, sync, guests, rooms, " +
    "methods, licences) and says what stands in the way, worst first, and who mends it. Enforcing is refused while any of it " +
    "stands, or without a fresh check.",
  approval: "record",
  idempotent: true,
  connectors: ["conditionalAccess", "tenantSurvey"],
  input: z.strictObject({ rollout: rolloutField }),
  output: z.strictObject({
    checked_at: z.string(),
    open: z.number().int().describe("Pitfalls that hold up enforcement, neither mended nor accepted"),
    pitfalls: z.array(
      z.strictObject({
        finding_id: z.string(),
        name: z.string(),
        severity: z.enum(SEVERITIES),
        status: z.enum(STATUSES),
        holds: z.array(z.string()).describe("Phases whose enforcement it holds up"),
        who_mends: z.enum(["customer_admin", "helpdesk", "technician"]),
        what: z.string(),
        remedy: z.string(),
        may_be_accepted: z.boolean().describe("A person may accept it with resolve_finding"),
        evidence: z.array(z.string()),
        evidence_total: z.number().int(),
        ticket: z.string().optional().describe("Of sync_psa_project, with due date and status"),
      }),
    ),
    source: z.string(),
  }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    const { list, exceptions } = open.state;
    if (list === null) {
      throw new StateError("There is no list of users yet.", { nextStep: "Call reconcile_users first." });
    }
    const facts = await readPitfallFacts(open, context);
    const pitfalls = judgeTenant(facts);
    const { source } = await open.vendor("tenantSurvey");
    const audits = facts.policyChanges === null ? "" : ", directory audits";
    const call = `policies, groups, methods, roles, licences, cross-tenant access${audits}; What-If`;
    const count = facts.survey.policies.length;
    await open.record({
      type: "tenant_checked",
      data: {
        list: list.hash,
        register: exceptions?.register ?? null,
        facts: await context.documents.put(factsDocument(facts)),
        pitfalls,
        sources: [{ source, call, at: context.now, count, complete: true }],
      },
    });
    const { acceptedPitfalls } = open.state;
    const stillOpen = pitfalls.filter((pitfall) => isOpenPitfall(pitfall, acceptedPitfalls)).length;
    const tickets = ticketsInWords(open.state);
    await open.stepDone("check_tenant", {}, `${stillOpen} open`);
    return {
      checked_at: context.now,
      open: stillOpen,
      pitfalls: pitfalls.map((pitfall) => {
        const ticket = tickets.get(pitfallFix(pitfall.name));
        return { ...shown(pitfall, acceptedPitfalls), ...(ticket !== undefined && { ticket }) };
      }),
      source,
    };
  },

  summarize: ({ open, pitfalls }) =>
    (open === 0
      ? "Nothing that was found holds up enforcement."
      : `${open} pitfalls hold up enforcement, worst first.`) +
    pitfalls
      .map(
        ({ finding_id, severity, status, who_mends, what, remedy, may_be_accepted, ticket }) =>
          ` ${finding_id} (${severity}, ${status}${ticket === undefined ? "" : `, ${ticket}`}): ${what} ${who_mends} mends it: ${remedy}` +
          (status === "open" && may_be_accepted ? " A person may accept it with resolve_finding." : ""),
      )
      .join(""),
});

function shown(pitfall: Pitfall, accepted: ReadonlySet<string>) {
  return {
    finding_id: pitfall.id,
    name: pitfall.name,
    severity: pitfall.severity,
    status: statusOf(pitfall, accepted),
    holds: [...pitfall.holds],
    who_mends: pitfall.mender,
    what: pitfall.message,
    remedy: pitfall.remedy,
    may_be_accepted: pitfall.acceptable && pitfall.heldBy === null,
    evidence: pitfall.evidence.slice(0, 5),
    evidence_total: pitfall.count,
  };
}

function statusOf(pitfall: Pitfall, accepted: ReadonlySet<string>): (typeof STATUSES)[number] {
  if (!pitfall.seen) return "ask_a_person";
  if (pitfall.heldBy !== null) return "held_by_gate";
  if (pitfall.holds.length === 0) return "rollout_ends_it";
  return isOpenPitfall(pitfall, accepted) ? "open" : "accepted";
}

/** What was read, for whoever asks later; of most accounts the number alone, since the list has them. */
const factsDocument = ({ survey, emergency }: PitfallFacts): string =>
  JSON.stringify({
    ...survey,
    groups: Object.fromEntries(survey.groups),
    methodsAllowed: [...survey.methodsAllowed],
    globalAdministrators: [...survey.globalAdministrators],
    mailboxesSignedIn: [...survey.mailboxesSignedIn],
    accounts: survey.accounts.size,
    perUserMfa: { enabled: withPerUserMfa(survey, "enabled"), enforced: withPerUserMfa(survey, "enforced") },
    emergency: emergency.map(({ upn, user, applied }) => ({ upn, objectId: user?.account?.objectId ?? null, applied })),
  });

const withPerUserMfa = ({ accounts }: PitfallFacts["survey"], state: "enabled" | "enforced"): readonly string[] =>
  [...accounts].flatMap(([id, { perUserMfa }]) => (perUserMfa === state ? [id] : []));
