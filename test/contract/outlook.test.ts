import { describe, expect, it } from "vitest";
import { z } from "zod";
import { OutlookMailer } from "../../src/connectors/outlook/outlook-mailer.ts";
import { graph, graphWith } from "../../src/sandbox/vendors/graph/graph.ts";
import { microsoftLogin } from "../../src/sandbox/vendors/microsoft-login/microsoft-login.ts";
import { startBox, type TestBox } from "../support/box.ts";
import { graphIn } from "../support/entra.ts";
import { aMail, describeMailerPort, Mailbox, type MailerSubject } from "./mailer.contract.ts";

const signal = new AbortController().signal;

const Dump = z.object({ outlook: Mailbox });
const held = async (box: TestBox) => Dump.parse(await box.dump()).outlook;

function mailerOf(box: TestBox, address = box.secrets.gmail.sender): OutlookMailer {
  return new OutlookMailer({ graph: graphIn(box), sender: { address, name: "IT Süd" } });
}

async function startOutlook(): Promise<MailerSubject> {
  const box = await startBox([microsoftLogin, graph]);
  return {
    mailer: mailerOf(box),
    makesText: true,
    box,
    vendor: "graph",
    paths: { create: "/messages$", send: "/send$", read: "/messages" },
    sendsBareAnswer: true,
    sent: async () => (await held(box)).sent,
    [Symbol.asyncDispose]: box[Symbol.asyncDispose],
  };
}

describeMailerPort(startOutlook);

describe("OutlookMailer", () => {
  it("keeps a draft's id through its sending, and finds it even while its sent copy is not yet shown", async () => {
    await using box = await startBox([microsoftLogin, graph]);
    const mailer = mailerOf(box);
    for (let count = 0; count < 12; count += 1) {
      const { draftId } = await mailer.createDraft(aMail({ key: `mail:${count}` }), { signal });
      expect(await mailer.draftState(draftId, { signal })).toBe("waiting");
      await mailer.sendDraft(draftId, { signal });
      expect(await mailer.draftState(draftId, { signal })).toBe("sent");
    }
    const count = await searches(box);
    expect(count).toBeGreaterThan(0); // Some copies lagged.
    expect(count).toBeLessThan(12);
  });

  it("does not take a web page in place of the search for proof that a mail went out", async () => {
    await using box = await startBox([microsoftLogin, graph]);
    const mailer = mailerOf(box);
    const { draftId } = await mailer.createDraft(aMail(), { signal });
    const gone = `${"x".repeat(20)} ${draftId.split(" ").slice(1).join(" ")}`;
    await box.fail({ vendor: "graph", method: "GET", path: "filter=", kind: "html", times: 9 });
    await expect(mailer.draftState(gone, { signal })).rejects.toMatchObject({ code: "ERR_CONNECTOR_CONTRACT" });
  });

  it("sends under the configured address and name", async () => {
    await using box = await startBox([microsoftLogin, graph]);
    const mailer = mailerOf(box);
    const { draftId } = await mailer.createDraft(aMail(), { signal });
    await mailer.sendDraft(draftId, { signal });
    const [mail] = (await held(box)).sent;
    expect(mail?.headers.From).toBe(`IT Süd <${box.secrets.gmail.sender}>`);
    expect(mail?.headers["X-Auto-Response-Suppress"]).toBe("All");
  });

  it("says when to go on once the mailbox has sent its thirty messages of the minute", async () => {
    await using box = await startBox([microsoftLogin, graph]);
    const mailer = mailerOf(box);
    const sending = async (): Promise<void> => {
      for (let count = 0; count < 31; count += 1) {
        const { draftId } = await mailer.createDraft(aMail({ key: `mail:${count}` }), { signal });
        await mailer.sendDraft(draftId, { signal });
      }
    };
    await expect(sending()).rejects.toMatchObject({ code: "ERR_CONNECTOR_THROTTLED" });
    expect((await held(box)).sent).toHaveLength(30);
  });

  it("names the Exchange role for a mailbox outside its scope", async () => {
    await using box = await startBox([microsoftLogin, graph]);
    const making = mailerOf(box, "info@larkfieldfoods.com").createDraft(aMail(), { signal });
    await expect(making).rejects.toMatchObject({
      code: "ERR_CONNECTOR_PERMISSION",
      message: expect.stringContaining("Application Mail.ReadWrite"),
    });
  });

  it("names the right to send where the app may only draft", async () => {
    const exchangeRbac = { mailbox: "it-support", roles: ["Application Mail.ReadWrite"] };
    await using box = await startBox([microsoftLogin, graphWith({ exchangeRbac })]);
    const mailer = mailerOf(box);
    const { draftId } = await mailer.createDraft(aMail(), { signal });
    await expect(mailer.sendDraft(draftId, { signal })).rejects.toMatchObject({
      code: "ERR_CONNECTOR_PERMISSION",
      message: expect.stringContaining("Application Mail.Send"),
    });
  });
});

/** How often messages were searched for by their key. */
async function searches(box: TestBox): Promise<number> {
  const Counts = z.object({ requests: z.object({ graph: z.object({ byRoute: z.record(z.string(), z.number()) }) }) });
  return Counts.parse(await box.dump()).requests.graph.byRoute["GET /v1.0/users/:user/messages"] ?? 0;
}
