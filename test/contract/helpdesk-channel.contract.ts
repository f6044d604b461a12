import { describe, expect, it } from "vitest";
import type { HelpdeskChannelPort } from "../../src/ports/helpdesk-channel.ts";
import type { TestBox } from "../support/box.ts";
import { READ_FAULTS, type ReadFault, WRITE_FAULTS, type WriteFault } from "../support/vendor-faults.ts";

/** A chat system beside its simulated vendor. */
export interface HelpdeskChannelSubject extends AsyncDisposable {
  readonly helpdesk: HelpdeskChannelPort;
  readonly box: TestBox;
  /** Who holds the channels, as the box calls them. */
  readonly vendor: string;
  /** What the vendor holds. */
  channels(): Promise<readonly string[]>;
  messages(): Promise<readonly string[]>;
}

const failWrite = ({ box, vendor }: HelpdeskChannelSubject, kind: WriteFault) =>
  box.fail({ vendor, method: "POST", ...WRITE_FAULTS[kind] });
const failRead = ({ box, vendor }: HelpdeskChannelSubject, kind: ReadFault) =>
  box.fail({ vendor, method: "GET", ...READ_FAULTS[kind] });

const signal = new AbortController().signal;
const NEW = { name: "it-support", description: "Help with the change to MFA" };
const MARKER = "[mfa-rollout:rol_larkfield_202610_ab12:channel:faq]";
const FAQ = { name: "MFA questions", url: "https://guide.larkfieldfoods.example/mfa?a=1&b=2" };

/** What every chat system promises. */
export function describeHelpdeskChannelPort(start: () => Promise<HelpdeskChannelSubject>): void {
  describe("HelpdeskChannelPort", () => {
    it("makes a channel and finds it by name, whatever its case", async () => {
      await using subject = await start();
      expect(await subject.helpdesk.findChannel(NEW.name, { signal })).toBeNull();
      const made = await subject.helpdesk.createChannel(NEW, { signal });
      expect(await subject.helpdesk.findChannel("IT-Support", { signal })).toEqual(made);
      expect(made.webUrl).toMatch(/^https:/);
    });

    it("can find the channel whose making got no answer", async () => {
      await using subject = await start();
      await failWrite(subject, "lost_answer");
      await expect(subject.helpdesk.createChannel(NEW, { signal })).rejects.toMatchObject({
        code: "ERR_CONNECTOR_AMBIGUOUS",
      });
      expect(await subject.helpdesk.findChannel(NEW.name, { signal })).not.toBeNull();
      expect((await subject.channels()).filter((name) => name === NEW.name)).toHaveLength(1);
    });

    it("shows a page as a tab and lists it", async () => {
      await using subject = await start();
      const { id } = await subject.helpdesk.createChannel(NEW, { signal });
      await subject.helpdesk.addTab(id, FAQ, { signal });
      expect(await subject.helpdesk.listTabs(id, { signal })).toContainEqual(FAQ);
    });

    it("posts a message once, with its marker", async () => {
      await using subject = await start();
      const { id } = await subject.helpdesk.createChannel(NEW, { signal });
      await subject.helpdesk.postMessage(id, { html: "<p>Questions? Ask here.</p>", marker: MARKER }, { signal });
      const messages = await subject.messages();
      expect(messages).toHaveLength(1);
      expect(messages[0]).toContain(MARKER);
      expect(await subject.helpdesk.findMessage(id, MARKER, { signal })).not.toBe("absent");
      expect(await subject.helpdesk.findMessage(id, "[mfa-rollout:other]", { signal })).not.toBe("present");
    });

    it("does not post twice by itself when the answer is lost", async () => {
      await using subject = await start();
      const { id } = await subject.helpdesk.createChannel(NEW, { signal });
      await failWrite(subject, "lost_answer");
      const posting = subject.helpdesk.postMessage(id, { html: "<p>Hello</p>", marker: MARKER }, { signal });
      await expect(posting).rejects.toMatchObject({ code: "ERR_CONNECTOR_AMBIGUOUS" });
      expect(await subject.messages()).toHaveLength(1);
      expect(await subject.helpdesk.findMessage(id, MARKER, { signal })).not.toBe("absent");
    });

    it("waits out a short throttling", async () => {
      await using subject = await start();
      await failWrite(subject, "throttled");
      await subject.helpdesk.createChannel(NEW, { signal });
      expect(await subject.channels()).toContain(NEW.name);
    });

    it.each(["truncated", "html", "unavailable"] as const)("survives a read that is %s", async (kind) => {
      await using subject = await start();
      await failRead(subject, kind);
      expect(await subject.helpdesk.findChannel(NEW.name, { signal })).toBeNull();
    });

    it("names a missing right", async () => {
      await using subject = await start();
      await failRead(subject, "forbidden");
      await expect(subject.helpdesk.findChannel(NEW.name, { signal })).rejects.toMatchObject({
        code: "ERR_CONNECTOR_PERMISSION",
        details: { permission: expect.any(String) },
      });
    });

    it("gets new tokens when the old ones were revoked", async () => {
      await using subject = await start();
      const { id } = await subject.helpdesk.createChannel(NEW, { signal });
      await subject.helpdesk.postMessage(id, { html: "<p>One</p>", marker: "[one]" }, { signal });
      await subject.box.revokeTokens();
      await subject.helpdesk.addTab(id, FAQ, { signal });
      await subject.helpdesk.postMessage(id, { html: "<p>Two</p>", marker: "[two]" }, { signal });
      expect(await subject.messages()).toHaveLength(2);
    });
  });
}
