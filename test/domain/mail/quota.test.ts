import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allowance, sendings } from "../../../src/domain/mail/quota.ts";
import type { EffectRecord, EffectSubject } from "../../../src/domain/model/effect.ts";
import type { PhaseId, Sha256, UserId } from "../../../src/domain/model/ids.ts";
import { type Instant, instant } from "../../../src/domain/model/time.ts";

const START = Date.parse("2026-10-05T08:00:00Z");
const at = (seconds: number): Instant => instant(START + seconds * 1_000);
const QUOTA = { perMinute: 3, perDay: 5 };
const ask = (sent: readonly number[], now: number, wanted = 10) =>
  allowance({ sent: sent.map(at), wanted, now: at(now), quota: QUOTA });

describe("a sender's quota", () => {
  it("lets out a minute's mails at once", () => {
    expect(ask([], 0)).toEqual({ count: 3 });
    expect(ask([], 0, 2)).toEqual({ count: 2 });
  });

  it("lets out what is left of a minute", () => {
    expect(ask([0, 10], 30)).toEqual({ count: 1 });
  });

  it("frees a place exactly a minute after the mail that took it", () => {
    expect(ask([0, 10, 20], 59.999, 1)).toEqual({ count: 0, until: at(60) });
    expect(ask([0, 10, 20], 60)).toEqual({ count: 1 });
  });

  it("waits for no more places than there are mails", () => {
    expect(ask([0, 10, 20], 30, 2)).toEqual({ count: 0, until: at(70) });
  });

  it("uses up the day before it waits for another", () => {
    expect(ask([0, 10, 20], 59.999)).toEqual({ count: 0, until: at(70) });
    expect(ask([0, 10, 20], 80)).toEqual({ count: 2 });
  });

  it("waits for the day when the day is spent", () => {
    expect(ask([0, 100, 200, 300, 400], 500, 1)).toEqual({ count: 0, until: at(86_400) });
    expect(ask([0, 100, 200, 300, 400], 500)).toEqual({ count: 0, until: at(86_600) });
    expect(ask([0, 100, 200, 300, 400], 86_400, 1)).toEqual({ count: 1 });
  });

  it("counts the last 24 hours, not the calendar's day", () => {
    const lateEvening = [0, 61, 122, 183, 244];
    expect(ask(lateEvening, 6 * 3_600, 1)).toEqual({ count: 0, until: at(86_400) });
  });

  it("waits too when a limit was lowered below what has gone out", () => {
    const sent = Array.from({ length: 9 }, (_, n) => n * 100);
    expect(ask(sent, 900, 1)).toEqual({ count: 0, until: at(86_400 + 400) });
  });

  it("counts a mail that is dated later than now as of now", () => {
    const threeDays = 3 * 86_400;
    expect(ask([threeDays], 0)).toEqual({ count: 2 });
    expect(ask([threeDays, threeDays, threeDays], 0, 1)).toEqual({ count: 0, until: at(60) });
    expect(ask(Array(5).fill(threeDays), 0, 1)).toEqual({ count: 0, until: at(86_400) });
  });

  it("takes a limit below one for a mistake", () => {
    const asked = { sent: [], wanted: 1, now: at(0), quota: { perMinute: 0, perDay: 5 } };
    expect(() => allowance(asked)).toThrow(RangeError);
  });

  it("is never passed, and every campaign ends, whoever sends how slowly", () => {
    const campaign = fc.record({
      quota: fc.record({ perMinute: fc.integer({ min: 1, max: 20 }), perDay: fc.integer({ min: 1, max: 60 }) }),
      mails: fc.integer({ min: 1, max: 150 }),
      secondsEach: fc.integer({ min: 0, max: 90 }),
    });
    fc.assert(
      fc.property(campaign, ({ quota, mails, secondsEach }) => {
        const sent: Instant[] = [];
        let second = 0;
        let pauses = 0;
        while (sent.length < mails) {
          const allowed = allowance({ sent, wanted: mails - sent.length, now: at(second), quota });
          if ("until" in allowed) {
            expect(allowed.until > at(second)).toBe(true);
            second = (Date.parse(allowed.until) - START) / 1_000;
            pauses += 1;
            continue;
          }
          for (let n = 0; n < allowed.count; n++) {
            second += secondsEach;
            sent.push(at(second));
          }
        }
        expect(sent).toHaveLength(mails);
        expect(mostWithin(sent, 60)).toBeLessThanOrEqual(quota.perMinute);
        expect(mostWithin(sent, 86_400)).toBeLessThanOrEqual(quota.perDay);
        expect(pauses).toBeLessThanOrEqual(2 * Math.ceil(mails / Math.min(quota.perMinute, quota.perDay)));
      }),
      { numRuns: 300 },
    );
  });
});

/** The most sendings that any span of so many seconds holds. */
const mostWithin = (sent: readonly Instant[], seconds: number): number =>
  Math.max(
    ...sent.map((end) => {
      const to = Date.parse(end);
      return sent.filter((one) => Date.parse(one) <= to && Date.parse(one) > to - seconds * 1_000).length;
    }),
  );

describe("sendings", () => {
  const record = (subject: EffectSubject, status: EffectRecord["status"], time: number): EffectRecord => ({
    key: `${time}`,
    subject,
    plan: null,
    status,
    noted: {},
    outcome: {},
    at: at(time),
    check: null,
  });
  const mail: EffectSubject = {
    kind: "mail",
    mail: "announcement",
    phase: "phase_it" as PhaseId,
    userId: "usr_ada" as UserId,
    managerCopied: true,
  };

  it("are all mails, those with an open end too, and nothing but mails, oldest first", () => {
    const signoff: EffectSubject = { kind: "signoff_mail", document: "0" as Sha256 };
    const effects = [
      record(mail, "unknown", 9),
      record(mail, "intended", 5),
      record({ kind: "psa_project" }, "done", 3),
      record(signoff, "done", 1),
    ];
    expect(sendings(effects)).toEqual([at(1), at(5), at(9)]);
  });
});
