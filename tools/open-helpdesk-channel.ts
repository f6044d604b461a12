import { z } from "zod";
import { commonValues } from "../src/domain/mail/text-values.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { channelEffect, messageEffect, tabEffect } from "../src/kit/effects/channel-effects.ts";
import { rolloutField } from "../src/kit/fields.ts";
import { planned, plannedOutput, plannedText } from "../src/kit/planned-output.ts";

const Content = z.object({
  name: z.string(),
  description: z.string(),
  tabs: z.array(z.object({ name: z.string(), url: z.string() })),
  faq: z.string(),
  values: z.record(z.string(), z.string()),
});

export const openHelpdeskChannel = defineTool({
  name: "open_helpdesk_channel",
  title: "Open the helpdesk channel",
  description:
    "Opens the customer's #it-support channel (or uses the one there is), pins the FAQ and the enrolment guide as tabs, and " +
    "posts the FAQ once. Needs a person's approval. Returns the channel's address.",
  approval: "contact",
  idempotent: true,
  connectors: ["helpdeskChannel"],
  input: z.strictObject({ rollout: rolloutField }),
  output: z.strictObject({ ...plannedOutput, channel_url: z.string().optional() }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    const { customer, procedure, state } = open;
    const name = customer.helpdeskChannel.replace(/^#/, "");
    const content = {
      name,
      description: `Help with signing in and MFA at ${customer.name}`.slice(0, 100),
      tabs: [
        { name: "MFA FAQ", url: customer.faqUrl },
        { name: "Enrolment guide", url: customer.guideUrl },
      ],
      faq: procedure.texts["faq.md"] ?? "",
      values: { ...commonValues(customer, state.deadline) },
    };
    const helpdesk = await open.vendor("helpdeskChannel");
    // A plan that was begun goes on under the name that it was signed with, whatever the customer's file says by now.
    let key = "";
    const carried = await open.carryOut({
      tool: "open_helpdesk_channel",
      args: {},
      title: `Open #${name} with FAQ and enrolment guide`,
      lines: [
        `Channel ${name}: ${content.description}`,
        ...content.tabs.map((tab) => `Tab "${tab.name}": ${tab.url}`),
        "Message:",
        ...content.faq.split("\n").map((line) => `  | ${line}`),
      ],
      content,
      schema: Content,
      standingTexts: null,
      effects: (plan) => {
        key = `${open.id}/channel/${plan.name}`;
        const channelId = async (): Promise<string> => String((await open.outcomeOf(key)).channelId);
        return [
          channelEffect(key, plan, helpdesk),
          ...plan.tabs.map((tab) => tabEffect(`${key}/tab/${tab.name}`, tab, { helpdesk, channelId })),
          messageEffect(`${key}/faq`, () => context.writing.message(plan.faq, plan.values), { helpdesk, channelId }),
        ];
      },
    });
    const made = open.state.effects.get(key);
    const url = made?.status === "done" ? String(made.outcome.webUrl) : undefined;
    return { ...planned(carried), ...(url !== undefined && { channel_url: url }) };
  },

  summarize: (answer) =>
    `${plannedText(answer)}${answer.channel_url === undefined ? "" : ` Channel: ${answer.channel_url}`}`,
});
