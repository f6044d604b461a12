import { describe, expect, it } from "vitest";
import { z } from "zod";
import { smtpAddress } from "../../src/domain/model/ids.ts";
import { GUARANTEES } from "../../src/kit/effects/guarantees.ts";
import type { MailerPort, OutgoingMail } from "../../src/ports/mailer.ts";
import type { TestBox } from "../support/box.ts";
import { READ_FAULTS, type ReadFault, WRITE_FAULTS, type WriteFault } from "../support/vendor-faults.ts";

/** A mailer beside its simulated vendor. */
export interface MailerSubject extends AsyncDisposable {
  readonly mailer: MailerPort;
  /** Whether the vendor makes the plain text from the HTML instead of taking ours. */
  readonly makesText: boolean;
  readonly box: TestBox;
  /** Who sends, as the box calls them, and the paths by which a draft is made, sent and looked at. */
  readonly vendor: string;
  readonly paths: { readonly create: string; readonly send: string; readonly read: string };
  /** Whether a sending is answered without a body, of which none can be cut. */
  readonly sendsBareAnswer: boolean;
  sent(): Promise<z.output<typeof Mailbox>["sent"]>;
}

const failCreate = ({ box, vendor, paths }: MailerSubject, kind: WriteFault) =>
  box.fail({ vendor, method: "POST", path: paths.create, ...WRITE_FAULTS[kind] });
/** `lost_answer` and `unavailable` come after it went out. */
const failSend = ({ box, vendor, paths, sendsBareAnswer }: MailerSubject, kind: WriteFault) => {
  const shown = kind === "truncated" && sendsBareAnswer ? "lost_answer" : kind;
  return box.fail({ vendor, method: "POST", path: paths.send, ...WRITE_FAULTS[shown] });
};
const failRead = ({ box, vendor, paths }: MailerSubject, kind: ReadFault) =>
  box.fail({ vendor, method: "GET", path: paths.read, ...READ_FAULTS[kind] });

/** What the box shows of a vendor that sends mail. */
export const Mailbox = z.object({
  sent: z.array(
    z.object({
      to: z.array(z.string()),
      cc: z.array(z.string()),
      subject: z.string(),
      headers: z.record(z.string(), z.string()),
      text: z.string(),
      html: z.string(),
    }),
  ),
  drafts: z.array(z.object({ id: z.string() })),
});

const signal = new AbortController().signal;

export const aMail = (changes: Partial<OutgoingMail> = {}): OutgoingMail => ({
  to: smtpAddress("lukasz.o'brien@larkfieldfoods.com"),
  toName: "Łukasz O’Brien, Jr.",
  cc: [smtpAddress("ada.byron@larkfieldfoods.com")],
  replyTo: smtpAddress("helpdesk@larkfieldfoods.com"),
  subject: "Łukasz, MFA starts on 12 October — please enrol",
  text: "Hello Łukasz,\n\nplease enrol: https://guide.example/mfa?a=1&b=2\n.\n",
  html: '<p>Hello Łukasz,</p><p><a href="https://guide.example/mfa?a=1&amp;b=2">Enrol</a> ✓</p>',
  key: "mail:rol_larkfield_202610_ab12:announcement:phase_engineering:usr_11111111-2222-3333-4444-555555555555",
  ...changes,
});

/** What a vendor makes of the mail's HTML. */
const TEXT_OF_HTML = "Hello Łukasz,\nEnrol<https://guide.example/mfa?a=1&b=2> ✓";

/** What every mailer promises. */
export function describeMailerPort(start: () => Promise<MailerSubject>): void {
  describe("MailerPort", () => {
    it("sends a draft as it was written, with its key", async () => {
      await using subject = await start();
      const { draftId } = await subject.mailer.createDraft(aMail(), { signal });
      await subject.mailer.sendDraft(draftId, { signal });
      const [mail] = await subject.sent();
      expect(mail).toMatchObject({
        to: ["lukasz.o'brien@larkfieldfoods.com"],
        cc: ["ada.byron@larkfieldfoods.com"],
        subject: aMail().subject,
        html: aMail().html,
      });
      expect(mail?.text.trim()).toBe(subject.makesText ? TEXT_OF_HTML : aMail().text.trim());
      expect(mail?.headers).toMatchObject({
        "X-MFA-Rollout-Key": aMail().key,
        "Auto-Submitted": "auto-generated",
        "Reply-To": "helpdesk@larkfieldfoods.com",
        To: expect.stringContaining("Łukasz O’Brien, Jr."),
      });
    });

    it("reaches nobody with a draft alone", async () => {
      await using subject = await start();
      const { draftId } = await subject.mailer.createDraft(aMail(), { signal });
      expect(await subject.mailer.draftState(draftId, { signal })).toBe("waiting");
      expect(await subject.sent()).toEqual([]);
    });

    it("tells a sent draft from a waiting one", async () => {
      await using subject = await start();
      const { draftId } = await subject.mailer.createDraft(aMail(), { signal });
      await subject.mailer.sendDraft(draftId, { signal });
      expect(await subject.mailer.draftState(draftId, { signal })).toBe("sent");
    });

    it("refuses to send a draft a second time", async () => {
      await using subject = await start();
      const { draftId } = await subject.mailer.createDraft(aMail(), { signal });
      await subject.mailer.sendDraft(draftId, { signal });
      const again = subject.mailer.sendDraft(draftId, { signal });
      await expect(again).rejects.toMatchObject({ code: "ERR_CONNECTOR_REJECTED" });
      expect(await subject.sent()).toHaveLength(1);
    });

    it("lets no header be added through a text", async () => {
      await using subject = await start();
      const mail = aMail({ subject: "Hello\r\nBcc: eve@evil.example", toName: 'A "B"\r\nCc: eve@evil.example' });
      const { draftId } = await subject.mailer.createDraft(mail, { signal });
      await subject.mailer.sendDraft(draftId, { signal });
      const [sent] = await subject.sent();
      expect(sent).toMatchObject({ to: [mail.to], cc: [...mail.cc] });
      expect(Object.keys(sent?.headers ?? {})).not.toContain("Bcc");
    });

    it.each(["lost_answer", "truncated", "unavailable"] as const)(
      "calls a sending ambiguous, and does not repeat it, when the answer is %s",
      async (kind) => {
        await using subject = await start();
        const { draftId } = await subject.mailer.createDraft(aMail(), { signal });
        await failSend(subject, kind);
        const sending = subject.mailer.sendDraft(draftId, { signal });
        await expect(sending).rejects.toMatchObject({ code: "ERR_CONNECTOR_AMBIGUOUS" });
        const state = () => subject.mailer.draftState(draftId, { signal });
        const timeout = subject.mailer.lagMs ?? GUARANTEES.mail.lagMs;
        await expect.poll(state, { timeout }).toBe("sent");
        expect(await subject.sent()).toHaveLength(1);
      },
    );

    it("calls a sending ambiguous when a web page comes back, and finds the draft waiting", async () => {
      await using subject = await start();
      const { draftId } = await subject.mailer.createDraft(aMail(), { signal });
      await failSend(subject, "html");
      const sending = subject.mailer.sendDraft(draftId, { signal });
      await expect(sending).rejects.toMatchObject({ code: "ERR_CONNECTOR_AMBIGUOUS" });
      expect(await subject.mailer.draftState(draftId, { signal })).toBe("waiting");
    });

    it.each(["lost_answer", "truncated", "unavailable", "html"] as const)(
      "calls making a draft unavailable, not ambiguous, when the answer is %s",
      async (kind) => {
        await using subject = await start();
        await failCreate(subject, kind);
        const making = subject.mailer.createDraft(aMail(), { signal });
        await expect(making).rejects.toMatchObject({ code: "ERR_CONNECTOR_UNAVAILABLE" });
        expect(await subject.sent()).toEqual([]);
      },
    );

    it("waits out a short throttling", async () => {
      await using subject = await start();
      const { draftId } = await subject.mailer.createDraft(aMail(), { signal });
      await failSend(subject, "throttled");
      await subject.mailer.sendDraft(draftId, { signal });
      expect(await subject.sent()).toHaveLength(1);
    });

    it("says how long to wait when it is throttled for longer", async () => {
      await using subject = await start();
      const { draftId } = await subject.mailer.createDraft(aMail(), { signal });
      await failSend(subject, "throttled_long");
      await expect(subject.mailer.sendDraft(draftId, { signal })).rejects.toMatchObject({
        code: "ERR_CONNECTOR_THROTTLED",
        details: { retryAfterSeconds: 90 },
      });
      expect(await subject.sent()).toEqual([]);
    });

    it.each(["truncated", "html", "unavailable", "lost_answer"] as const)(
      "survives a read that is %s",
      async (kind) => {
        await using subject = await start();
        const { draftId } = await subject.mailer.createDraft(aMail(), { signal });
        await failRead(subject, kind);
        expect(await subject.mailer.draftState(draftId, { signal })).toBe("waiting");
      },
    );

    it("names a missing right, with no text of the mail or the vendor", async () => {
      await using subject = await start();
      await failCreate(subject, "forbidden");
      const error: unknown = await subject.mailer.createDraft(aMail(), { signal }).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: "ERR_CONNECTOR_PERMISSION", details: { permission: expect.any(String) } });
      expect(JSON.stringify(error)).not.toMatch(/Łukasz|larkfieldfoods|insufficient/);
      expect(error).not.toHaveProperty("cause", expect.anything());
    });

    it("gets a new token when the old one was revoked", async () => {
      await using subject = await start();
      const { draftId } = await subject.mailer.createDraft(aMail(), { signal });
      await subject.box.revokeTokens();
      await subject.mailer.sendDraft(draftId, { signal });
      expect(await subject.sent()).toHaveLength(1);
    });

    it("stops when the caller has given up", async () => {
      await using subject = await start();
      const given = AbortSignal.abort();
      await expect(subject.mailer.createDraft(aMail(), { signal: given })).rejects.toMatchObject({
        code: "ERR_CANCELLED",
      });
      expect(await subject.sent()).toEqual([]);
    });
  });
}
