import { describe, expect, it } from "vitest";
import { doctor } from "../../src/cli/doctor/doctor.ts";
import { longestLookMs } from "../../src/cli/doctor/examine.ts";
import { allVendors } from "../../src/sandbox/all-vendors.ts";
import { connectwise, connectwiseWith } from "../../src/sandbox/vendors/connectwise/connectwise.ts";
import { graph, graphWith } from "../../src/sandbox/vendors/graph/graph.ts";
import { LEAST_PRIVILEGE } from "../../src/sandbox/vendors/graph/permissions.ts";
import { powerBi, powerBiWith } from "../../src/sandbox/vendors/power-bi/power-bi.ts";
import { examine, ONE_SENTENCE, part, wrongSecret } from "../support/examination.ts";
import { startHarness } from "../support/harness.ts";
import { moveToOtherSystems, postThroughWorkflow } from "../support/other-systems.ts";

describe("doctor", () => {
  it("finds nothing to mend at a customer whose systems are as they should be", async () => {
    await using harness = await startHarness();
    expect(await examine(harness)).toMatchObject({ code: 0, wrong: 0, named: [] });
  });

  it("finds nothing to mend where Workday, Outlook, Looker and a Teams workflow are used", async () => {
    await using harness = await startHarness();
    await moveToOtherSystems(harness);
    await postThroughWorkflow(harness);
    const { code, named, findings } = await examine(harness);
    expect(named).toEqual([]);
    expect(code).toBe(0);
    expect(findings.flatMap(({ system, state }) => (state === "unknown" ? [system] : []))).toEqual([
      "mail",
      "helpdesk",
      "service_desk",
      "dashboard",
    ]);
  });

  it("names each of twelve planted mistakes and nothing else", async () => {
    const permissions = LEAST_PRIVILEGE.filter((name) => name !== "Policy.ReadWrite.ConditionalAccess");
    const wrong = new Map([
      [
        graph,
        graphWith({
          permissions: [...permissions, "Mail.ReadWrite"],
          premium: false,
          secretEndsAt: "2026-10-12T00:00:00Z",
        }),
      ],
      [connectwise, connectwiseWith({ forbidden: ["/project/tickets"] })],
      [powerBi, powerBiWith({ role: "Viewer" })],
    ]);
    await using harness = await startHarness({
      vendors: allVendors.map((vendor) => wrong.get(vendor) ?? vendor),
      // The world begins at 13:00 and takes a minute at most for this.
      environment: { MFA_ROLLOUT_CLOCK_URL: 'data:application/json,{"now":"2026-10-05T13:10:20Z"}' },
    });
    const apiKey = await wrongSecret(harness, "wrong-key");
    const refreshToken = await wrongSecret(harness, "wrong-token");
    await harness.editCustomer((file) => {
      file.hr = { ...part(file, "hr"), api_key: apiKey };
      file.mail = { ...part(file, "mail"), sender: { name: "Nobody", address: "nobody@larkfieldfoods.com" } };
      const helpdesk = part(file, "helpdesk");
      file.helpdesk = {
        ...helpdesk,
        team_id: "11111111-1111-4111-8111-111111111111",
        posting: { ...part(helpdesk, "posting"), refresh_token: refreshToken },
      };
      file.service_desk = { ...part(file, "service_desk"), service_board: "Servicedesk" };
    });
    const before = await harness.held();

    const { code, named, remedies } = await examine(harness);

    expect(named).toEqual([
      "clock: The clock is 10 minutes fast.",
      "tenant: The app lacks the application permission Policy.ReadWrite.ConditionalAccess.",
      "tenant: The app holds Mail.ReadWrite, which the job does not need.",
      "tenant: The client secret ends in 6 days, on 2026-10-12.",
      "tenant: The tenant has no Entra ID P1, so it cannot have Conditional Access policies.",
      "hr: BambooHR did not accept the credential.",
      "mail: Gmail did not accept the credential.",
      "helpdesk: The tenant has no such team.",
      "helpdesk: Microsoft Entra ID did not accept the person's sign-in for Teams.",
      "service_desk: ConnectWise PSA has no service board “Servicedesk”.",
      "service_desk: ConnectWise PSA refused the call: the credential lacks Project > Project Tickets: Inquire.",
      "dashboard: The app is Viewer of the workspace, which may not write.",
    ]);
    expect(remedies).toHaveLength(12);
    for (const mend of remedies) expect(mend).toMatch(ONE_SENTENCE);
    expect(code).toBe(1);
    expect(await harness.held()).toBe(before);
  });

  it("names a wrong tenant once, although three systems stand on it", async () => {
    await using harness = await startHarness();
    await harness.editCustomer((file) => {
      file.tenant = { ...part(file, "tenant"), id: "11111111-1111-4111-8111-111111111111" };
    });
    const { named, remedies, findings } = await examine(harness);
    expect(named).toEqual(["tenant: Microsoft Entra ID did not accept the app's credential."]);
    expect(remedies).toEqual([
      "Correct tenant.id or tenant.cloud in the configuration: this cloud has no such tenant.",
    ]);
    expect(findings.flatMap(({ system, state }) => (state === "unknown" ? [system] : []))).toEqual([
      "helpdesk",
      "service_desk",
      "dashboard",
    ]);
  });

  it("says that a right which lacks hides what it would show, and names it once", async () => {
    const permissions = LEAST_PRIVILEGE.filter(
      (name) => name !== "LicenseAssignment.Read.All" && name !== "Channel.ReadBasic.All",
    );
    await using harness = await startHarness({
      vendors: allVendors.map((vendor) => (vendor === graph ? graphWith({ permissions }) : vendor)),
    });
    expect((await examine(harness)).named).toEqual([
      "tenant: The app lacks the application permission Channel.ReadBasic.All.",
      "tenant: The app lacks the application permission LicenseAssignment.Read.All.",
    ]);
  });

  it("says how long to wait for a vendor that asks to slow down", async () => {
    await using harness = await startHarness();
    await harness.box.fail({ vendor: "connectwise", kind: "status", status: 429, retryAfterSeconds: 30 });
    const { named, remedies } = await examine(harness);
    expect(named).toEqual(["service_desk: ConnectWise PSA asks us to slow down."]);
    expect(remedies).toEqual(["Wait 30 seconds, then run doctor again."]);
  });

  it("tells of a vendor that asked to slow down and was waited for, which is nothing to mend", async () => {
    await using harness = await startHarness();
    expect((await examine(harness)).findings).toContainEqual({
      system: "throttling",
      state: "good",
      text: "No system asked us to slow down.",
    });
    await harness.box.fail({ vendor: "connectwise", kind: "status", status: 429, retryAfterSeconds: 1, times: 1 });
    const { code, findings } = await examine(harness);
    expect(code).toBe(0);
    expect(findings).toContainEqual({
      system: "throttling",
      state: "unknown",
      text: "ConnectWise PSA asked us to slow down, by 1 second in all; something else may use the same allowance.",
    });
  });

  it.each([
    [null, 170_000],
    [30_000, 240_000],
    [300_000, 2_130_000],
  ])("leaves a look the time that a report may take when an answer may take %s ms", async (answerMs, longestMs) => {
    expect(await longestLookMs(answerMs)).toBe(longestMs);
  });

  it("prints each remedy under its finding and counts them at the end", async () => {
    await using harness = await startHarness();
    const apiKey = await wrongSecret(harness, "wrong-key");
    await harness.editCustomer((file) => {
      file.hr = { ...part(file, "hr"), api_key: apiKey };
    });
    const lines: string[] = [];
    await doctor(harness.settings, { customer: "larkfield", json: false }, (line) => void lines.push(line));
    const text = lines.join("\n");
    expect(text).toContain(
      "BambooHR (larkfieldfoods)\n  ✗ BambooHR did not accept the credential.\n    → Ask an administrator to check",
    );
    expect(text.endsWith("\n\n1 thing to mend.")).toBe(true);
    expect(text).not.toContain("not the one");
  });
});
