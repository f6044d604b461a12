import { describe, expect, it } from "vitest";
import { permissionUses } from "../../scripts/reference/permission-calls.ts";
import {
  APP_PERMISSIONS,
  comparePermissions,
  LEGACY_MFA_PERMISSIONS,
  OPTIONAL_PERMISSIONS,
} from "../../src/connectors/graph/app-permissions.ts";

/** What asks Graph as the app. */
const AS_THE_APP = [
  "src/connectors/entra/entra-directory.ts",
  "src/connectors/entra/entra-conditional-access.ts",
  "src/connectors/entra/entra-sign-in-log.ts",
  "src/connectors/entra/entra-tenant-survey.ts",
  "src/connectors/entra/entra-access-passes.ts",
  "src/connectors/entra/tenant-checks.ts",
  "src/connectors/teams/teams-channel.ts",
];
const needed = Object.keys(APP_PERMISSIONS);

describe("the permissions of the app registration", () => {
  it("are those that the connectors' code names, delegated ones left out", () => {
    const named = AS_THE_APP.flatMap(permissionUses).flatMap(
      ({ permission }) => permission.match(/[A-Z][\w-]+(\.\w+)+/g) ?? [],
    );
    const asTheApp = [...new Set(named)].filter((name) => !name.startsWith("ChannelMessage."));
    expect(asTheApp.toSorted()).toEqual([...needed, ...OPTIONAL_PERMISSIONS].toSorted());
  });

  it("neither lack nor exceed themselves", () => {
    expect(comparePermissions(needed)).toEqual({ missing: [], superfluous: [] });
    expect(comparePermissions([...needed, ...OPTIONAL_PERMISSIONS])).toEqual({ missing: [], superfluous: [] });
  });

  it("may be stood in for by a broader one, which is superfluous beside them", () => {
    const without = needed.filter((name) => name !== "Policy.Read.ConditionalAccess" && name !== "Group.Create");
    expect(comparePermissions([...without, "Group.ReadWrite.All"])).toEqual({ missing: [], superfluous: [] });
    expect(comparePermissions([...needed, "Group.ReadWrite.All"])).toEqual({
      missing: [],
      superfluous: ["Group.ReadWrite.All"],
    });
  });

  it("are two more where the rollout replaces security defaults and per-user MFA, and superfluous elsewhere", () => {
    const legacy = Object.keys(LEGACY_MFA_PERMISSIONS);
    const named = permissionUses("src/connectors/entra/entra-legacy-mfa.ts").flatMap(
      ({ permission }) => permission.match(/[A-Z]\w+(\.\w+)+/g) ?? [],
    );
    expect(named.filter((name) => !needed.includes(name)).toSorted()).toEqual(legacy.toSorted());
    expect(comparePermissions([...needed, ...legacy], true)).toEqual({ missing: [], superfluous: [] });
    expect(comparePermissions(needed, true)).toEqual({ missing: legacy.toSorted(), superfluous: [] });
    expect(comparePermissions([...needed, ...legacy])).toEqual({ missing: [], superfluous: legacy.toSorted() });
  });

  it("are all missing from an app without any", () => {
    expect(comparePermissions([])).toEqual({ missing: needed.toSorted(), superfluous: [] });
  });
});
