import { z } from "zod";
import type { Exception } from "../domain/model/exception.ts";
import { type EntraObjectId, entraObjectId, type UserId } from "../domain/model/ids.ts";
import type { Phase } from "../domain/model/phase.ts";
import { daysBetween } from "../domain/model/time.ts";
import { groupNickname } from "../domain/policy/groups.ts";
import { LONGEST_GIVEN_BACK_DAYS } from "../domain/rollout/next/kept-out.ts";
import { InputError, StateError } from "../errors.ts";
import { groupMemberEffect } from "./effects/group-effects.ts";
import type { CarriedOut, OpenRollout } from "./tool-context.ts";

const Content = z.object({
  phase: z.string(),
  user: z.string(),
  account: z.string(),
  nickname: z.string(),
  expires: z.string(),
  round: z.number(),
});

/**
 * Rolls back one user instead of the phase: a short exception comes into force with a technician's signature, ahead of
 * the customer's sign-off of the new table, which every further enforcement still waits for.
 */
export async function giveBack(
  open: OpenRollout<"directory">,
  wanted: { readonly phase: Phase; readonly state: string; readonly userId: string },
): Promise<CarriedOut> {
  const { phase, state } = wanted;
  const userId = wanted.userId as UserId; // an id that has no exception is refused below
  if (state !== "roll_back") {
    throw new InputError("A single user can only be given access back.", {
      nextStep: "Use user_id with state roll_back, or leave it out.",
    });
  }
  if (open.state.policies.get(phase.id)?.state !== "enforced") {
    throw new StateError("This phase is not enforced, so nobody of it is kept out.", {
      nextStep: "Call get_rollout and do what next says.",
    });
  }
  const exception = await shortException(open, userId);
  const nickname = groupNickname(open.id, "exceptions");
  const group = groupId(open, nickname);
  const directory = await open.vendor("directory");
  const earlier = [...open.state.effects.values()].filter(
    ({ subject, status }) => subject.kind === "group_member" && subject.userId === userId && status === "done",
  );
  return open.carryOut({
    tool: "apply_ca_policy",
    args: { phase: phase.id, state, user_id: userId },
    title: `Give one user of ${phase.department ?? "all users"} access back until ${exception.expires}`,
    lines: linesOf(exception, { nickname, isSigned: isSigned(open) }),
    content: {
      phase: phase.id,
      user: userId,
      account: exception.objectId,
      nickname,
      expires: exception.expires,
      // Given back a second time, after the first exception has ended, is another change.
      round: earlier.length,
    },
    schema: Content,
    standingTexts: null,
    effects: (plan) =>
      isInForce(open, userId)
        ? []
        : [
            groupMemberEffect({ rollout: open.id, nickname: plan.nickname, userId, round: plan.round }, directory, {
              group,
              account: entraObjectId(plan.account),
            }),
          ],
  });
}

/** @throws {InputError} the user has no exception, or one so long that the customer has to sign it first. */
async function shortException(open: OpenRollout<"directory">, userId: UserId): Promise<Exception> {
  const exception = (await open.register()).find((one) => one.userId === userId && one.expires >= open.today);
  if (exception === undefined) {
    throw new InputError("This user has no exception in force.", {
      nextStep: `Call classify_exceptions with an override for the user (add, reason, owner, expires within ${LONGEST_GIVEN_BACK_DAYS} days), then call again.`,
    });
  }
  if (!isSigned(open) && daysBetween(open.today, exception.expires) > LONGEST_GIVEN_BACK_DAYS) {
    throw new InputError(
      `An exception of more than ${LONGEST_GIVEN_BACK_DAYS} days needs the customer's sign-off first.`,
      {
        nextStep: "Shorten it with classify_exceptions, or have the table signed with request_signoff.",
      },
    );
  }
  return exception;
}

const isSigned = ({ state: { signoff, exceptions } }: OpenRollout<never>): boolean =>
  signoff !== null && signoff.table === exceptions?.table;

/** Whether nothing has kept the user out since access was given back. */
function isInForce({ state }: OpenRollout<never>, userId: UserId): boolean {
  const at = state.givenBack.get(userId);
  return at !== undefined && ![...state.blocks.values()].some((block) => block.userId === userId && block.lastAt > at);
}

function groupId({ state }: OpenRollout<never>, nickname: string): EntraObjectId {
  const group = state.groups.get(nickname);
  if (group !== undefined) return entraObjectId(group);
  throw new StateError("The group of exceptions has not been made yet.", {
    nextStep: "Call get_rollout and do what next says.",
  });
}

function linesOf(
  { displayName, upn, reason, owner, expires }: Exception,
  { nickname, isSigned: signed }: { readonly nickname: string; readonly isSigned: boolean },
): readonly string[] {
  return [
    `${displayName} <${upn}> signs in without MFA until ${expires}: ${reason} (${owner} answers for it)`,
    `One account more in group ${nickname}; nobody else's access changes`,
    signed
      ? "The customer has signed the table with this exception"
      : "The customer has not signed this exception yet; every further enforcement waits for that",
    "Undo: classify_exceptions with action remove for the user, or its last day; the group then follows the signed list",
  ];
}
