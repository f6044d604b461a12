import { describe, expect, it } from "vitest";
import { needContracts } from "../support/need-contracts.ts";
import { checkRecord } from "../vendor-contracts/check.ts";
import { contractOf } from "../vendor-contracts/contracts.ts";
import type { Exchange } from "../vendor-contracts/exchange.ts";

const ID = "11111111-1111-4111-8111-111111111111";
const GRAPH = "https://graph.microsoft.com/v1.0";
const POWER_BI = `https://api.powerbi.com/v1.0/myorg/groups/${ID}/datasets`;
const PSA = "https://api-na.myconnectwise.net/v4_6_release/apis/3.0";
const BAMBOO = "https://larkfieldfoods.bamboohr.com/api";
const LOOKER = "https://larkfield.cloud.looker.com/api/4.0";

const get = (url: string, answer?: unknown): Exchange => ({
  method: "GET",
  url: new URL(url),
  body: undefined,
  status: 200,
  answer,
});
const send = (method: string, url: string, body: unknown, status = 200): Exchange => ({
  ...get(url),
  method,
  body,
  status,
});
const dataset = (url: string, column: object): Exchange =>
  send("POST", url, { name: "MFA", defaultMode: "Push", tables: [{ name: "Enrolment", columns: [column] }] }, 201);
const day = { name: "day", dataType: "Datetime" };

interface Case {
  readonly vendor: string;
  readonly what: string;
  readonly exchange: Exchange;
  /** What the contract says of it, among other things; nothing where it is right. */
  readonly says: RegExp | null;
}
const cases = (vendor: string, ...judged: readonly [what: string, exchange: Exchange, says: RegExp | null][]) =>
  judged.map(([what, exchange, says]): Case => ({ vendor, what, exchange, says }));

const CASES: readonly Case[] = [
  ...cases(
    "graph",
    ["a list of users", get(`${GRAPH}/users?$select=id,mail&$expand=manager($select=id)&$top=999`), null],
    ["a path that is not there", get(`${GRAPH}/people/everybody`), /no such path/],
    ["what only beta has", get(`https://graph.microsoft.com/beta/users/${ID}/authentication/requirements`), null],
    ["the same in v1.0", get(`${GRAPH}/users/${ID}/authentication/requirements`), /no such path/],
    ["the choice of an unknown property", get(`${GRAPH}/users?$select=id,shoeSize`), /\$select of shoeSize/],
    [
      "a filter by an unknown property",
      get(`${GRAPH}/auditLogs/signIns?$filter=shoeSize eq 43 and createdDateTime ge 2026-10-05T13:00:00Z`),
      /\$filter by shoeSize/,
    ],
    ["what cannot be expanded", get(`${GRAPH}/users?$expand=boss($select=id)`), /\$expand of boss/],
    ["an unknown option", get(`${GRAPH}/users?$pick=id`), /no query option \$pick/],
    [
      "an answer of a wrong type",
      get(`${GRAPH}/users`, { value: [{ id: ID, accountEnabled: "yes" }] }),
      /answer \/accountEnabled must be boolean/,
    ],
    ["a list that is none", get(`${GRAPH}/users`, { users: [] }), /a collection without its values/],
    [
      "a body with an unknown property",
      send("POST", `${GRAPH}/identity/conditionalAccess/policies`, { displayname: "MFA" }, 201),
      /body must NOT have additional properties: displayname/,
    ],
    [
      "a call that our permissions do not allow",
      send("PATCH", `${GRAPH}/users/${ID}`, { accountEnabled: false }, 204),
      /none of our permissions allows PATCH \/users\/\{id\}/,
    ],
    [
      "each part of a batch",
      send("POST", `${GRAPH}/$batch`, { requests: [{ id: "1", method: "GET", url: `/users/${ID}/shoes` }] }),
      /in a batch: .* no such path/,
    ],
  ),
  ...cases(
    "power-bi",
    ["a new dataset", dataset(POWER_BI, day), null],
    ["a column without its type", dataset(POWER_BI, { name: "day" }), /must have required property 'dataType'/],
    ["an unknown parameter", dataset(`${POWER_BI}?retention=None`, day), /no query parameter retention/],
    [
      "a parameter's unknown value",
      dataset(`${POWER_BI}?defaultRetentionPolicy=Forever`, day),
      /defaultRetentionPolicy must be equal to one of/,
    ],
    ["an answer of another form", get(POWER_BI, { value: "none" }), /answer 200 \/value must be array/],
  ),
  ...cases(
    "connectwise",
    ["a look at tickets", get(`${PSA}/service/tickets?conditions=id = 1&pageSize=2`), null],
    ["an unknown parameter", get(`${PSA}/service/tickets?where=id`), /no query parameter where/],
    [
      "a body with an unknown property",
      send("POST", `${PSA}/project/projects`, { name: "MFA", shoeSize: 43 }, 201),
      /additional properties: shoeSize/,
    ],
    [
      "a change of a wrong type",
      send("PATCH", `${PSA}/service/tickets/1`, [{ op: "replace", path: "summary", value: 7 }]),
      /change of summary \/summary must be string/,
    ],
    ["a method that no record takes", send("PUT", `${PSA}/service/tickets/1`, {}), /no PUT at/],
  ),
  ...cases(
    "bamboohr",
    ["a look at who is out", get(`${BAMBOO}/v1/time_off/whos_out?start=2026-10-05&end=2026-12-04`), null],
    ["an unknown parameter", get(`${BAMBOO}/v1/time_off/whos_out?from=2026-10-05`), /no query parameter from/],
    ["a day that is none", get(`${BAMBOO}/v1/time_off/whos_out?start=tomorrow`), /start must match format/],
    [
      "a body of a wrong type",
      send("POST", `${BAMBOO}/v2/datasets/employee/data`, { fields: "all" }),
      /\/fields must be array/,
    ],
  ),
  ...cases(
    "looker",
    ["a trigger", send("PATCH", `${LOOKER}/datagroups/1`, { triggered_at: 1_791_000_000 }), null],
    [
      "a trigger of a wrong type",
      send("PATCH", `${LOOKER}/datagroups/1`, { triggered_at: "now" }),
      /triggered_at must be/,
    ],
  ),
];

// Some contracts take seconds to read.
describe("the vendors' contracts", { timeout: 90_000 }, () => {
  it.for(CASES)("judge with $vendor $what", ({ vendor, exchange, says }, context) => {
    needContracts(context);
    const said = contractOf(vendor)?.deviations(exchange) ?? ["no such contract"];
    if (says === null) expect(said).toEqual([]);
    else expect(said).toContainEqual(expect.stringMatching(says));
  });

  it("are held against each exchange of a record, and each deviation is said once", (context) => {
    const line = {
      vendor: "graph",
      method: "GET",
      url: `${GRAPH}/people/everybody`,
      requestHeaders: {},
      requestBody: null,
      status: 404,
      responseBody: null,
      fault: null,
    };
    const lines = [line, line, { ...line, vendor: "gmail" }, { ...line, vendor: null }];
    needContracts(context);
    expect(checkRecord(lines)).toEqual({
      checked: { graph: 2 },
      unchecked: ["gmail"],
      deviations: ["graph: GET /v1.0/people/everybody: no such path (2)"],
    });
  });
});
