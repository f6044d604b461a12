import { expect } from "vitest";
import type { Sha256 } from "../../../src/domain/model/ids.ts";
import type { Harness } from "../harness.ts";
import type { Model } from "./model.ts";

/** By this reason, which no rule gives, a row of the table is known for a person's decision. */
export const REASON = "Broken phone.";

/** The calendar day at the company. */
export const dayOf = (at: number): string =>
  new Intl.DateTimeFormat("en-CA", { timeZone: "America/Chicago" }).format(at);

/** Accounts whose granted exception holds today, by id; its last day included. */
export const grantedNow = ({ granted }: Model, { box }: Harness): ReadonlySet<string> => {
  const today = dayOf(box.world.now());
  return new Set([...granted].flatMap(([id, expires]) => (expires >= today ? [id] : [])));
};

/** The table that stands has no row whose last day is over, and none of a granted exception that has ended. */
export async function expectEndedExceptionsGone(model: Model, office: Harness): Promise<void> {
  const today = dayOf(office.box.world.now());
  const rows = await rowsOf(model, office);
  expect(
    rows.filter((row) => (/(\d{4}-\d\d-\d\d) \|$/.exec(row)?.[1] ?? "") < today),
    "exceptions that have ended",
  ).toEqual([]);
  const now = grantedNow(model, office);
  const ended = [...model.granted.keys()].filter((id) => !now.has(id));
  const upns = ended.flatMap((id) => office.box.world.accounts.get(id)?.userPrincipalName ?? []);
  expect(
    rows.filter((row) => row.includes(REASON) && upns.some((upn) => row.includes(`(${upn})`))),
    "granted exceptions that have ended",
  ).toEqual([]);
}

/** Those of them that a person decided. */
export const grantedRows = async (model: Model, office: Harness): Promise<readonly string[]> =>
  (await rowsOf(model, office)).filter((row) => row.includes(REASON));

/** The rows of the exceptions table that stands. */
async function rowsOf({ table }: Model, { office }: Harness): Promise<readonly string[]> {
  if (table === null) return [];
  const text = await office.parts.documents.text(table as Sha256); // as the server gave it
  return text.split("\n").filter((line) => /^\| \d/.test(line));
}
