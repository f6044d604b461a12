import { describe, expect, it } from "vitest";
import type { World } from "../../../src/sandbox/world/world.ts";
import { cast, DAY, HOUR, START, world } from "./world-builder.ts";

describe("the company's sign-ins", () => {
  const between = (here: World, from: number, to: number) =>
    here.signIns.filter(({ at }) => Date.parse(at) >= from && Date.parse(at) < to);

  it("have a history of three days, are in order, and have ids of their own", () => {
    const here = world();
    here.moveTo(START + 3 * DAY);
    const times = here.signIns.map(({ at }) => at);
    expect(times[0]?.slice(0, 10)).toBe("2026-10-02");
    expect(times).toEqual(times.toSorted());
    expect(new Set(here.signIns.map(({ id }) => id)).size).toBe(here.signIns.length);
  });

  it("come from nearly everybody on a working day and from machines alone on a Sunday", () => {
    const here = world();
    here.moveTo(START + 8 * DAY);
    const tuesday = between(here, START + 0.6 * DAY, START + 1.6 * DAY);
    expect(new Set(tuesday.map(({ accountId }) => accountId)).size).toBeGreaterThan(200);
    const sunday = between(here, Date.parse("2026-10-11T05:00:00Z"), Date.parse("2026-10-12T05:00:00Z"));
    expect(new Set(sunday.map(({ accountId }) => accountId)).size).toBe(2);
  });

  it("come from nobody who is on leave, on vacation, disabled or gone", () => {
    const here = world();
    const { exceptions, people } = cast(here);
    here.moveTo(START + 20 * DAY);
    const away = new Set([...(exceptions.onLeave ?? []), ...(people.disabledAccounts ?? [])].map(({ id }) => id));
    expect(here.signIns.filter(({ accountId }) => away.has(accountId))).toEqual([]);
    const leaver = people.leavers?.[0]?.id;
    const last = here.signIns.findLast(({ accountId }) => accountId === leaver)?.at ?? "";
    expect(last >= "2026-10-13" && last < "2026-10-15").toBe(true);
    const onVacation = people.onVacation?.[0];
    const [vacation] = here.timeOff.filter(({ employeeId }) => employeeId === onVacation?.employeeId);
    const during = here.signIns.filter(
      ({ accountId, at }) =>
        accountId === onVacation?.id &&
        at.slice(0, 10) >= (vacation?.start ?? "") &&
        at.slice(0, 10) <= (vacation?.end ?? ""),
    );
    expect(during).toEqual([]);
  });

  it("show one legacy OAuth client, not interactive, until it is retired", () => {
    const here = world();
    const user = cast(here).people.legacyClientUser?.[0]?.id ?? "";
    here.moveTo(START + DAY);
    const legacy = () => here.signIns.filter(({ authenticationProtocol }) => authenticationProtocol === "ropc");
    expect(new Set(legacy().map(({ accountId }) => accountId))).toEqual(new Set([user]));
    expect(
      legacy().every(({ interactive, appDisplayName }) => !interactive && appDisplayName === "Legacy Asset Importer"),
    ).toBe(true);
    expect(
      between(here, START, START + DAY).filter(({ authenticationProtocol }) => authenticationProtocol === "ropc")
        .length,
    ).toBeGreaterThan(2);
    here.retireLegacyClient(user);
    const before = legacy().length;
    here.moveTo(START + 4 * DAY);
    expect(legacy()).toHaveLength(before);
    expect(here.signIns.at(-1)).toBeDefined();
    expect(() => here.retireLegacyClient("somebody else")).toThrow(RangeError);
  });

  it("show the scanner's SMTP AUTH on working days", () => {
    const here = world();
    const scanner = cast(here).people.scanner?.[0]?.id;
    here.moveTo(START + DAY);
    const scans = here.signIns.filter(({ clientAppUsed }) => clientAppUsed === "Authenticated SMTP");
    expect(scans.length).toBeGreaterThanOrEqual(3);
    expect(new Set(scans.map(({ accountId }) => accountId))).toEqual(new Set([scanner]));
  });

  it("are judged at their own time by the tenant's judge", () => {
    const here = world();
    const clocks = new Set<boolean>();
    here.judge = ({ at }) => {
      clocks.add(here.now() === Date.parse(at));
      return { errorCode: 53003, conditionalAccessStatus: "failure", appliedPolicies: [] };
    };
    here.moveTo(START + DAY);
    expect(here.signIns.at(-1)).toMatchObject({ errorCode: 53003, conditionalAccessStatus: "failure" });
    expect(here.signIns[0]).toMatchObject({ errorCode: 0, conditionalAccessStatus: "notApplied" });
    expect(clocks).toEqual(new Set([true]));
  });

  it("are the same however time moves", () => {
    const [leap, walk] = [world(), world()];
    leap.moveTo(START + 3 * DAY);
    for (let hour = 1; hour <= 72; hour += 1) walk.moveTo(START + hour * HOUR);
    expect(walk.signIns).toEqual(leap.signIns);
  });
});
