import { SandboxReady } from "../../src/cli/sandbox/sandbox-process.ts";
import type { MicrosoftCloudName } from "../../src/sandbox/core/microsoft-clouds.ts";
import type { Sandbox } from "../../src/sandbox/core/sandbox.ts";
import { helpdeskTeamId } from "../../src/sandbox/vendors/graph/team-store.ts";

/** What the sandbox's process would print for whoever configures the product. */
export function readyOf(
  { controlUrl, proxyUrl, caFile, secrets, world }: Sandbox,
  cloud: MicrosoftCloudName = "global",
): SandboxReady {
  return SandboxReady.parse({
    proxyUrl,
    caFile,
    controlUrl,
    clockUrl: `${controlUrl}/clock`,
    secrets,
    cloud,
    tenantId: world.tenantId,
    tenantDomain: world.tenantDomain,
    timeZone: world.timeZone,
    teamId: helpdeskTeamId(world),
    world: { ...world.dump(), startsAt: world.settings.startsAt },
  });
}
