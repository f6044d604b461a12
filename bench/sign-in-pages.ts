import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * Serves a tenant's sign-in log as the vendor would, page by page, made up as it is asked: so many accounts with ten
 * sign-ins each, a fifth of them without a person. Prints its port and ends with its parent.
 */
const accounts = Number(process.argv[2]);
const PER_ACCOUNT = 10;
const BACKGROUND_SHARE = 5;
const PAGE = 1_000;

const guid = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}`;

function signIn(n: number, isInteractive: boolean): object {
  const account = n % accounts;
  return {
    id: `${isInteractive ? "1" : "2"}${guid(n).slice(1)}`,
    createdDateTime: new Date(Date.UTC(2026, 9, 6) + (n % 86_400) * 1_000).toISOString(),
    userDisplayName: `Person ${account}`,
    userPrincipalName: `person${account}@bench.test`,
    userId: guid(account),
    appId: guid(1_000_000 + (n % 7)),
    appDisplayName: `Application ${n % 7}`,
    ipAddress: `198.51.${n % 200}.${account % 250}`,
    clientAppUsed: account % 500 === 0 ? "Authenticated SMTP" : "Browser",
    userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0",
    correlationId: guid(n),
    conditionalAccessStatus: "notApplied",
    isInteractive,
    riskLevelDuringSignIn: "none",
    resourceDisplayName: "Office 365 Exchange Online",
    status: { errorCode: 0, failureReason: "Other.", additionalDetails: null },
    deviceDetail: { deviceId: "", operatingSystem: "Windows10", isCompliant: false, isManaged: false, trustType: "" },
    location: { city: "Chicago", state: "Illinois", countryOrRegion: "US", geoCoordinates: {} },
    appliedConditionalAccessPolicies: [
      {
        id: "draft",
        displayName: "MFA rollout: all users",
        enforcedGrantControls: ["Mfa"],
        result: "reportOnlyInterrupted",
      },
      { id: "other", displayName: "Block legacy authentication", enforcedGrantControls: [], result: "notApplied" },
    ],
    ...(isInteractive ? {} : { authenticationProtocol: n % 997 === 0 ? "ropc" : "oAuth2" }),
  };
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  response.setHeader("content-type", "application/json");
  if (url.pathname.endsWith("/policies")) {
    response.end(JSON.stringify({ value: [] }));
    return;
  }
  const isInteractive = url.pathname.startsWith("/v1.0");
  const background = (accounts * PER_ACCOUNT) / BACKGROUND_SHARE;
  const total = isInteractive ? accounts * PER_ACCOUNT - background : background;
  const from = Number(url.searchParams.get("$skiptoken") ?? 0);
  const end = Math.min(from + PAGE, total);
  url.searchParams.set("$skiptoken", String(end));
  const value = Array.from({ length: end - from }, (_, n) => signIn(from + n, isInteractive));
  const next = end < total && { "@odata.nextLink": `https://graph.microsoft.com${url.pathname}${url.search}` };
  response.end(JSON.stringify({ value, ...next }));
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`); // it listens on TCP
});
process.stdin.on("end", () => process.exit()).resume();
