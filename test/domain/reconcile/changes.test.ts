import { expect, it } from "vitest";
import { changes } from "../../../src/domain/reconcile/changes.ts";
import { anAccount, anEmployee, at, join } from "./people.ts";

const list = (facts: object, account: object = {}) =>
  join({ employees: [anEmployee("1", { workEmail: at("ada"), ...facts })], accounts: [anAccount("ada", account)] })
    .users;

it("calls everybody who can sign in a joiner at first", () => {
  expect(changes([], list({}))).toEqual({ joiners: ["usr_oid-ada"], leavers: [], movers: [] });
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
