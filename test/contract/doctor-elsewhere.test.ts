import { describe, expect, it } from "vitest";
import { allVendors } from "../../src/sandbox/all-vendors.ts";
import { graph, graphWith } from "../../src/sandbox/vendors/graph/graph.ts";
import { LEAST_PRIVILEGE } from "../../src/sandbox/vendors/graph/permissions.ts";
import { examine, ONE_SENTENCE, part, wrongSecret } from "../support/examination.ts";
import { startHarness } from "../support/harness.ts";
import { moveToOtherSystems } from "../support/other-systems.ts";
import { secretFile } from "../support/secret-file.ts";

describe("doctor, at a customer of a national cloud with Workday, Outlook and Looker", () => {
  it("names each of twelve planted mistakes and nothing else", async () => {
    const permissions = LEAST_PRIVILEGE.filter((name) => name !== "TeamsTab.Create");
    const wrong = graphWith({
      permissions: [...permissions, "User.ReadWrite.All"],
      premium: false,
      hasServiceProvider: false,
      personIsMember: false,
      exchangeRbac: { mailbox: "somebody.else", roles: ["Application Mail.ReadWrite", "Application Mail.Send"] },
    });
    await using harness = await startHarness({
      cloud: "us_gov",
      vendors: allVendors.map((vendor) => (vendor === graph ? wrong : vendor)),
      environment: { MFA_ROLLOUT_CLOCK_URL: 'data:application/json,{"now":"2026-10-05T12:30:20Z"}' },
    });
    await moveToOtherSystems(harness);
    const certificate = await secretFile(harness.home, "app.pem", harness.box.secrets.entra.oldCertificatePem);
    const password = await wrongSecret(harness, "wrong-password");
    const clientSecret = await wrongSecret(harness, "wrong-looker");
    await harness.editCustomer((file) => {
      const { client_secret: _, ...tenant } = part(file, "tenant");
      file.tenant = { ...tenant, certificate };
      file.msp = { ...part(file, "msp"), gdap: true };
      const hr = part(file, "hr");
      file.hr = { ...hr, sign_in: { ...part(hr, "sign_in"), password } };
      file.helpdesk = { ...part(file, "helpdesk"), channel: "General" };
      file.service_desk = { ...part(file, "service_desk"), project_board: "Project" };
      const dashboard = part(file, "dashboard");
      file.dashboard = {
        ...dashboard,
        dataset: "it_sekurity",
        looker: { ...part(dashboard, "looker"), client_secret: clientSecret },
      };
    });
    const before = await harness.held();

    const { code, named, remedies } = await examine(harness);

    expect(named).toEqual([
      "clock: The clock is 30 minutes slow.",
      "tenant: The app lacks the application permission TeamsTab.Create.",
      "tenant: The app holds User.ReadWrite.All, which the job does not need.",
      "tenant: The certificate ends in 6 days, on 2026-10-12.",
      "tenant: The tenant has no Entra ID P1, so it cannot have Conditional Access policies.",
      "tenant: The tenant does not have the MSP's tenant as its service provider, so no GDAP relationship is in force.",
      "hr: Workday did not accept the credential.",
      "mail: Microsoft Graph refused the call: the credential lacks the Exchange role “Application Mail.ReadWrite” (RBAC for Applications) scoped to the sender's mailbox.",
      "helpdesk: The person who posts is not a member of the channel's team.",
      "service_desk: ConnectWise PSA has no project board “Project”.",
      "dashboard: BigQuery has no dataset it_sekurity in the project larkfield-analytics.",
      "dashboard: Looker did not accept the credential.",
    ]);
    expect(remedies).toHaveLength(12);
    for (const mend of remedies) expect(mend).toMatch(ONE_SENTENCE);
    expect(code).toBe(1);
    expect(await harness.held()).toBe(before);
  });
});
