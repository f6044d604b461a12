import { describe, expect, it } from "vitest";
import type { HelpdeskChannelPort } from "../../src/ports/helpdesk-channel.ts";

/** A chat system beside its simulated vendor. */
export interface HelpdeskChannelSubject extends AsyncDisposable {
  readonly helpdesk: HelpdeskChannelPort;
  /** The next write fails so: its answer is lost, or it is asked to wait. */
  failWrite(kind: "lost_answer" | "throttled"): Promise<void>;
  failRead(kind: "truncated" | "html" | "unavailable" | "forbidden"): Promise<void>;
  revokeTokens(): Promise<void>;
  /** What the vendor holds. */
  channels(): Promise<readonly string[]>;
  messages(): Promise<readonly string[]>;
}

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
      await subject.failWrite("lost_answer");
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
      await subject.failWrite("lost_answer");
      const posting = subject.helpdesk.postMessage(id, { html: "<p>Hello</p>", marker: MARKER }, { signal });
      await expect(posting).rejects.toMatchObject({ code: "ERR_CONNECTOR_AMBIGUOUS" });
      expect(await subject.messages()).toHaveLength(1);
      expect(await subject.helpdesk.findMessage(id, MARKER, { signal })).not.toBe("absent");
    });

    it("waits out a short throttling", async () => {
      await using subject = await start();
      await subject.failWrite("throttled");
      await subject.helpdesk.createChannel(NEW, { signal });
      expect(await subject.channels()).toContain(NEW.name);
    });

    it.each(["truncated", "html", "unavailable"] as const)("survives a read that is %s", async (kind) => {
      await using subject = await start();
      await subject.failRead(kind);
      expect(await subject.helpdesk.findChannel(NEW.name, { signal })).toBeNull();
    });

    it("names a missing right", async () => {
      await using subject = await start();
      await subject.failRead("forbidden");
      await expect(subject.helpdesk.findChannel(NEW.name, { signal })).rejects.toMatchObject({
        code: "ERR_CONNECTOR_PERMISSION",
        details: { permission: expect.any(String) },
      });
    });

    it("gets new tokens when the old ones were revoked", async () => {
      await using subject = await start();
      const { id } = await subject.helpdesk.createChannel(NEW, { signal });
      await subject.helpdesk.postMessage(id, { html: "<p>One</p>", marker: "[one]" }, { signal });
      await subject.revokeTokens();
      await subject.helpdesk.addTab(id, FAQ, { signal });
      await subject.helpdesk.postMessage(id, { html: "<p>Two</p>", marker: "[two]" }, { signal });
      expect(await subject.messages()).toHaveLength(2);
    });
  });
}
