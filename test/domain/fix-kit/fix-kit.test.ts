import { describe, expect, it } from "vitest";
import type { Cause } from "../../../src/domain/fix-kit/cause.ts";
import { dueDay, dueFrom, fixCauses, ownerOf } from "../../../src/domain/fix-kit/fix-kit.ts";
import { GUIDES } from "../../../src/domain/fix-kit/guides.ts";
import { CLOSING_PHASE, smtpAddress } from "../../../src/domain/model/ids.ts";
import { calendarDate, instant } from "../../../src/domain/model/time.ts";
import { findingRecord, foresightOf, observed, pitfallOf, viewOf } from "../../support/fix-facts.ts";
import { CUSTOMER, IT, objectId, roster, SALES, user } from "../../support/rollout-facts.ts";

const causeOf = (causes: readonly Cause[], id: string) => causes.find((cause) => cause.id === id);
const faults = (causes: readonly Cause[]) => causes.flatMap((cause) => (cause.standing === "open" ? cause.fault : []));

describe("what the sign-in log shows to mend", () => {
  it("is one thing for each scanner and each script, with the steps that end it", () => {
    const found = faults(
      fixCauses(
        viewOf({
          findings: [
            findingRecord("fnd_1", { clientApp: "Authenticated SMTP" }),
            findingRecord("fnd_2", { clientApp: "Authenticated SMTP", objectId: objectId(2) }),
            findingRecord("fnd_3", { cause: "ropc", clientApp: "Mobile Apps and Desktop clients" }),
          ],
        }),
      ),
    );
    expect(found.map(({ guide }) => guide)).toEqual([GUIDES.scanner, GUIDES.scanner, GUIDES.script]);
    expect(found.every(({ mender, accounts }) => mender === "technician" && accounts.length === 1)).toBe(true);
  });

  it("is one thing for an old mail program, however many people use it", () => {
    const imap = { clientApp: "IMAP4", appName: "Office 365 Exchange Online" };
    const found = faults(
      fixCauses(
        viewOf({
          findings: [1, 2, 3].map((n) => findingRecord(`fnd_${n}`, { ...imap, objectId: objectId(n), count: n })),
        }),
      ),
    );
    expect(found).toMatchObject([
      {
        guide: GUIDES.old_client,
        found: expect.stringMatching(/stop: 6, accounts: 3/),
        phases: [SALES, CLOSING_PHASE],
      },
    ]);
  });

  it("leaves out what an exception in force covers", () => {
    const excepted = roster({ excepted: [1] });
    const causes = fixCauses(viewOf({ findings: [findingRecord("fnd_1")], roster: excepted }));
    expect(causeOf(causes, "fnd_1")).toMatchObject({ standing: "gone", why: expect.stringMatching(/exception/) });
  });

  it.each([
    ["accepted", "gone"],
    ["carved_out", "gone"],
    ["remediated", "waiting"],
  ] as const)("recorded as %s is %s until a look proves more", (status, standing) => {
    const resolvedAt = instant("2026-10-13T15:00:00Z");
    const causes = fixCauses(viewOf({ findings: [findingRecord("fnd_1", { status, resolvedAt })] }));
    expect(causeOf(causes, "fnd_1")?.standing).toBe(standing);
  });

  it("recorded as remediated is gone once a day of sign-ins after it was read whole, and not before", () => {
    const finding = findingRecord("fnd_1", { status: "remediated", resolvedAt: instant("2026-10-13T15:00:00Z") });
    const readUntil = (to: string, complete = true) =>
      causeOf(
        fixCauses(viewOf({ findings: [finding], observations: [observed("2026-10-12T00:00:00Z", to, complete)] })),
        "fnd_1",
      )?.standing;
    expect(readUntil("2026-10-14T14:59:00Z")).toBe("waiting");
    expect(readUntil("2026-10-14T15:00:00Z", false)).toBe("waiting");
    expect(readUntil("2026-10-14T15:00:00Z")).toBe("gone");
  });

  it("that nobody recorded is gone after a week without it", () => {
    const quiet = (to: string) =>
      causeOf(
        fixCauses(viewOf({ findings: [findingRecord("fnd_1")], observations: [observed("2026-10-05T00:00:00Z", to)] })),
        "fnd_1",
      )?.standing;
    expect(quiet("2026-10-19T11:59:00Z")).toBe("open");
    expect(quiet("2026-10-19T12:00:00Z")).toBe("gone");
  });
});

describe("what the tenant shows to mend", () => {
  it("is one thing a check, whatever its evidence, and not what the sign-ins or the people show already", () => {
    const pitfalls = [
      pitfallOf("room_in_scope", { evidence: ["room-1"], mender: "technician" }),
      pitfallOf("licence_gap"),
      pitfallOf("mail_device"),
      pitfallOf("not_enrolled"),
    ];
    const causes = fixCauses(viewOf({ pitfalls }));
    expect(causes.flatMap(({ id, standing }) => (standing === "open" ? id : []))).toEqual([
      "tenant_room_in_scope",
      "tenant_licence_gap",
    ]);
    expect(faults(causes)[0]).toMatchObject({ guide: GUIDES.room, accounts: ["room-1"] });
    expect(faults(causes)[1]?.guide[0]).toBe("Mend licence_gap.");
  });

  it("is gone when accepted, waits when it could not be seen, and nothing is known before the first look", () => {
    const accepted = pitfallOf("licence_gap");
    const causes = fixCauses(
      viewOf({ pitfalls: [accepted, pitfallOf("no_phone", { seen: false })], acceptedPitfalls: [accepted.id] }),
    );
    expect(causeOf(causes, "tenant_licence_gap")?.standing).toBe("gone");
    expect(causeOf(causes, "tenant_no_phone")?.standing).toBe("waiting");
    expect(causeOf(causes, "tenant_lost_phone")).toMatchObject({
      standing: "gone",
      why: expect.stringMatching(/2026-10-13/),
    });
    expect(fixCauses(viewOf({}))).toEqual([]);
  });
});

describe("whom a look ahead names", () => {
  const lacking = [1, 2].map((n) => user(n, { capable: false }));
  const sales = roster({ byPhase: { [SALES]: [...lacking, user(3)] } });
  const foreseen = { foresights: [[SALES, foresightOf({ cannotAnswer: lacking.map(({ id }) => id) })]] as const };

  it("is one thing a phase: the people, from the list as it stands, with the way to a pass", () => {
    const [fault] = faults(fixCauses(viewOf({ ...foreseen, roster: sales })));
    expect(fault).toMatchObject({
      mender: "helpdesk",
      accounts: ["user1@larkfieldfoods.com", "user2@larkfieldfoods.com"],
      phases: [SALES],
      fullList: `foresight:${SALES}`,
    });
    expect(fault?.guide.join(" ")).toContain("issue_access_pass");
  });

  it("shrinks with everyone who enrols and is gone with the last", () => {
    const one = roster({ byPhase: { [SALES]: [user(1), user(2, { capable: false })] } });
    expect(faults(fixCauses(viewOf({ ...foreseen, roster: one })))[0]?.accounts).toHaveLength(1);
    const none = roster({ byPhase: { [SALES]: [user(1), user(2)] } });
    expect(causeOf(fixCauses(viewOf({ ...foreseen, roster: none })), `people_${SALES}`)?.standing).toBe("gone");
  });

  it("is everybody who lacks a method once the check found the phase due", () => {
    const due = pitfallOf("not_enrolled", { holds: [SALES] });
    const [fault] = faults(fixCauses(viewOf({ pitfalls: [due], roster: sales })));
    expect(fault?.accounts).toHaveLength(2);
  });

  it("leaves a chased holdout to the ticket that they have", () => {
    const chased = { roster: sales, holdoutTickets: [1] };
    expect(faults(fixCauses(viewOf({ ...foreseen, ...chased })))[0]?.accounts).toEqual(["user2@larkfieldfoods.com"]);
    const all = fixCauses(viewOf({ ...foreseen, roster: sales, holdoutTickets: [1, 2] }));
    expect(causeOf(all, `people_${SALES}`)).toMatchObject({ why: expect.stringMatching(/2, each with a ticket/) });
  });

  it("names what policies or devices would shut out beside the findings", () => {
    const breaks = ["fnd_1", "fnd_9"].map((finding) => ({
      finding,
      userId: lacking[0]?.id ?? user(1).id,
      lastSeen: instant("2026-10-12T12:00:00Z"),
    }));
    const view = viewOf({
      findings: [findingRecord("fnd_1")],
      foresights: [[SALES, foresightOf({ breaks })]],
      roster: sales,
    });
    expect(faults(fixCauses(view))[1]).toMatchObject({
      guide: GUIDES.shut_out,
      found: expect.stringMatching(/shut out: 1, of 1/),
      accounts: ["user1@larkfieldfoods.com"],
    });
  });
});

describe("who owns it", () => {
  const manager = { name: "Mo Iyer", address: smtpAddress("mo@larkfieldfoods.com") };
  it.each([
    ["customer_admin", null, { role: "customer", name: "Carla Fontana" }],
    ["helpdesk", null, { role: "helpdesk", name: "Ines Ortiz" }],
    ["technician", null, { role: "technician", address: null }],
    ["helpdesk", manager, { role: "manager", name: "Mo Iyer", address: manager.address }],
  ] as const)("for %s with manager %j is %j", (mender, of, owner) => {
    expect(ownerOf({ mender, manager: of }, CUSTOMER)).toMatchObject(owner);
  });

  it("is the manager only where one answers for all, reachable and not departed", () => {
    const under = (state: "ok" | "departed", address = manager.address) => ({
      manager: { userId: null, displayName: "Mo Iyer", address, state },
    });
    const owner = (second: ReturnType<typeof under>) => {
      const people = [user(1, { capable: false, ...under("ok") }), user(2, { capable: false, ...second })];
      const view = viewOf({
        roster: roster({ byPhase: { [SALES]: people } }),
        foresights: [[SALES, foresightOf({ cannotAnswer: people.map(({ id }) => id) })]],
      });
      return faults(fixCauses(view))[0]?.manager ?? null;
    };
    expect(owner(under("ok"))).toEqual(manager);
    expect(owner(under("departed"))).toBeNull();
    expect(owner(under("ok", smtpAddress("else@larkfieldfoods.com")))).toBeNull();
  });
});

describe("by when", () => {
  const dates = new Map([
    [IT, calendarDate("2026-10-19")],
    [SALES, calendarDate("2026-10-20")],
  ]);
  it("is the last working day before the first phase concerned is enforced", () => {
    const view = viewOf({ enforcementDates: dates });
    expect(dueDay([SALES, IT], view)).toBe("2026-10-15");
    expect(dueDay([SALES], view)).toBe("2026-10-19");
    expect(dueDay([CLOSING_PHASE], view)).toBe("2026-10-29");
  });

  it("passes over phases that are enforced already", () => {
    expect(dueDay([SALES, IT], viewOf({ enforcementDates: dates, enforced: [IT] }))).toBe("2026-10-19");
    expect(dueDay([IT], viewOf({ enforcementDates: dates, enforced: [IT] }))).toBe("2026-10-15");
  });

  it("is the next working day for what should be done already", () => {
    const view = viewOf({ today: "2026-10-16" });
    expect(dueFrom(calendarDate("2026-10-15"), view)).toBe("2026-10-19");
    expect(dueFrom(calendarDate("2026-10-20"), view)).toBe("2026-10-20");
  });
});
