import { addHours, type Instant } from "../model/time.ts";
import type { RolloutState } from "./state.ts";

/** Replicas of a directory have been seen to show the old members of a group for up to a minute; this is twice that. */
export const SETTLES_WITHIN_HOURS = 2 / 60;

/**
 * Until when a read of a group of ours may still show who was in it before our own last change; `null` once every read
 * has to show that change, so that whoever differs then was added or removed by somebody else.
 * @param mark - Fingerprint of the members that are compared with: an older change of other members excuses nothing.
 */
export function settlesAt(
  state: RolloutState,
  group: { nickname: string; mark: string },
  now: Instant,
): Instant | null {
  const changes = [...state.effects.values()].filter(
    ({ subject, status }) =>
      subject.kind === "group_members" &&
      subject.nickname === group.nickname &&
      subject.fingerprint === group.mark &&
      status === "done",
  );
  const until = changes
    .map(({ at }) => addHours(at, SETTLES_WITHIN_HOURS))
    .sort()
    .at(-1);
  return until === undefined || until <= now ? null : until;
}
