import { z } from "zod";

/** Input fields that several tools share, so that a name means the same everywhere. */
export const rolloutField = z.string().min(1).max(80).describe("Rollout id from start_rollout");
export const phaseField = z.string().min(1).max(80).describe("Phase id from get_rollout; phase_closing is everyone");
export const limitField = z.number().int().min(1).max(50).default(20).describe("Rows to return, 1 to 50");
export const cursorField = z.string().max(200).optional().describe("next_cursor of the page before");

/** A page of rows: what to return, and the cursor of what follows. Cursors are offsets into a sorted list. */
export function pageOf<Row>(rows: readonly Row[], { limit, cursor }: { limit: number; cursor?: string | undefined }) {
  const start = cursor === undefined ? 0 : Number.parseInt(cursor, 10);
  const from = Number.isSafeInteger(start) && start > 0 ? start : 0;
  const end = from + limit;
  return { rows: rows.slice(from, end), next_cursor: end < rows.length ? String(end) : undefined };
}
