import type { EntraObjectId } from "../model/ids.ts";
import type { CaPolicy } from "../model/policy.ts";
import type { PolicyDraft } from "./draft.ts";

/**
 * Fills in the groups' ids. All or nothing: a policy that silently lost an excluded group locks people out.
 * @param ids - Group id by `mailNickname`.
 */
export function resolveDraft(
  draft: PolicyDraft,
  ids: ReadonlyMap<string, EntraObjectId>,
): CaPolicy | { readonly missing: readonly string[] } {
  const missing = [...draft.includeGroups, ...draft.excludeGroups].filter((nickname) => !ids.has(nickname));
  if (missing.length > 0) return { missing };
  const idsOf = (nicknames: readonly string[]): readonly EntraObjectId[] =>
    nicknames.flatMap((nickname) => ids.get(nickname) ?? []).sort();
  return { ...draft, includeGroups: idsOf(draft.includeGroups), excludeGroups: idsOf(draft.excludeGroups) };
}
