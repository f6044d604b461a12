import { describe, expect, it } from "vitest";
import type { AccessPolicy } from "../../../src/domain/foresight/access-policy.ts";
import { type Ability, standingTo } from "../../../src/domain/foresight/standing.ts";
import { accessPolicy } from "../../support/access-policy.ts";
import { signIn } from "../../support/rollout-facts.ts";

const CAPABLE: Ability = { capable: true, methods: ["microsoftAuthenticatorPush"], directorySync: false };
const HELPLESS: Ability = { capable: false, methods: ["email"], directorySync: false };
type Controls = NonNullable<AccessPolicy["grant"]>["controls"];

const standing = (
  controls: Controls,
  of: Parameters<typeof signIn>[1] = {},
  ability = CAPABLE,
  operator: "AND" | "OR" = "OR",
) => standingTo(accessPolicy({ grant: { operator, controls } }), signIn(1, of), ability);

describe("MFA", () => {
  it("is asked of who can answer, and shuts out who cannot, with somebody there or not", () => {
    expect(standing(["mfa"])).toBe("asked");
    expect(standing(["mfa"], { interactive: false })).toBe("asked");
    expect(standing(["mfa"], {}, HELPLESS)).toBe("no_method");
    expect(standing(["mfa"], { interactive: false }, HELPLESS)).toBe("no_method");
  });

  it.each<[string, Parameters<typeof signIn>[1]]>([
    ["legacy protocols", { clientApp: "IMAP4" }],
    ["Exchange ActiveSync", { clientApp: "Exchange ActiveSync" }],
    ["stored passwords", { protocol: "ropc" }],
    ["devices signed in with a code", { protocol: "deviceCode", interactive: false }],
  ])("breaks %s, whoever it is", (_, of) => {
    expect(standing(["mfa"], of)).toBe("client");
  });

  it("lets somebody enter a device code and answer", () => {
    expect(standing(["mfa"], { protocol: "deviceCode", interactive: true })).toBe("asked");
  });

  it("breaks the directory synchronisation service, whatever its client is called", () => {
    expect(standing(["mfa"], {}, { ...CAPABLE, directorySync: true })).toBe("client");
  });

  it("of a strength asks for a method of that strength", () => {
    expect(standing(["phishing_resistant"])).toBe("no_method");
    expect(standing(["phishing_resistant"], {}, { ...CAPABLE, methods: ["fido2"] })).toBe("asked");
    const passwordless = { ...CAPABLE, methods: ["microsoftAuthenticatorPasswordless"] };
    expect(standing(["passwordless"], {}, passwordless)).toBe("asked");
    expect(standing(["phishing_resistant"], {}, passwordless)).toBe("no_method");
  });
});

describe("other controls", () => {
  it("need the device's state, which a code never carries", () => {
    expect(standing(["compliantDevice"], { compliantDevice: true })).toBe("met");
    expect(standing(["compliantDevice"])).toBe("device");
    expect(standing(["domainJoinedDevice"], { joinedDevice: true })).toBe("met");
    expect(standing(["compliantDevice"], { compliantDevice: true, protocol: "deviceCode" })).toBe("device");
  });

  it("block, or leave unclear what the log does not show", () => {
    expect(standing(["block"])).toBe("blocked");
    expect(standing(["other"])).toBe("unclear");
    expect(standingTo(accessPolicy({ grant: null }), signIn(1), HELPLESS)).toBe("met");
  });

  it("count together with AND and apart with OR", () => {
    expect(standing(["mfa", "compliantDevice"], {}, HELPLESS)).toBe("no_method");
    expect(standing(["mfa", "compliantDevice"], { compliantDevice: true }, HELPLESS)).toBe("met");
    expect(standing(["mfa", "compliantDevice"], { compliantDevice: true }, HELPLESS, "AND")).toBe("no_method");
    expect(standing(["mfa", "compliantDevice"], {}, CAPABLE, "AND")).toBe("device");
  });
});
