import { z } from "zod";
import { call } from "./call.ts";
import type { Model, Real } from "./model.ts";
import { enrolAll } from "./small-company.ts";

const Where = z.object({
  next: z.object({
    do: z.enum(["call", "wait", "finished"]),
    tool: z.string().default(""),
    args: z.record(z.string(), z.string()).default({}),
    wait_for: z.string().default(""),
    until: z.string().optional(),
    finding_ids: z.array(z.string()).default([]),
    why: z.string(),
  }),
  phases: z.array(z.object({ phase: z.string(), policy: z.string() })),
  open_findings: z.array(z.object({ finding_id: z.string() })),
});

/** Where the rollout stands, as the server says. */
export const look = async (model: Model, real: Real): Promise<z.output<typeof Where>> =>
  Where.parse((await call(model, real, { tool: "get_rollout" })).structured);

/** Does what `next` says, with people who do their part; `true` when the rollout is finished. */
export async function followOnce(model: Model, real: Real): Promise<boolean> {
  const { office } = real;
  const { next } = await look(model, real);
  if (next.do === "finished") return true;
  if (next.do === "call") {
    const { rollout: _, ...args } = next.args;
    await call(model, real, { tool: next.tool, args });
  } else if (next.wait_for === "time" && next.until !== undefined) office.moveTo(next.until);
  else if (next.wait_for === "approval") await office.approvePending();
  else if (next.wait_for === "signoff") await signOff(model, real);
  else if (next.wait_for === "finding") await resolveAll(model, real);
  else await help(model, real);
  return false;
}

/** The customer consents to the table that stands. */
export async function signOff(model: Model, { office }: Real): Promise<void> {
  if (model.table === null) return;
  await office.signOff(model.rollout);
  model.signed = model.table;
}

/** Legacy clients are replaced and their findings closed. */
export async function resolveAll(model: Model, real: Real): Promise<void> {
  const { world } = real.office.box;
  const { legacyClientUser } = z
    .object({ legacyClientUser: z.array(z.object({ id: z.string() })) })
    .parse(world.dump());
  for (const { id } of legacyClientUser) world.retireLegacyClient(id);
  for (const { finding_id } of (await look(model, real)).open_findings) {
    const how = { resolution: "remediated", by: "Priya Raman", why: "The old client was replaced." };
    await call(model, real, { tool: "resolve_finding", args: { finding: finding_id, ...how } });
  }
}

const Pitfalls = z.array(z.object({ finding_id: z.string(), may_be_accepted: z.boolean() }));

/** What people do who are waited for: all enrol, refused plans are signed after all, what may be accepted is. */
async function help(model: Model, real: Real): Promise<void> {
  const { office } = real;
  enrolAll(office.box.world);
  for (const tool of APPROVED_AGAIN) await office.approveAgain(tool);
  const { isError, structured } = await call(model, real, { tool: "check_tenant" });
  for (const { finding_id, may_be_accepted } of isError ? [] : Pitfalls.parse(structured.pitfalls)) {
    const how = { resolution: "accepted", by: "Priya Raman", why: "It locks nobody out." };
    if (!may_be_accepted) continue;
    await real.call("resolve_finding", { rollout: model.rollout, finding: finding_id, ...how });
    await office.approvePending();
    await real.call("resolve_finding", { rollout: model.rollout, finding: finding_id, ...how });
  }
  office.advance(24);
}

const APPROVED_AGAIN = [
  "request_signoff",
  "sync_psa_project",
  "open_helpdesk_channel",
  "apply_ca_policy",
  "send_phase_email",
  "answer_mfa_tickets",
  "update_dashboard",
  "chase_non_enrollees",
];
