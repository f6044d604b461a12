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

function mailerOf(
  box: TestBox,
  address = box.secrets.gmail.sender,
  options: { readonly dailyLimit?: number } = {},
): OutlookMailer {
  return new OutlookMailer({ graph: graphIn(box), sender: { address, name: "IT Süd" }, ...options });
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
    const { looks, searches } = await reads(box);
    expect(searches).toBeGreaterThan(0); // Some copies lagged.
    expect(searches).toBeLessThan(24);
    expect(looks).toBeGreaterThan(3 * 12); // Some drafts were taken and had not left at the first look.
    expect(looks).toBeLessThanOrEqual(5 * 12);
  });

  it("leaves a sending open when Exchange accepts it and does nothing, and sends the same draft again", async () => {
    await using box = await startBox([microsoftLogin, graph]);
    const mailer = mailerOf(box);
    const { draftId } = await mailer.createDraft(aMail(), { signal });
    await box.fail({ vendor: "graph", method: "POST", path: "/send$", kind: "accepted" });
    await expect(mailer.sendDraft(draftId, { signal })).rejects.toMatchObject({ code: "ERR_CONNECTOR_AMBIGUOUS" });
    expect(await mailer.draftState(draftId, { signal })).toBe("waiting");
    await mailer.sendDraft(draftId, { signal });
    expect((await held(box)).sent).toHaveLength(1);
  }, 20_000);

  it.each([
    { kind: "status", status: 429, retryAfterSeconds: 90 },
    { kind: "status", status: 503, times: 9 },
    { kind: "status", status: 403 },
    { kind: "html", times: 9 },
    { kind: "lost_request", times: 9 },
  ] as const)("leaves a sending open when the look after it fails: %o", async (fault) => {
    await using box = await startBox([microsoftLogin, graph]);
    const mailer = mailerOf(box);
    const { draftId } = await mailer.createDraft(aMail(), { signal });
    await box.fail({ vendor: "graph", method: "GET", path: "/messages", ...fault });
    await expect(mailer.sendDraft(draftId, { signal })).rejects.toMatchObject({ code: "ERR_CONNECTOR_AMBIGUOUS" });
    expect((await held(box)).sent).toHaveLength(1);
  });

  it("leaves a sending open at once when the caller gives up while the draft is still there", async () => {
    await using box = await startBox([microsoftLogin, graph]);
    const mailer = mailerOf(box);
    const { draftId } = await mailer.createDraft(aMail(), { signal });
    await box.fail({ vendor: "graph", method: "POST", path: "/send$", kind: "accepted" });
    const began = performance.now();
    const sending = mailer.sendDraft(draftId, { signal: AbortSignal.timeout(700) });
    await expect(sending).rejects.toMatchObject({ code: "ERR_CONNECTOR_AMBIGUOUS" });
    expect(performance.now() - began).toBeLessThan(5_000);
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

  it("states the mailbox's quota: thirty a minute, and its day unless told less", async () => {
    await using box = await startBox([microsoftLogin, graph]);
    expect(mailerOf(box).quota).toEqual({ perMinute: 30, perDay: 5_000 });
    expect(mailerOf(box, undefined, { dailyLimit: 500 }).quota).toEqual({ perMinute: 30, perDay: 500 });
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

/** How often messages were looked at by their id, and searched for by their key. */
async function reads(box: TestBox): Promise<{ readonly looks: number; readonly searches: number }> {
  const Counts = z.object({ requests: z.object({ graph: z.object({ byRoute: z.record(z.string(), z.number()) }) }) });
  const { byRoute } = Counts.parse(await box.dump()).requests.graph;
  const messages = "GET /v1.0/users/:user/messages";
  return { looks: byRoute[`${messages}/:id`] ?? 0, searches: byRoute[messages] ?? 0 };
}
