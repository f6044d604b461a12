import { blockStanding, isOpen } from "../domain/rollout/blockers/watch.ts";
import { HELP } from "../domain/rollout/next/kept-out.ts";
import type { BlockRecord } from "../domain/rollout/state.ts";
import type { OpenRollout } from "./tool-context.ts";
import { untrusted } from "./untrusted-text.ts";

const USERS_SHOWN = 10;
const DEPARTMENTS_SHOWN = 30;

/** Everybody whom enforcement kept out, those without a decision first, the newest first; and how many of each department. */
export async function shownKeptOut(open: OpenRollout<never>) {
  const [{ state }, roster, users] = [open, await open.roster(), await open.users()];
  const byId = new Map(users.map((user) => [user.id, user]));
  const departmentOf = ({ userId }: BlockRecord): string => byId.get(userId)?.department ?? "";
  const isUndecided = (block: BlockRecord): boolean => isOpen(block, { state, roster });
  const blocks = [...state.blocks.values()].sort(
    (a, b) => Number(isUndecided(b)) - Number(isUndecided(a)) || (a.lastAt > b.lastAt ? -1 : 1),
  );
  return {
    kept_out: blocks.slice(0, USERS_SHOWN).map((block) => {
      const user = byId.get(block.userId);
      return {
        finding_id: block.id,
        user_id: block.userId,
        name: untrusted(user?.displayName ?? "", 60),
        account: user?.account?.upn ?? "",
        department: untrusted(departmentOf(block), 40),
        phase: block.phase,
        app: untrusted(block.appName, 60),
        client: untrusted(block.clientApp, 60),
        refused: block.count,
        last_refused: block.lastAt,
        standing: blockStanding(block, { state, roster }),
        remedy: HELP[block.kind],
      };
    }),
    kept_out_by_department: [...Map.groupBy(blocks, departmentOf)]
      .slice(0, DEPARTMENTS_SHOWN)
      .map(([department, of]) => ({
        department: untrusted(department, 40),
        users: of.length,
        refused: of.reduce((sum, { count }) => sum + count, 0),
        open: of.filter(isUndecided).length,
      })),
  };
}
