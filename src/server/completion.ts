import type { Server } from "@modelcontextprotocol/server";
import { artifactTemplates } from "../kit/artifacts.ts";
import type { Offer } from "../kit/define-prompt.ts";
import type { Logger } from "../ports/logger.ts";
import { answering } from "./answering.ts";
import { promptsOf } from "./prompts.ts";
import type { Workshop } from "./workspace.ts";

/** Most values of one answer, as the protocol has it. */
const MOST = 100;

/** What the variables of our resource templates stand for. */
const TEMPLATE_OFFERS: Readonly<Record<string, Offer>> = { rollout: "rollouts", phase: "phases" };

/** Answers `completion/complete`: known customers, rollouts, phases and procedures that begin with what was typed. */
export function serveCompletion(
  server: Server,
  { workshop, logger }: { readonly workshop: Workshop; readonly logger: Logger },
): void {
  server.registerCapabilities({ completions: {} });
  server.setRequestHandler("completion/complete", ({ params }) =>
    answering("completion/complete", logger, async () => {
      const { ref, argument, context } = params;
      const offer = await offerOf(ref, argument.name, workshop);
      const known = offer === undefined ? [] : await valuesOf(offer, context?.arguments ?? {}, workshop);
      const typed = argument.value.toLowerCase();
      const fitting = known.filter((value) => value.toLowerCase().startsWith(typed));
      return { completion: { values: fitting.slice(0, MOST), total: fitting.length, hasMore: fitting.length > MOST } };
    }),
  );
}

type Reference =
  | { readonly type: "ref/prompt"; readonly name: string }
  | { readonly type: "ref/resource"; readonly uri: string };

/** Nothing is offered for a prompt, template or argument that we do not have: completion is a courtesy, never an error. */
async function offerOf(ref: Reference, argument: string, { procedures }: Workshop): Promise<Offer | undefined> {
  if (ref.type === "ref/prompt") {
    const offers = (await promptsOf(procedures)).find(({ name }) => name === ref.name)?.offers ?? {};
    return Object.hasOwn(offers, argument) ? offers[argument] : undefined; // every object also has a `toString`
  }
  const isOurs = artifactTemplates.some(
    ({ uriTemplate }) => uriTemplate === ref.uri && uriTemplate.includes(`{${argument}}`),
  );
  return isOurs ? TEMPLATE_OFFERS[argument] : undefined;
}

async function valuesOf(
  offer: Offer,
  given: Readonly<Record<string, string>>,
  workshop: Workshop,
): Promise<readonly string[]> {
  switch (offer) {
    case "customers":
      return workshop.customers();
    case "rollouts":
      return workshop.store.list();
    case "procedures":
      return [...new Set((await workshop.procedures.list()).map(({ id }) => id))];
    case "phases":
      return phasesOf(given.rollout ?? "", workshop);
  }
}

/** Phases belong to a rollout; before one is chosen there is nothing to offer. */
async function phasesOf(rollout: string, { store }: Workshop): Promise<readonly string[]> {
  if (!(await store.list()).includes(rollout)) return [];
  return (await (await store.open(rollout)).state()).phases.map(({ id }) => id);
}
