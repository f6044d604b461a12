import type { ExceptionKind, ExceptionVerdict } from "../model/exception.ts";
import type { UserId } from "../model/ids.ts";
import { type CalendarDate, daysBetween } from "../model/time.ts";

/** A person's decision against or beyond the rules. */
export interface ExceptionOverride {
  readonly userId: UserId;
  /** `remove` takes back what a rule says; `add` carves out, or replaces what a rule says of owner, reason and expiry. */
  readonly action: "add" | "remove";
  /** For `add`; without it the rule's kind, else `other`. */
  readonly kind?: ExceptionKind;
  readonly reason: string;
  readonly owner: string;
  readonly expires: CalendarDate;
}

/** Why an override cannot be taken; `index` is its place in the list. The sentence holds no data of the user. */
export interface OverrideProblem {
  readonly index: number;
  readonly userId: UserId;
  readonly problem: string;
}

const LONGEST_DAYS = 366;

/**
 * What is wrong with these overrides; empty = nothing.
 * @param seen - The verdict of the rules on every user who could have an exception.
 */
export function overrideProblems(
  overrides: readonly ExceptionOverride[],
  seen: ReadonlyMap<UserId, ExceptionVerdict | null>,
  today: CalendarDate,
): OverrideProblem[] {
  const times = new Map<UserId, number>();
  for (const { userId } of overrides) times.set(userId, (times.get(userId) ?? 0) + 1);

  return overrides.flatMap((override, index) => {
    const { userId, action, reason, owner, expires } = override;
    const days = daysBetween(today, expires);
    const verdict = seen.get(userId);
    const listed = verdict?.kind === "emergency_access" && verdict.confidence === "certain";
    const problems = [
      verdict === undefined && "no enabled member account in the list has this id",
      times.get(userId) !== 1 && "more than one override names this user",
      reason.trim() === "" && "a reason is needed",
      owner.trim() === "" && "an owner is needed",
      days < 0 && "the expiry must not have passed",
      days > LONGEST_DAYS && "the expiry must be within a year",
      action === "remove" && listed && "emergency access accounts are set in the customer's configuration only",
      action === "add" &&
        override.kind === "emergency_access" &&
        !listed &&
        "an emergency access account must be listed in the customer's configuration",
    ];
    return problems.flatMap((problem) => (problem === false ? [] : [{ index, userId, problem }]));
  });
}
