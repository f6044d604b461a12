import { describe, expect, it } from "vitest";
import { examine } from "../support/examination.ts";
import { type Harness, startHarness } from "../support/harness.ts";
import { secretFile } from "../support/secret-file.ts";

/** Every host of Microsoft's that was asked, whether it answered or not. */
async function microsoftHosts({ box }: Harness): Promise<readonly string[]> {
  const response = await fetch(new URL("/requests.jsonl", box.sandbox.controlUrl));
  const lines = (await response.text()).trim().split("\n");
  const hosts = lines.map((line) => new URL(JSON.parse(line).url).hostname);
  return [...new Set(hosts)].filter((host) => /microsoft|chinacloudapi|powerbi/.test(host)).toSorted();
}

async function wrongFindings(harness: Harness) {
  const { findings } = await examine(harness);
  return findings.flatMap(({ state, text, mend }) => (state === "wrong" ? [{ text, mend }] : []));
}

const toOutlook = (file: Record<string, unknown>): void => {
  const { sender } = Object(file.mail);
  file.mail = { kind: "outlook", sender };
};

describe("Microsoft's clouds", () => {
  it.each([
    ["global", ["api.powerbi.com", "graph.microsoft.com", "login.microsoftonline.com"]],
    ["us_gov", ["api.high.powerbigov.us", "graph.microsoft.us", "login.microsoftonline.us"]],
    ["us_dod", ["api.mil.powerbigov.us", "dod-graph.microsoft.us", "login.microsoftonline.us"]],
    [
      "china",
      [
        "api.powerbi.cn",
        "login.chinacloudapi.cn",
        "login.partner.microsoftonline.cn",
        "microsoftgraph.chinacloudapi.cn",
      ],
    ],
  ] as const)("%s: the first steps run, and no host of another cloud is asked", async (cloud, hosts) => {
    await using office = await startHarness({ cloud });
    await office.editCustomer(toOutlook);
    const rollout = await office.start();
    const reconciled = await office.call("reconcile_users", { rollout });
    expect(reconciled).toMatchObject({ isError: false, structured: { registered: 105, unknown_registration: 0 } });
    await office.call("classify_exceptions", { rollout });
    await office.signOff(rollout);
    const counted = await office.withApproval("update_dashboard", { rollout, phase: "phase_it" });
    expect(counted.isError).toBe(false);
    const opened = await office.withApproval("open_helpdesk_channel", { rollout });
    expect(opened.isError).toBe(false);
    expect(await wrongFindings(office)).toEqual([]);
    expect(await microsoftHosts(office)).toEqual(hosts);
  });

  it.each([
    ["us_gov", "global", "Correct tenant.id or tenant.cloud in the configuration: this cloud has no such tenant."],
    ["us_dod", "us_gov", "Correct tenant.cloud in the configuration: the tenant has no such service of this cloud."],
  ] as const)("a tenant of %s that is configured as %s is one finding, with its remedy", async (cloud, named, mend) => {
    await using office = await startHarness({ cloud });
    await office.editCustomer((file) => {
      toOutlook(file);
      file.tenant = { ...Object(file.tenant), cloud: named };
    });
    expect(await wrongFindings(office)).toEqual([
      { text: "Microsoft Entra ID did not accept the app's credential.", mend },
    ]);
  });
});

describe("the app's credential", () => {
  const credential = async (office: Harness, credential: Record<string, string>): Promise<void> =>
    office.editCustomer((file) => {
      const { client_secret: _, ...tenant } = Object(file.tenant);
      file.tenant = { ...tenant, ...credential };
    });

  it.each(["global", "china"] as const)("may be a certificate, in %s", async (cloud) => {
    await using office = await startHarness({ cloud });
    const { certificatePem } = office.box.secrets.entra;
    await credential(office, { certificate: await secretFile(office.home, "app.pem", certificatePem) });
    const rollout = await office.start();
    expect((await office.call("reconcile_users", { rollout })).isError).toBe(false);
    expect(await wrongFindings(office)).toEqual([]);
  });

  it("may be a certificate, whose end is told before it comes", async () => {
    await using office = await startHarness();
    const { oldCertificatePem } = office.box.secrets.entra;
    await credential(office, { certificate: await secretFile(office.home, "app.pem", oldCertificatePem) });
    expect(await wrongFindings(office)).toEqual([
      {
        text: "The certificate ends in 6 days, on 2026-10-12.",
        mend: "Make a new certificate in the app registration and put it where tenant.certificate points.",
      },
    ]);
  });

  it("is refused as a certificate without its key, before anybody is asked", async () => {
    await using office = await startHarness();
    const [certificate = ""] = office.box.secrets.entra.certificatePem.split("-----BEGIN PRIVATE");
    await credential(office, { certificate: await secretFile(office.home, "app.pem", certificate) });
    const answer = await office.call("list_employees", { customer: "larkfield" });
    expect(answer.isError).toBe(false);
    expect((await wrongFindings(office)).map(({ text }) => text)).toEqual([
      "The certificate for Microsoft Entra ID cannot be used: it or its private key is missing.",
    ]);
  });

  it("may be a workload's token, read anew from its file", async () => {
    await using office = await startHarness({ cloud: "us_gov" });
    const { workload } = office.box.secrets.entra;
    const file = (await secretFile(office.home, "workload", workload.token)).slice("file:".length);
    await credential(office, { workload_token_file: file });
    const rollout = await office.start();
    expect((await office.call("reconcile_users", { rollout })).isError).toBe(false);
    await secretFile(office.home, "workload", "");
    expect((await wrongFindings(office)).map(({ text }) => text)).toEqual([
      "The workload's token file is missing or empty.",
    ]);
    await secretFile(office.home, "workload", workload.token.replace(/\.[^.]*$/, ".AAAA"));
    expect(await wrongFindings(office)).toEqual([
      {
        text: "Microsoft Entra ID did not accept the app's credential.",
        mend: "Add a federated credential with the issuer of the workload's token to the app registration.",
      },
    ]);
  });
});
