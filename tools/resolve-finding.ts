import { z } from "zod";
import { isOpenPitfall } from "../src/domain/pitfalls/open-pitfalls.ts";
import type { Pitfall } from "../src/domain/pitfalls/pitfall.ts";
import { isOpen } from "../src/domain/rollout/blockers/watch.ts";
import type { BlockRecord } from "../src/domain/rollout/state.ts";
import { InputError, NotFoundError, StateError } from "../src/errors.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { rolloutField } from "../src/kit/fields.ts";
import type { OpenRollout } from "../src/kit/tool-context.ts";

export const resolveFinding = defineTool({
  name: "resolve_finding",
  title: "Resolve a finding",
  description:
    "Records what a person decided about a finding: remediated (client replaced, user helped), carved_out (its account has " +
    "a signed exception) or accepted (it may break). What is remediated opens again if seen again. A pitfall can only be accepted.",
  approval: "record",
  idempotent: true,
  connectors: [],
  input: z.strictObject({
    rollout: rolloutField,
    finding: z.string().min(1).max(60).describe("A finding_id, e.g. fnd_1a2b3c4d5e6f"),
    resolution: z.enum(["remediated", "carved_out", "accepted"]).describe("remediated, carved_out or accepted"),
    by: z.string().min(2).max(100).describe("The person who decided"),
    why: z.string().min(5).max(500).describe("What was done or why it is accepted"),
  }),
  output: z.strictObject({ finding: z.string(), status: z.string(), still_open: z.number().int() }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    const pitfall = open.state.tenantCheck?.pitfalls.find(({ id }) => id === input.finding);
    if (pitfall !== undefined) return acceptPitfall(open, pitfall, input);
    const block = open.state.blocks.get(input.finding);
    if (block !== undefined) return decideBlock(open, block, input);
    const finding = open.state.findings.get(input.finding);
    if (finding === undefined) {
      throw new NotFoundError("The rollout has no such finding.", {
        nextStep: "Call fetch_signin_logs or check_tenant and use a finding_id from it.",
      });
    }
    if (finding.status !== "open" && finding.status !== input.resolution) {
      throw new StateError(`This finding is ${finding.status} already.`, {
        nextStep: "Nothing is to be done; call get_rollout.",
      });
    }
    if (input.resolution === "carved_out") {
      await needException(open, ({ objectId }) => objectId === finding.objectId);
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

async function needException(
  open: OpenRollout<never>,
  isTheirs: (exception: Awaited<ReturnType<OpenRollout<never>["register"]>>[number]) => boolean,
): Promise<void> {
  if ((await open.register()).some(isTheirs)) return;
  throw new InputError("The account of this finding has no exception.", {
    nextStep: "Add one with classify_exceptions (overrides) and have it signed off, then call again.",
  });
}

/** Whoever was helped and is kept out again comes back by itself, so a decision may be given again and changed. */
async function decideBlock(
  open: OpenRollout<never>,
  { id, userId }: BlockRecord,
  { resolution, by, why }: { readonly resolution: "remediated" | "carved_out" | "accepted"; by: string; why: string },
) {
  if (resolution === "carved_out") await needException(open, (exception) => exception.userId === userId);
  if (open.state.blocks.get(id)?.decision?.resolution !== resolution) {
    await open.record({ type: "finding_resolved", data: { findingId: id, resolution, by, why } });
  }
  const [{ state }, roster] = [open, await open.roster()];
  const stillOpen = [...state.blocks.values()].filter((block) => isOpen(block, { state, roster })).length;
  return { finding: id, status: resolution, still_open: stillOpen };
}

/** A pitfall is mended when a look no longer finds it; nobody's word for that is taken. */
async function acceptPitfall(
  open: OpenRollout<never>,
  pitfall: Pitfall,
  { resolution, by, why }: { readonly resolution: "remediated" | "carved_out" | "accepted"; by: string; why: string },
) {
  if (resolution !== "accepted" || !pitfall.acceptable || pitfall.heldBy !== null || !pitfall.seen) {
    throw new InputError("This pitfall ends when check_tenant no longer finds it.", {
      nextStep: `${pitfall.remedy} Only pitfalls that check_tenant shows with may_be_accepted can be accepted.`,
    });
  }
  if (isOpenPitfall(pitfall, open.state.acceptedPitfalls)) {
    await open.record({ type: "finding_resolved", data: { findingId: pitfall.id, resolution, by, why } });
  }
  const { tenantCheck, acceptedPitfalls } = open.state;
  const stillOpen = tenantCheck?.pitfalls.filter((other) => isOpenPitfall(other, acceptedPitfalls)).length ?? 0;
  return { finding: pitfall.id, status: "accepted", still_open: stillOpen };
}
