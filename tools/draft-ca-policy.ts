import { z } from "zod";
import { CLOSING_PHASE, entraObjectId, type Sha256 } from "../src/domain/model/ids.ts";
import { draftPolicy } from "../src/domain/policy/draft.ts";
import { lintPolicy } from "../src/domain/policy/lint.ts";
import { resolveDraft } from "../src/domain/policy/resolve.ts";
import { StateError } from "../src/errors.ts";
import { policyLink } from "../src/kit/artifacts.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { phaseField, rolloutField } from "../src/kit/fields.ts";
import { phaseOf } from "../src/kit/phase-of.ts";
import { untrusted } from "../src/kit/untrusted-text.ts";

export const draftCaPolicy = defineTool({
  name: "draft_ca_policy",
  title: "Draft a Conditional Access policy",
  description:
    "Drafts the policy of a phase, or with phase_closing the one for all users, as the JSON that would be sent, checks it " +
    "against Entra's known rejections and lock-out rules, and says whom it would cover. Nothing is pushed.",
  approval: "record",
  idempotent: true,
  connectors: ["conditionalAccess"],
  input: z.strictObject({ rollout: rolloutField, phase: phaseField }),
  output: z.strictObject({
    phase: z.string(),
    display_name: z.string(),
    covers: z.number().int().describe("Users in scope whom it would cover"),
    excluded: z.number().int().describe("Accounts carved out by groups, roles and users"),
    lint: z.array(z.strictObject({ severity: z.string(), rule: z.string(), message: z.string() })),
    artifact: z.string().describe("Artifact id of the policy JSON; read it with get_artifact"),
  }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    const phase = phaseOf(open.state, input.phase);
    const [register, roster] = [await open.register(), await open.roster()];
    const emergency = register.filter(({ kind }) => kind === "emergency_access").map(({ objectId }) => objectId);
    const draft = draftPolicy({ rollout: open.id, phase, customer: open.customer, emergencyObjectIds: emergency });
    const { mspTenantId } = open.customer;
    const lint = lintPolicy(draft, {
      rollout: open.id,
      phase: phase.id,
      mspTenantId,
      emergencyObjectIds: emergency,
      policyCount: null,
    });

    // The groups get their ids when they are made; until then the JSON shows their nicknames in the ids' place.
    const names = new Map([...draft.includeGroups, ...draft.excludeGroups].map((name) => [name, entraObjectId(name)]));
    const shown = resolveDraft(draft, names);
    const vendor = await open.vendor("conditionalAccess");
    const json = "missing" in shown ? {} : vendor.asVendorJson(shown);
    const artifact = await context.documents.put(`${JSON.stringify(json, null, 2)}\n`);
    const members = [...roster.byPhase].flatMap(([id, users]) =>
      phase.id === CLOSING_PHASE || id === phase.id ? users : [],
    );
    const draftHash = await context.documents.put(JSON.stringify(draft));
    refuseRedraft(open.state.policies.get(phase.id)?.draft, draftHash);
    await open.record({
      type: "policy_drafted",
      data: {
        phase: phase.id,
        draft: draftHash,
        artifact,
        lint,
        covers: members.length,
      },
    });
    await open.stepDone("draft_ca_policy", { phase: phase.id }, draft.displayName);
    return {
      phase: phase.id,
      display_name: untrusted(draft.displayName, 120),
      covers: members.length,
      excluded: roster.excepted.size,
      lint: lint.map(({ severity, rule, message }) => ({ severity, rule, message })),
      artifact,
    };
  },

  summarize: ({ display_name, covers, excluded, lint, artifact }) =>
    `Draft "${display_name}" (artifact ${artifact}) would cover ${covers} users in scope and carve out ${excluded} accounts. ` +
    (lint.length === 0 ? "No rule objects." : lint.map(({ severity, message }) => `${severity}: ${message}`).join(" ")),

  links: ({ phase }, { rollout }) => [policyLink(rollout, phase)],
});

/** A live policy stays the one that was signed: another draft would be enforced without anybody having read it. */
function refuseRedraft(live: Sha256 | undefined, draft: Sha256): void {
  if (live === undefined || live === draft) return;
  throw new StateError("This phase's policy is live, and a new draft would differ from it.", {
    nextStep:
      "Bring back what changed (usually the emergency access accounts in the customer's file), or have a person change the live policy and start a new rollout.",
  });
}
