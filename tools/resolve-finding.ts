import { z } from "zod";
import { InputError, NotFoundError, StateError } from "../src/errors.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { rolloutField } from "../src/kit/fields.ts";

export const resolveFinding = defineTool({
  name: "resolve_finding",
  title: "Resolve a finding",
  description:
    "Records what a person decided about a finding: remediated (the client was replaced), carved_out (its account has a " +
    "signed exception) or accepted (it may break). A remediated finding opens again if the sign-ins are seen again.",
  approval: "record",
  idempotent: true,
  connectors: [],
  input: z.strictObject({
    rollout: rolloutField,
    finding: z.string().min(1).max(60).describe("finding_id from fetch_signin_logs, e.g. fnd_1a2b3c4d5e6f"),
    resolution: z.enum(["remediated", "carved_out", "accepted"]).describe("remediated, carved_out or accepted"),
    by: z.string().min(2).max(100).describe("The person who decided"),
    why: z.string().min(5).max(500).describe("What was done or why it is accepted"),
  }),
  output: z.strictObject({ finding: z.string(), status: z.string(), still_open: z.number().int() }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    const finding = open.state.findings.get(input.finding);
    if (finding === undefined) {
      throw new NotFoundError("The rollout has no such finding.", {
        nextStep: "Call fetch_signin_logs and use a finding_id from it.",
      });
    }
    if (finding.status !== "open" && finding.status !== input.resolution) {
      throw new StateError(`This finding is ${finding.status} already.`, {
        nextStep: "Nothing is to be done; call get_rollout.",
      });
    }
    if (
      input.resolution === "carved_out" &&
      !(await open.register()).some(({ objectId }) => objectId === finding.objectId)
    ) {
      throw new InputError("The account of this finding has no exception.", {
        nextStep: "Add one with classify_exceptions (overrides) and have it signed off, then call again.",
      });
    }
    if (finding.status === "open") {
      const { resolution, by, why } = input;
      await open.record({ type: "finding_resolved", data: { findingId: finding.id, resolution, by, why } });
    }
    const stillOpen = [...open.state.findings.values()].filter(({ status }) => status === "open").length;
    return {
      finding: finding.id,
      status: open.state.findings.get(finding.id)?.status ?? input.resolution,
      still_open: stillOpen,
    };
  },

  summarize: ({ finding, status, still_open }) => `${finding} is ${status}. ${still_open} findings are still open.`,
});
