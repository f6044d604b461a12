import type { Call, Harness } from "../harness.ts";
import { type Department, shrink } from "./small-company.ts";
import type { Tally } from "./tally.ts";

/** What the model believes of one phase. */
export interface PhaseModel {
  policy: "none" | "report_only" | "enforced";
  /** False after a change whose answer was lost: the vendor is asked what became of it. */
  isCertain: boolean;
  /** When it last was enforced, as the tenant's history has it. */
  enforcedAt: string | null;
  /** Those whom the last reconciliation put into this phase, by account id: their addresses. */
  listed: ReadonlyMap<string, string>;
}

/** A rollout in small: enough to know which answers are wrong. */
export interface Model {
  readonly rollout: string;
  /** Accounts that no policy may ever touch. */
  readonly emergency: readonly string[];
  readonly phases: ReadonlyMap<string, PhaseModel>;
  /** Hash of the exceptions table that stands, and of the one that was signed. */
  table: string | null;
  signed: string | null;
  /** Last day of the exception that a person granted to an account, by its id. It stays when that day is over. */
  readonly granted: Map<string, string>;
  joiners: number;
  /** What has happened, in this run and in those before it. */
  readonly tally: Tally;
}

/** The real thing: a server that can be replaced by another on the same data directory, as after a crash. */
export interface Real {
  readonly office: Harness;
  call: Call;
}

export const PHASES = ["phase_it", "phase_sales", "phase_finance", "phase_closing"] as const;
export const phaseIdOf = (department: Department): string => `phase_${department.toLowerCase()}`;

/** Starts a rollout at the small company. */
export async function begin(office: Harness, tally: Tally): Promise<{ readonly model: Model; readonly real: Real }> {
  shrink(office.box.world);
  const answer = await office.call("start_rollout", { customer: "larkfield", deadline: "2026-12-30" });
  if (answer.isError) throw new Error(answer.text);
  const { exceptions } = (await office.dump()).world;
  const phases = PHASES.map((id): [string, PhaseModel] => [
    id,
    { policy: "none", isCertain: true, enforcedAt: null, listed: new Map() },
  ]);
  const model = {
    rollout: String(answer.structured.rollout),
    emergency: (exceptions.emergencyAccess ?? []).map(({ id }) => id),
    phases: new Map(phases),
    table: null,
    signed: null,
    granted: new Map<string, string>(),
    joiners: 0,
    tally,
  };
  return { model, real: { office, call: office.call } };
}
