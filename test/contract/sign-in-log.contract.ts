import { describe, expect, it } from "vitest";
import type { Instant } from "../../src/domain/model/time.ts";
import type { SignInLogPort } from "../../src/ports/sign-in-log.ts";

/** A sign-in log beside its simulated vendor. */
export interface SignInLogSubject extends AsyncDisposable {
  readonly signInLog: SignInLogPort;
  /** A span whose sign-ins have all arrived in the log. */
  readonly span: { readonly from: Instant; readonly to: Instant };
  /** Ids of the span's sign-ins, as the vendor has them. */
  readonly interactive: readonly string[];
  readonly nonInteractive: readonly string[];
  failRead(kind: "truncated" | "html" | "unavailable" | "throttled" | "forbidden"): Promise<void>;
  revokeTokens(): Promise<void>;
}

const signal = new AbortController().signal;

/** What every sign-in log promises. */
export function describeSignInLogPort(start: () => Promise<SignInLogSubject>): void {
  describe("SignInLogPort", () => {
    const list = ({ signInLog, span }: SignInLogSubject) => Array.fromAsync(signInLog.listSignIns({ ...span, signal }));

    it("yields every sign-in of the span once, interactive ones first", async () => {
      await using subject = await start();
      const rows = await list(subject);
      const ids = (interactive: boolean) => rows.filter((row) => row.interactive === interactive).map(({ id }) => id);
      expect(ids(true).sort()).toEqual([...subject.interactive].sort());
      expect(ids(false).sort()).toEqual([...subject.nonInteractive].sort());
      expect(rows.map(({ interactive }) => interactive).lastIndexOf(true)).toBe(subject.interactive.length - 1);
    });

    it("shows how policies in report-only judged each sign-in, on every page", async () => {
      await using subject = await start();
      const rows = await list(subject);
      const outcomes = new Set(rows.flatMap(({ policies }) => policies.map(({ outcome }) => outcome)));
      expect([...outcomes].some((outcome) => outcome.startsWith("report_only_"))).toBe(true);
      expect(outcomes).not.toContain("other");
    });

    it.each(["truncated", "html", "unavailable", "throttled"] as const)("survives a page that is %s", async (kind) => {
      await using subject = await start();
      await subject.failRead(kind);
      expect(await list(subject)).toHaveLength(subject.interactive.length + subject.nonInteractive.length);
    });

    it("names the missing permission", async () => {
      await using subject = await start();
      await subject.failRead("forbidden");
      await expect(list(subject)).rejects.toMatchObject({
        code: "ERR_CONNECTOR_PERMISSION",
        details: { permission: "AuditLog.Read.All" },
      });
    });

    it("gets a new token when the old one was revoked", async () => {
      await using subject = await start();
      const before = await list(subject);
      await subject.revokeTokens();
      expect(await list(subject)).toHaveLength(before.length);
    });

    it("stops when the caller has given up", async () => {
      await using subject = await start();
      const given = { ...subject.span, signal: AbortSignal.abort() };
      await expect(Array.fromAsync(subject.signInLog.listSignIns(given))).rejects.toMatchObject({
        code: "ERR_CANCELLED",
      });
    });
  });
}
