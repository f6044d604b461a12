import { z } from "zod";
import { calendarDate } from "../../domain/model/time.ts";
import type { TimeOff } from "../../domain/reconcile/leave.ts";
import type { VendorHttp } from "../http/vendor-http.ts";
import { nameOf, readRows, requireColumns, type WorkdaySource } from "./rows.ts";
import { Day } from "./worker-report.ts";

const FACTS = ["worker_id", "from", "until"] as const;
export type AbsenceFact = (typeof FACTS)[number];

const Absence = z.object({ worker_id: z.string().min(1), from: Day, until: Day });

/** Approved absences by worker. Nobody need be away, so there may be none. */
export async function readAbsences(
  http: VendorHttp,
  call: { readonly tenant: string; readonly source: WorkdaySource<AbsenceFact>; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, readonly TimeOff[]>> {
  const rows = await readRows(http, { ...call, facts: FACTS });
  requireColumns(rows, call.source, FACTS);
  const absences = rows.map((row) => {
    const parsed = Absence.safeParse(row);
    if (!parsed.success) {
      const fact = parsed.error.issues[0]?.path.map(String).join(".") ?? "";
      throw http.errors.contract(`an absence without a usable ${fact}`, { fact, source: nameOf(call.source) });
    }
    return parsed.data;
  });
  const byWorker = Map.groupBy(absences, ({ worker_id }) => worker_id);
  const timeOff = ({ from, until }: (typeof absences)[number]): TimeOff => ({
    from: calendarDate(from),
    until: calendarDate(until),
  });
  return new Map([...byWorker].map(([id, own]) => [id, own.map(timeOff)]));
}
