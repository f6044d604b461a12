import { z } from "zod";
import type { EntraObjectId, UserId } from "../../domain/model/ids.ts";
import type { PassCode } from "../../domain/model/pass-code.ts";
import { type Instant, instant } from "../../domain/model/time.ts";
import { StateError } from "../../errors.ts";
import type { AccessPassPort } from "../../ports/access-passes.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Effect } from "../../ports/rollout-store.ts";
import { GUARANTEES } from "./guarantees.ts";

const Noted = z.object({ starts: z.array(z.string()).default([]) });

/** A pass begins so long after it is asked for: late enough to be told in time, and to no second of any other pass. */
const BEGINS_AFTER_MS = 20_000;

/** A pass that was told: whom it opens for, and until when. */
export interface ToldPass {
  readonly code: PassCode;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
}

/**
 * One pass, put into the hands of the person who carries it out. The second at which it begins is recorded before it is
 * made, so that a pass whose answer was lost is known again: nobody holds its passcode, so it is deleted and another is made.
 * The passcode goes to `tell` and nowhere else. Outcome: `passId` and the time.
 */
export function accessPassEffect(pass: {
  readonly rollout: string;
  readonly passes: AccessPassPort;
  readonly clock: Clock;
  readonly userId: UserId;
  readonly objectId: EntraObjectId;
  readonly minutes: number;
  readonly round: number;
  /** Ids of passes that an earlier round made, which this one replaces. */
  readonly replaces: readonly string[];
  tell(told: ToldPass): Promise<void>;
}): Effect {
  const { rollout, passes, clock, userId, objectId, minutes, round, replaces, tell } = pass;
  return {
    key: `${rollout}/access-pass/${userId}/${round}`,
    subject: { kind: "access_pass", userId },
    lagMs: GUARANTEES.access_pass.lagMs,
    async find({ noted, signal }) {
      const { starts } = Noted.parse(noted);
      if (starts.length === 0) return { state: "absent", certain: true };
      const isThere = (await passes.listPasses(objectId, { signal })).some(({ startsAt }) => starts.includes(startsAt));
      return isThere ? { state: "absent", certain: true } : { state: "absent" };
    },
    async perform({ noted, note, signal }) {
      const { starts } = Noted.parse(noted);
      for (const { id, startsAt, over } of await passes.listPasses(objectId, { signal })) {
        if (starts.includes(startsAt) || replaces.includes(id) || over)
          await passes.deletePass(objectId, id, { signal });
        else throw someoneElses();
      }
      const startsAt = wholeSecond(Date.parse(await clock.now()) + BEGINS_AFTER_MS);
      await note({ starts: [...starts, startsAt] });
      const { id, code } = await passes.issuePass({ objectId, startsAt, minutes }, { signal });
      const endsAt = instant(Date.parse(startsAt) + minutes * 60_000);
      await tell({ code, startsAt, endsAt });
      return { passId: id, startsAt, endsAt };
    },
  };
}

const wholeSecond = (ms: number): Instant => instant(Math.ceil(ms / 1000) * 1000);

const someoneElses = (): StateError =>
  new StateError("The account has a Temporary Access Pass already, which was not made by this plan.", {
    nextStep: "Ask who gave it. Delete it in Entra under the user's authentication methods, or wait until it is over.",
  });
