import { generateKeyPairSync } from "node:crypto";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { GmailMailer } from "../../src/connectors/gmail/gmail-mailer.ts";
import type { VendorFactory, VendorResponse } from "../../src/sandbox/core/vendor.ts";
import { gmail } from "../../src/sandbox/vendors/gmail/gmail.ts";
import { tooManyRequests } from "../../src/sandbox/vendors/gmail/google-errors.ts";
import { googleLogin } from "../../src/sandbox/vendors/google-login/google-login.ts";
import { startBox, type TestBox } from "../support/box.ts";
import { aMail, describeMailerPort, Mailbox, type MailerSubject } from "./mailer.contract.ts";

const Dump = z.object({ gmail: Mailbox });

const mailerOf = (box: TestBox, changes: Partial<ConstructorParameters<typeof GmailMailer>[0]> = {}): GmailMailer => {
  const { clientEmail, privateKeyPem, sender } = box.secrets.gmail;
  return new GmailMailer({ clientEmail, privateKeyPem, sender, senderName: "IT Süd", backoffBaseMs: 1, ...changes });
};

async function startGmail(): Promise<MailerSubject> {
  const box = await startBox([googleLogin, gmail]);
  return {
    mailer: mailerOf(box),
    makesText: false,
    box,
    vendor: "gmail",
    paths: { create: "/drafts$", send: "/drafts/send$", read: "/drafts/" },
    sendsBareAnswer: false,
    sent: async () => Dump.parse(await box.dump()).gmail.sent,
    [Symbol.asyncDispose]: box[Symbol.asyncDispose],
  };
}

describeMailerPort(startGmail);

describe("GmailMailer", () => {
  const signal = new AbortController().signal;

  it("sends under the configured name and address", async () => {
    await using box = await startBox([googleLogin, gmail]);
    const mailer = mailerOf(box);
    const { draftId } = await mailer.createDraft(aMail(), { signal });
    await mailer.sendDraft(draftId, { signal });
    const [mail] = Dump.parse(await box.dump()).gmail.sent;
    expect(mail?.headers.From).toBe(`IT Süd <${box.secrets.gmail.sender}>`);
  });

  it("sends mail after mail over the connection that it has", async () => {
    await using box = await startBox([googleLogin, gmail]);
    const mailer = mailerOf(box);
    const send = async (): Promise<void> => {
      const { draftId } = await mailer.createDraft(aMail(), { signal });
      await mailer.sendDraft(draftId, { signal });
    };
    await send();
    const accepted: unknown[] = [];
    const note = (connection: unknown): void => void accepted.push(connection);
    subscribe("net.server.socket", note);
    for (let mails = 0; mails < 5; mails += 1) await send();
    unsubscribe("net.server.socket", note);
    expect(accepted).toHaveLength(0);
  });

  it("calls a sending undone when no connection can be made", async () => {
    await using box = await startBox([googleLogin, gmail]);
    const mailer = mailerOf(box);
    const { draftId } = await mailer.createDraft(aMail(), { signal });
    await box.sandbox.close();
    await expect(mailer.sendDraft(draftId, { signal })).rejects.toMatchObject({
      code: "ERR_CONNECTOR_UNAVAILABLE",
    });
  });

  it("takes a spent minute for throttling although Gmail answers 403", async () => {
    await using box = await startBox([googleLogin, gmail]);
    const mailer = mailerOf(box);
    const limited = async (): Promise<unknown> => {
      for (let count = 0; count < 60; count += 1) {
        const { draftId } = await mailer.createDraft(aMail(), { signal });
        await mailer.sendDraft(draftId, { signal });
      }
      return null;
    };
    await expect(limited()).rejects.toMatchObject({
      code: "ERR_CONNECTOR_THROTTLED",
      details: { retryAfterSeconds: 60 },
    });
    box.world.moveTo(box.world.now() + 61_000);
    await expect(mailer.createDraft(aMail(), { signal })).resolves.toMatchObject({ draftId: expect.any(String) });
  });

  it("waits as long as Gmail says when the mailbox has sent enough", async () => {
    const nextDay = Date.parse("2026-10-06T13:00:00Z"); // The world begins a day before.
    await using box = await startBox([
      googleLogin,
      answering(gmail, "POST /gmail/v1/users/:userId/drafts/send", tooManyRequests(nextDay)),
    ]);
    const mailer = mailerOf(box);
    const { draftId } = await mailer.createDraft(aMail(), { signal });
    const refused: unknown = await mailer.sendDraft(draftId, { signal }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "ERR_CONNECTOR_THROTTLED" });
    expect(refused).toHaveProperty("details.retryAfterSeconds", expect.closeTo(86_400, -3));
    expect(await mailer.draftState(draftId, { signal })).toBe("waiting");
  });

  it("states a quota that Gmail does not refuse: less than its minute, and its day unless told less", async () => {
    await using box = await startBox([googleLogin, gmail]);
    expect(mailerOf(box).quota).toEqual({ perMinute: 50, perDay: 2_000 });
    expect(mailerOf(box, { dailyLimit: 500 }).quota).toEqual({ perMinute: 50, perDay: 500 });
  });

  it.each([
    { name: "unavailable", fault: { kind: "status", status: 503 } },
    { name: "lost", fault: { kind: "lost_answer" } },
    { name: "a web page", fault: { kind: "html" } },
    { name: "truncated", fault: { kind: "truncated" } },
  ] as const)("signs in again when the first token answer is $name", async ({ fault }) => {
    await using box = await startBox([googleLogin, gmail]);
    await box.fail({ vendor: "google-login", path: "^/token", ...fault });
    await mailerOf(box).createDraft(aMail(), { signal });
    expect(Dump.parse(await box.dump()).gmail.drafts).toHaveLength(1);
  });

  it("does not take a sign-in that keeps showing a web page for a refusal of the mail", async () => {
    await using box = await startBox([googleLogin, gmail]);
    await box.fail({ vendor: "google-login", path: "^/token", kind: "html", times: 10 });
    const making = mailerOf(box).createDraft(aMail(), { signal });
    await expect(making).rejects.toMatchObject({ code: "ERR_CONNECTOR_CONTRACT" });
  });

  it("says that the key is not the service account's", async () => {
    await using box = await startBox([googleLogin, gmail]);
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const privateKeyPem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const making = mailerOf(box, { privateKeyPem }).createDraft(aMail(), { signal });
    await expect(making).rejects.toMatchObject({ code: "ERR_CONNECTOR_AUTHENTICATION" });
  });

  it("names the scope when the administrator has not delegated it", async () => {
    const refusal = {
      status: 401,
      body: { error: "unauthorized_client", error_description: "Client is unauthorized" },
    };
    await using box = await startBox([answering(googleLogin, "POST /token", refusal), gmail]);
    await expect(mailerOf(box).createDraft(aMail(), { signal })).rejects.toMatchObject({
      code: "ERR_CONNECTOR_PERMISSION",
      message: expect.stringContaining("https://www.googleapis.com/auth/gmail.compose"),
    });
  });

  it("says that the credential is not accepted for a mailbox that is not there", async () => {
    await using box = await startBox([googleLogin, gmail]);
    const making = mailerOf(box, { sender: "nobody@larkfieldfoods.com" }).createDraft(aMail(), { signal });
    await expect(making).rejects.toMatchObject({ code: "ERR_CONNECTOR_AUTHENTICATION" });
  });

  it("refuses a key that is no PEM at once", () => {
    const make = () =>
      new GmailMailer({
        clientEmail: "a@b.example",
        privateKeyPem: "nonsense",
        sender: "it@b.example",
        senderName: "IT",
      });
    expect(make).toThrow(expect.objectContaining({ code: "ERR_CONFIGURATION" }));
  });

  it("gives up at its deadline and calls the sending ambiguous", async () => {
    await using box = await startBox([googleLogin, gmail]);
    const mailer = mailerOf(box, { timeoutMs: 250 });
    const { draftId } = await mailer.createDraft(aMail(), { signal });
    await box.fail({ vendor: "gmail", path: "/drafts/send$", kind: "delay", delayMs: 5_000 });
    const sending = mailer.sendDraft(draftId, { signal });
    await expect(sending).rejects.toMatchObject({ code: "ERR_CONNECTOR_AMBIGUOUS" });
  });

  it("calls a sending ambiguous when the caller gives up while it is under way", async () => {
    await using box = await startBox([googleLogin, gmail]);
    const mailer = mailerOf(box);
    const { draftId } = await mailer.createDraft(aMail(), { signal });
    await box.fail({ vendor: "gmail", path: "/drafts/send$", kind: "delay", delayMs: 5_000 });
    const sending = mailer.sendDraft(draftId, { signal: AbortSignal.timeout(200) });
    await expect(sending).rejects.toMatchObject({ code: "ERR_CONNECTOR_AMBIGUOUS" });
  });

  it("does not read a gateway's 404 as proof that a mail went out", async () => {
    const page = { status: 404, headers: { "content-type": "text/html" }, body: "<html><h1>404</h1></html>" };
    await using box = await startBox([googleLogin, answering(gmail, "GET /gmail/v1/users/:userId/drafts/:id", page)]);
    const looking = mailerOf(box).draftState("r123", { signal });
    await expect(looking).rejects.toMatchObject({ code: "ERR_CONNECTOR_CONTRACT" });
  });
});

/** A vendor with one route that always answers the same. */
function answering(make: VendorFactory, route: string, answer: VendorResponse): VendorFactory {
  return (box) => {
    const vendor = make(box);
    const routes = vendor.routes.map((one) =>
      `${one.method} ${one.path}` === route ? { ...one, handle: () => answer } : one,
    );
    return { ...vendor, routes };
  };
}
