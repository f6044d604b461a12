import { describe, expect, it } from "vitest";
import { type EntraObjectId, entraObjectId } from "../../src/domain/model/ids.ts";
import type { PerUserMfa } from "../../src/domain/model/protection.ts";
import type { LegacyMfaPort } from "../../src/ports/legacy-mfa.ts";
import type { ReadFault, WriteFault } from "../support/vendor-faults.ts";

/** What a tenant has of MFA beside Conditional Access, beside its simulated vendor. Security defaults are on. */
export interface LegacyMfaSubject extends AsyncDisposable {
  readonly legacyMfa: LegacyMfaPort;
  /** More accounts than one request takes, with per-user MFA enforced, and one more that has it enabled. */
  readonly enforced: readonly EntraObjectId[];
  readonly enabled: EntraObjectId;
  failRead(kind: ReadFault): Promise<void>;
  failWrite(kind: WriteFault): Promise<void>;
  revokeTokens(): Promise<void>;
  /** What is so, whoever can see it yet. */
  readonly truth: {
    securityDefaults(): Promise<boolean>;
    perUserMfa(account: EntraObjectId): PerUserMfa | undefined;
  };
}

const signal = new AbortController().signal;
const GONE = entraObjectId("00000000-1111-4222-8333-444444444444");

/** What every port to MFA beside Conditional Access promises. */
export function describeLegacyMfaPort(start: () => Promise<LegacyMfaSubject>): void {
  describe("LegacyMfaPort", () => {
    it("tells whether security defaults are on, and turns them off", async () => {
      await using subject = await start();
      const { legacyMfa } = subject;
      expect(await legacyMfa.areSecurityDefaultsOn({ signal })).toBe(true);
      await legacyMfa.turnOffSecurityDefaults({ signal });
      await legacyMfa.turnOffSecurityDefaults({ signal });
      expect(await legacyMfa.areSecurityDefaultsOn({ signal })).toBe(false);
      expect(await subject.truth.securityDefaults()).toBe(false);
    });

    it("tells each account's own switch, more of them than one request takes, and leaves out who is gone", async () => {
      await using subject = await start();
      const { legacyMfa, enforced, enabled } = subject;
      const states = await legacyMfa.perUserMfa([...enforced, GONE, enabled], { signal });
      expect(states).toEqual(new Map([...enforced.map((id) => [id, "enforced"] as const), [enabled, "enabled"]]));
      expect(await legacyMfa.perUserMfa([], { signal })).toEqual(new Map());
    });

    it("ends it for those named alone, whoever is gone, and again without harm", async () => {
      await using subject = await start();
      const { legacyMfa, enforced, enabled } = subject;
      await legacyMfa.endPerUserMfa([...enforced, GONE], { signal });
      await legacyMfa.endPerUserMfa(enforced, { signal });
      const { perUserMfa } = subject.truth;
      expect(new Set(enforced.map(perUserMfa))).toEqual(new Set(["disabled"]));
      expect(perUserMfa(enabled)).toBe("enabled");
      const shown = async () => new Set((await legacyMfa.perUserMfa(enforced, { signal })).values());
      // A read lags the change by seconds.
      await expect.poll(shown, { timeout: 15_000 }).toEqual(new Set(["disabled"]));
    });

    it.each(["truncated", "html", "unavailable", "throttled"] as const)("survives a read that is %s", async (kind) => {
      await using subject = await start();
      await subject.failRead(kind);
      expect(await subject.legacyMfa.areSecurityDefaultsOn({ signal })).toBe(true);
    });

    it("names the missing permission, and never says that they are off", async () => {
      await using subject = await start();
      await subject.failRead("forbidden");
      await expect(subject.legacyMfa.areSecurityDefaultsOn({ signal })).rejects.toMatchObject({
        code: "ERR_CONNECTOR_PERMISSION",
        details: { permission: expect.any(String) },
      });
    });

    it.each(["lost_answer", "unavailable", "throttled"] as const)(
      "changes once more when a write is %s",
      async (kind) => {
        await using subject = await start();
        const { legacyMfa, enforced } = subject;
        await subject.failWrite(kind);
        await legacyMfa.turnOffSecurityDefaults({ signal });
        await subject.failWrite(kind);
        await legacyMfa.endPerUserMfa(enforced, { signal });
        const { securityDefaults, perUserMfa } = subject.truth;
        expect(await securityDefaults()).toBe(false);
        expect(new Set(enforced.map(perUserMfa))).toEqual(new Set(["disabled"]));
      },
    );

    it("gets a new token when the old one was revoked", async () => {
      await using subject = await start();
      await subject.legacyMfa.areSecurityDefaultsOn({ signal });
      await subject.revokeTokens();
      expect(await subject.legacyMfa.areSecurityDefaultsOn({ signal })).toBe(true);
    });
  });
}
