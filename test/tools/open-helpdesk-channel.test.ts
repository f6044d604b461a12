import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harness, startHarness } from "../support/harness.ts";

describe("open_helpdesk_channel", () => {
  let office: Harness;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness({ employees: 60 });
    rollout = await office.start();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const open = () => office.call("open_helpdesk_channel", { rollout });
  const ours = async () => {
    const { channels, tabs, messages } = (await office.dump()).teams;
    return { channels: channels.filter(({ displayName }) => displayName === "it-support"), tabs, messages };
  };

  it("asks for a signature under the whole text first", async () => {
    const { structured } = await open();
    expect(structured).toMatchObject({ status: "approval_required", changes_total: 4 });
    expect(await ours()).toEqual({ channels: [], tabs: [], messages: [] });
  });

  it("says what a person objected to", async () => {
    await office.denyPending("Use the customer's own FAQ.");
    const { structured } = await open();
    expect(structured).toMatchObject({ status: "denied", note: "Use the customer's own FAQ.", changes_done: 0 });
    expect(await ours()).toEqual({ channels: [], tabs: [], messages: [] });
  });

  it("opens one channel with two tabs and one message, though answers are lost on the way", async () => {
    await office.approveAgain("open_helpdesk_channel");
    await office.box.fail(
      { vendor: "graph", method: "POST", path: "/channels$", kind: "lost_answer" },
      { vendor: "graph", method: "POST", path: "/messages$", kind: "lost_answer" },
    );
    const { structured } = await open();
    expect(structured).toMatchObject({
      status: "done",
      changes_done: 4,
      channel_url: expect.stringMatching(/^https:/),
    });
    const made = await ours();
    expect(made.channels).toHaveLength(1);
    expect(made.tabs.map(({ displayName }) => displayName).sort()).toEqual(["Enrolment guide", "MFA FAQ"]);
    expect(made.messages).toHaveLength(1);
  });

  it("changes nothing when called again", async () => {
    const before = await office.held();
    expect((await open()).isError).toBe(false);
    expect(await office.held()).toBe(before);
  });
});

describe("a channel that the customer's file renames while it is being opened", () => {
  it("is finished under the name that was signed, with the FAQ once", async () => {
    await using office = await startHarness({ employees: 60 });
    const rollout = await office.start();
    const open = () => office.call("open_helpdesk_channel", { rollout });
    await open();
    await office.approvePending();
    await office.box.fail(
      { vendor: "graph", method: "POST", path: "/messages$", kind: "lost_answer" },
      { vendor: "graph", method: "GET", path: "/messages$", kind: "status", status: 403, times: 99 },
    );
    expect((await open()).isError).toBe(true);
    await office.mend();
    await office.editCustomer((file) => {
      Object.assign(file.helpdesk as object, { channel: "help-with-mfa" }); // the sandbox's own file
    });

    const { structured } = await open();
    expect(structured).toMatchObject({ status: "done", changes_done: 4 });
    const { channels, messages } = (await office.dump()).teams;
    expect(messages).toHaveLength(1);
    expect(channels.map(({ displayName }) => displayName)).not.toContain("help-with-mfa");
    expect(structured.channel_url).toContain("/it-support?");
  });
});
