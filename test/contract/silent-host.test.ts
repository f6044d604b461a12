import { describe, expect, it } from "vitest";
import { z } from "zod";
import { GmailMailer } from "../../src/connectors/gmail/gmail-mailer.ts";
import { GraphClient } from "../../src/connectors/graph/graph-client.ts";
import { VendorHttp } from "../../src/connectors/http/vendor-http.ts";
import { RolloutError } from "../../src/errors.ts";
import { gmail } from "../../src/sandbox/vendors/gmail/gmail.ts";
import { googleLogin } from "../../src/sandbox/vendors/google-login/google-login.ts";
import { microsoftLogin } from "../../src/sandbox/vendors/microsoft-login/microsoft-login.ts";
import { startBox, type TestBox } from "../support/box.ts";
import { tokensIn } from "../support/entra.ts";
import { enterSandboxNetwork } from "../support/sandbox-network.ts";
import { type Silence, startSilentProxy } from "../support/silent-proxy.ts";

const call = { signal: new AbortController().signal, schema: z.unknown() };
const TIMEOUT_MS = 500;
/** Two tries and much room for a busy machine; the libraries' own limits are longer. */
const LONGEST_MS = 6_000;

interface Asking {
  readonly client: string;
  readonly host: string;
  readonly read: (box: TestBox) => Promise<unknown>;
  readonly write: (box: TestBox) => Promise<unknown>;
}

const acme = (): VendorHttp =>
  new VendorHttp({ vendor: "Acme", baseUrl: "https://acme.example", headers: () => ({}), timeoutMs: TIMEOUT_MS });
const graphIn = (box: TestBox): GraphClient =>
  new GraphClient({ cloud: "global", tokens: tokensIn(box), timeoutMs: TIMEOUT_MS });
function mailerIn({ secrets }: TestBox): GmailMailer {
  const { clientEmail, privateKeyPem, sender } = secrets.gmail;
  return new GmailMailer({ clientEmail, privateKeyPem, sender, senderName: "IT", timeoutMs: TIMEOUT_MS });
}

const CLIENTS: readonly Asking[] = [
  {
    client: "VendorHttp",
    host: "acme.example",
    read: () => acme().get("/things", call),
    write: () => acme().post("/things", { ...call, body: {} }),
  },
  {
    client: "GraphClient",
    host: "graph.microsoft.com",
    read: (box) => graphIn(box).get("/v1.0/users", { ...call, permission: "User.Read.All" }),
    write: (box) => graphIn(box).post("/v1.0/groups", { ...call, permission: "Group.Create", body: {} }),
  },
  {
    client: "the Gmail client",
    host: "gmail.googleapis.com",
    read: (box) => mailerIn(box).draftState("r123", call),
    write: (box) => mailerIn(box).sendDraft("r123", call),
  },
];

const SILENCES: readonly Silence[] = ["before the proxy's answer", "before TLS"];
const CASES = CLIENTS.flatMap((asking) => SILENCES.map((silence) => ({ ...asking, silence })));

describe("a host that accepts a connection and never speaks TLS", () => {
  it.each(CASES)("does not hold up $client, silent $silence", async ({ host, silence, read, write }) => {
    await using box = await startBox([microsoftLogin, googleLogin, gmail]);
    await using proxy = await startSilentProxy(box.sandbox.proxyUrl, { hosts: [host], silence });
    using _ = enterSandboxNetwork({ proxyUrl: proxy.proxyUrl, caPem: box.sandbox.caPem });
    const began = performance.now();
    expect([await ending(read(box)), await ending(write(box))]).toEqual([
      "ERR_CONNECTOR_UNAVAILABLE",
      "ERR_CONNECTOR_AMBIGUOUS",
    ]);
    expect(performance.now() - began).toBeLessThan(LONGEST_MS);
    expect(new Set(proxy.asked)).toEqual(new Set([host]));
  });
});

async function ending(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "answered";
  } catch (error) {
    if (error instanceof RolloutError) return error.code;
    throw error;
  }
}
