import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { GraphClient } from "../../src/connectors/graph/graph-client.ts";
import { VendorHttp } from "../../src/connectors/http/vendor-http.ts";
import { graph } from "../../src/sandbox/vendors/graph/graph.ts";
import { microsoftLogin } from "../../src/sandbox/vendors/microsoft-login/microsoft-login.ts";
import { startBox, type TestBox } from "../support/box.ts";
import { tokensIn } from "../support/entra.ts";
import { examine } from "../support/examination.ts";
import { startHarness } from "../support/harness.ts";
import { moveToOtherSystems } from "../support/other-systems.ts";
import { enterSandboxNetwork } from "../support/sandbox-network.ts";

const signal = new AbortController().signal;
const call = { signal, schema: z.unknown(), body: {} };
const TRUSTED = getCACertificates("default");

/** A proxy that opens no way to anywhere, with the words that it has for it. */
async function startRefusingProxy(line: string) {
  const server = createServer().on("connect", (_request, socket) => socket.end(`HTTP/1.1 ${line}\r\n\r\n`));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // as listening on TCP gives one
  return {
    proxyUrl: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

/** An address where nobody listens any more. */
async function nobody(): Promise<string> {
  await using proxy = await startRefusingProxy("403 Forbidden");
  return proxy.proxyUrl;
}

/** Each way in which this program connects, with a change where there is one. */
const CLIENTS = [
  {
    client: "VendorHttp",
    vendor: "Acme",
    write: () =>
      new VendorHttp({ vendor: "Acme", baseUrl: "https://login.microsoftonline.com", headers: () => ({}) }).post(
        "/x",
        call,
      ),
  },
  {
    client: "GraphClient",
    vendor: "Microsoft Graph",
    write: () =>
      new GraphClient({ cloud: "global", tokens: { token: async () => "t" } }).post("/v1.0/groups", {
        ...call,
        permission: "Group.Create",
      }),
  },
  {
    client: "EntraTokens",
    vendor: "The Microsoft sign-in service",
    write: (box: TestBox) => tokensIn(box).token("https://graph.microsoft.com/.default", { signal }),
  },
] as const;

const notReached = (vendor: string, code: string) => ({
  code: "ERR_CONNECTOR_UNAVAILABLE",
  message: `${vendor} was not reached: no connection was made from this computer (${code}).`,
  nextStep: expect.stringContaining("DNS, proxy and certificates"),
});

describe.each(CLIENTS)("a change through $client that finds no way out of this computer", ({ vendor, write }) => {
  afterEach(() => setDefaultCACertificates(TRUSTED));

  it("is told as never sent, with what to check, where the proxy is not there", async () => {
    await using box = await startBox([microsoftLogin, graph]);
    using _ = enterSandboxNetwork({ proxyUrl: await nobody(), caPem: box.sandbox.caPem });
    await expect(write(box)).rejects.toMatchObject(notReached(vendor, "ECONNREFUSED"));
  });

  it("is told as never sent, with what to check, where the proxy refuses", async () => {
    await using box = await startBox([microsoftLogin, graph]);
    await using proxy = await startRefusingProxy("407 Proxy Authentication Required");
    using _ = enterSandboxNetwork({ proxyUrl: proxy.proxyUrl, caPem: box.sandbox.caPem });
    await expect(write(box)).rejects.toMatchObject(notReached(vendor, "ERR_PROXY_TUNNEL"));
  });

  it("is told as never sent, with what to check, where nobody here trusts the certificate", async () => {
    await using box = await startBox([microsoftLogin, graph]);
    setDefaultCACertificates(TRUSTED);
    await expect(write(box)).rejects.toMatchObject({
      code: "ERR_CONNECTOR_UNAVAILABLE",
      message: expect.stringMatching(/no connection was made from this computer \(\w*(VERIFY|SELF_SIGNED)\w*\)\.$/),
    });
  });
});

describe("doctor", () => {
  it("says that this computer has no way out, and by which failure, rather than that every vendor is down", async () => {
    await using office = await startHarness();
    await moveToOtherSystems(office);
    using _ = enterSandboxNetwork({ proxyUrl: await nobody(), caPem: office.box.sandbox.caPem });
    const { named, remedies } = await examine(office);
    const told = (system: string, vendor: string): string =>
      `${system}: ${vendor} was not reached: no connection was made from this computer (ECONNREFUSED).`;
    expect(named).toEqual([
      told("clock", "The Microsoft sign-in service"), // said once for the tenant, Outlook and Teams too
      told("hr", "Workday"),
      told("service_desk", "ConnectWise PSA"),
      told("dashboard", "Google"),
      told("dashboard", "Looker"),
    ]);
    expect([...new Set(remedies)]).toEqual([
      "Have an operator check the host name in the customer's file, and this computer's DNS, proxy and certificates.",
    ]);
  });
});
