import { z } from "zod";
import { signoffValues } from "../src/domain/mail/text-values.ts";
import { type SmtpAddress, sha256, smtpAddress } from "../src/domain/model/ids.ts";
import { StateError } from "../src/errors.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { mailEffect } from "../src/kit/effects/mail-effect.ts";
import { rolloutField } from "../src/kit/fields.ts";
import { nothingToDo, planned, plannedOutput, plannedText } from "../src/kit/planned-output.ts";
import type { Documents } from "../src/ports/documents.ts";
import type { MailerPort } from "../src/ports/mailer.ts";
import type { Effect } from "../src/ports/rollout-store.ts";

const Content = z.object({
  table: z.string(),
  template: z.string(),
  to: z.string(),
  toName: z.string(),
  values: z.object({ table_hash: z.string() }).catchall(z.string()),
});
type Content = z.output<typeof Content>;

/** The mail as it was signed, known by the table that it holds. */
function request(
  content: Content,
  by: {
    readonly rollout: string;
    readonly mailer: MailerPort;
    readonly writing: Documents;
    readonly replyTo: SmtpAddress;
  },
): Effect {
  const document = sha256(content.values.table_hash);
  const key = `${by.rollout}/signoff/${document.slice(0, 16)}`;
  return mailEffect({
    key,
    subject: { kind: "signoff_mail", document },
    mailer: by.mailer,
    write: async () => ({
      ...(await by.writing.mail(content.template, content.values, content.table)),
      to: smtpAddress(content.to),
      toName: content.toName,
      cc: [],
      replyTo: by.replyTo,
      key,
    }),
  });
}

export const requestSignoff = defineTool({
  name: "request_signoff",
  title: "Request sign-off",
  description:
    "Mails the exact exceptions table to the customer's named contact and asks for written consent. Needs a person's " +
    "approval. The answer is recorded by a person with mfa-rollout signoff; this tool tells whether that has happened.",
  approval: "contact",
  idempotent: true,
  connectors: ["mailer"],
  input: z.strictObject({ rollout: rolloutField }),
  output: z.strictObject({ ...plannedOutput, signed_off: z.boolean(), table_artifact: z.string() }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    const { state, customer, procedure } = open;
    if (state.exceptions === null) {
      throw new StateError("There is no exceptions table yet.", { nextStep: "Call classify_exceptions first." });
    }
    const { table } = state.exceptions;
    if (state.signoff?.table === table) {
      await open.stepDone("request_signoff", {}, "signed off");
      const title = `the table was signed off by the customer on ${state.signoff.at}`;
      return { ...planned(nothingToDo(title)), signed_off: true, table_artifact: table };
    }

    const mailer = await open.vendor("mailer");
    const contact = customer.signoffContact;
    const markdown = await context.documents.text(table);
    const values = signoffValues(customer, state.deadline, { count: state.exceptions.total, table });
    const template = procedure.texts["emails/signoff-request.md"] ?? "";
    // A plan that was begun is mailed with its own table, though another stands by now.
    let mailed = table;
    const carried = await open.carryOut({
      tool: "request_signoff",
      args: {},
      title: `Exceptions table (${state.exceptions.total} accounts) to ${contact.name} for sign-off`,
      lines: [`To ${contact.name} <${contact.address}>`, ...markdown.split("\n")],
      content: {
        table: markdown,
        template,
        to: contact.address,
        toName: contact.name,
        values: { ...values, table_hash: table },
      },
      schema: Content,
      standingTexts: null,
      quota: mailer.quota,
      effects: (content) => {
        mailed = sha256(content.values.table_hash);
        return [
          request(content, {
            rollout: state.id,
            mailer,
            writing: context.writing,
            replyTo: customer.escalation.address,
          }),
        ];
      },
    });
    const overtaken = carried.status === "done" && mailed !== table;
    return {
      ...planned(carried),
      ...(overtaken && {
        note: "Another table stands by now, which the customer has yet to see. Call request_signoff again.",
      }),
      signed_off: false,
      table_artifact: mailed,
    };
  },

  summarize(answer) {
    if (answer.signed_off) return "The customer has signed off exactly this table.";
    const overtaken = answer.status === "done" ? answer.note : undefined;
    return `${plannedText(answer)} ${overtaken ?? "When the customer has consented in writing, a person records it with: mfa-rollout signoff."}`;
  },
});
