import { VendorsDump } from "../../src/cli/demo/vendors-dump.ts";
import type { Harness } from "./harness.ts";

/** An administrator of the tenant changes a policy by hand. */
export async function changePolicy({ box }: Harness, change: object, name: string): Promise<void> {
  const { entra } = VendorsDump.parse(await box.dump());
  const policy = entra.policies.find(({ displayName }) => displayName === name);
  box.world.moveTo(box.world.now() + 2_000); // one request a second
  const { status } = await asAdministrator(box, `identity/conditionalAccess/policies/${policy?.id}`, {
    method: "PATCH",
    body: change,
  });
  if (status !== 204) throw new Error(`Graph refused the administrator: ${status}`);
  box.world.moveTo(box.world.now() + 180_000); // until reads and the audit log show it
}

/** Somebody of another department gets into a group by hand, as an administrator of the tenant could do it. */
export async function addStranger({ box }: Harness, nickname: string): Promise<void> {
  const { entra } = VendorsDump.parse(await box.dump());
  const group = entra.groups.find(({ mailNickname }) => mailNickname === nickname);
  const stranger = [...box.world.accounts.values()].find(({ department }) => department === "Sales");
  const { status } = await asAdministrator(box, `groups/${group?.id}/members/$ref`, {
    method: "POST",
    body: { "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${stranger?.id}` },
  });
  if (status !== 204) throw new Error(`Graph refused the administrator: ${status}`);
  box.world.moveTo(box.world.now() + 180_000); // until reads and the audit log show it
}

function asAdministrator(
  box: Harness["box"],
  path: string,
  { method, body }: { readonly method: string; readonly body: object },
): Promise<Response> {
  const token = box.sandbox.box.tokens.issue({
    audience: "https://graph.microsoft.com",
    subject: "administrator",
    scopes: [".default"],
    delegated: false,
    expiresAt: box.world.now() + 60_000,
  });
  return fetch(`https://graph.microsoft.com/v1.0/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}
