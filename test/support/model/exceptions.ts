import { expect } from "vitest";
import { z } from "zod";
import { call } from "./call.ts";
import { dayOf, grantedNow, grantedRows, REASON } from "./exceptions-table.ts";
import { signOff } from "./follow.ts";
import type { Model, Real } from "./model.ts";
import { anybody } from "./small-company.ts";

const DAY_MS = 86_400_000;
/** Ten in the morning at the company. */
const WORK_HOUR = "T15:00:00Z";

/** A person wants an account left out for some days. The server may refuse; then nothing was granted. */
export async function grant(
  model: Model,
  real: Real,
  { number, days }: { readonly number: number; readonly days: number },
): Promise<void> {
  const { world } = real.office.box;
  const somebody = anybody(world, number);
  const listed = await real.call("list_users", { rollout: model.rollout, limit: 50 });
  if (somebody === undefined || listed.isError) return;
  const rows = z.array(z.object({ user_id: z.string(), account: z.string() })).parse(listed.structured.users);
  const row = rows.find(({ account }) => account === somebody.account.userPrincipalName);
  if (row === undefined) return;
  const expires = dayOf(world.now() + days * DAY_MS);
  const decision = { action: "add", kind: "other", reason: REASON, owner: "Priya Raman", expires };
  const earlier = model.granted.get(somebody.account.id);
  model.granted.set(somebody.account.id, expires);
  const answer = await call(model, real, {
    tool: "classify_exceptions",
    args: { overrides: [{ user_id: row.user_id, ...decision }] },
  });
  if (answer.isError) {
    if (earlier === undefined) model.granted.delete(somebody.account.id);
    else model.granted.set(somebody.account.id, earlier);
    return;
  }
  expect(await grantedRows(model, real.office)).toContainEqual(
    expect.stringContaining(somebody.account.userPrincipalName),
  );
  model.tally.happened("exception granted");
}

/** The first granted exception that still holds comes to its end, and the people do what has to be done then. */
export async function expire(model: Model, real: Real): Promise<void> {
  const { office } = real;
  const now = grantedNow(model, office);
  const [first] = [...model.granted].filter(([id]) => now.has(id)).sort((a, b) => (a[1] < b[1] ? -1 : 1));
  if (first === undefined) return;
  const [id, expires] = first;
  const upn = office.box.world.accounts.get(id)?.userPrincipalName ?? "";
  const wasListed = (await grantedRows(model, office)).some((row) => row.includes(upn));
  office.moveTo(`${dayOf(Date.parse(expires + WORK_HOUR) + DAY_MS)}${WORK_HOUR}`);
  await call(model, real, { tool: "reconcile_users" });
  const { isError } = await call(model, real, { tool: "classify_exceptions" });
  await signOff(model, real);
  if (wasListed && !isError) model.tally.happened("exception expired");
}
