import { describe, expect, it } from "vitest";
import { changes } from "../../../src/domain/reconcile/changes.ts";
import { anAccount, anEmployee, at, join } from "./people.ts";

const list = (facts: object, account: object = {}) =>
  join({ employees: [anEmployee("1", { workEmail: at("ada"), ...facts })], accounts: [anAccount("ada", account)] })
    .users;

it("calls everybody who can sign in a joiner at first", () => {
  expect(changes([], list({}))).toEqual({ joiners: ["usr_oid-ada"], leavers: [], movers: [], renamed: [] });
});

it("calls an employee a joiner once the account is there and enabled", () => {
  const before = join({ employees: [anEmployee("1", { workEmail: at("ada") })] }).users;
  expect(changes(before, list({}, { enabled: false })).joiners).toEqual([]);
  expect(changes(before, list({})).joiners).toEqual(["usr_oid-ada"]);
});

it.each([
  ["departs", { status: "terminated" }, {}],
  ["has the account disabled", {}, { enabled: false }],
])("calls a user who %s a leaver", (_, facts, account) => {
  expect(changes(list({}), list(facts, account)).leavers).toEqual(["usr_oid-ada"]);
});

it("calls a change of department a move, and a change of its spelling none", () => {
  expect(changes(list({}), list({ department: "Finance" })).movers).toEqual(["usr_oid-ada"]);
  expect(changes(list({}), list({ department: " SALES " })).movers).toEqual([]);
});

describe("a department", () => {
  const staffed = (departments: readonly (string | null)[]) =>
    join({
      employees: departments.map((department, n) =>
        anEmployee(String(n), {
          department,
          workEmail: at(`user${n}`),
          status: department === null ? "terminated" : "active",
        }),
      ),
      accounts: departments.map((_, n) => anAccount(`user${n}`, { enabled: departments[n] !== null })),
    }).users;
  const renamed = (before: readonly (string | null)[], after: readonly (string | null)[]) => {
    const { movers, renamed: found } = changes(staffed(before), staffed(after));
    return { movers: movers.length, renamed: found.map(({ from, to }) => `${from} > ${to}`) };
  };

  it.each([
    ["has another name when all who stayed have it", ["Sales", "Sales", "Sales"], ["Revenue", "Revenue", null], 0, 1],
    [
      "keeps its name while somebody is still in it",
      ["Sales", "Sales", "Sales"],
      ["Revenue", "Revenue", "Sales"],
      2,
      0,
    ],
    ["has not another name that somebody had before", ["Sales", "Sales", "IT"], ["IT", "IT", "IT"], 2, 0],
    ["is not renamed when its people went to two", ["Sales", "Sales"], ["Revenue", "Law"], 2, 0],
    ["is not renamed by one person alone", ["Sales", "IT"], ["Revenue", "IT"], 1, 0],
    ["is not renamed when two became one", ["Sales", "Sales", "IT", "IT"], ["Ops", "Ops", "Ops", "Ops"], 4, 0],
  ])("%s", (_, before, after, movers, names) => {
    const found = renamed(before, after);
    expect([found.movers, found.renamed.length]).toEqual([movers, names]);
  });

  it("is told under both names", () => {
    expect(renamed(["Sales", "Sales", "IT"], ["Revenue", "revenue ", "Law"])).toEqual({
      movers: 1,
      renamed: ["Sales > Revenue"],
    });
  });
});
