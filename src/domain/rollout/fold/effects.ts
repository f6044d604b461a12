import { isMail } from "../../mail/quota.ts";
import type { EffectRecord } from "../../model/effect.ts";
import { isBridge, type PhaseId, type Sha256, type UserId } from "../../model/ids.ts";
import type { PolicyState } from "../../model/phase.ts";
import type { Json } from "../../model/plan.ts";
import type { Instant } from "../../model/time.ts";
import { hasKnownEnd } from "../begun.ts";
import { openMoves } from "../open-moves.ts";
import type { SentMail } from "../state.ts";
import type { EntryOf, FoldedState } from "./folded-state.ts";
import { supersedeMoves } from "./plans.ts";

type Changes = Partial<FoldedState>;

type EffectEntry = EntryOf<
  "effect_intended" | "effect_noted" | "effect_done" | "effect_unknown" | "effect_failed" | "effect_settled"
>;

/** What an entry about a change in a vendor's system says of it. */
export function effectChanged(state: FoldedState, entry: EffectEntry): Changes {
  switch (entry.type) {
    case "effect_intended":
      return effectIntended(state, entry);
    case "effect_noted":
      return effectNoted(state, entry);
    case "effect_done":
      return effectDone(state, entry);
    case "effect_unknown":
      return effectUnknown(state, entry);
    case "effect_failed":
      return effectFailed(state, entry);
    case "effect_settled":
      return effectSettled(state, entry);
  }
}

/**
 * A mail went out before whatever the ledger says behind it. Where that is dated earlier, the clock had run ahead, and
 * the mail would count against the sender's quota until its date comes.
 */
export function mailsWentOutBy(state: FoldedState, at: Instant): void {
  for (const [key, effect] of state.effects) {
    if (effect.at > at && isMail(effect.subject)) state.effects.set(key, { ...effect, at });
  }
}

/**
 * A second attempt keeps what the first one noted; what is done stays done. Another plan's attempt goes on with what was
 * noted, and so does what the first one said it was (a draft that may have left tells its own date), unless the first is
 * known to have changed nothing: then nothing of it is used again.
 */
function effectIntended(state: FoldedState, { data, at }: EntryOf<"effect_intended">): Changes {
  const earlier = state.effects.get(data.key);
  if (earlier?.status === "done") return {};
  const isOthers = earlier !== undefined && earlier.plan !== data.plan;
  const noted = earlier === undefined || (isOthers && hasKnownEnd(earlier)) ? {} : earlier.noted;
  const subject = isOthers && Object.keys(noted).length > 0 ? earlier.subject : data.subject;
  state.effects.set(data.key, { ...data, subject, status: "intended", noted, outcome: {}, at, check: null });
  return {};
}

/** Notes add up over attempts; one that comes after the end changes nothing. */
function effectNoted(state: FoldedState, { data }: EntryOf<"effect_noted">): Changes {
  const effect = unfinished(state, data.key);
  if (effect !== null) state.effects.set(data.key, { ...effect, noted: { ...effect.noted, ...data.note } });
  return {};
}

/** It stays intended, and the next attempt's intent takes the certainty back. */
function effectFailed(state: FoldedState, { data }: EntryOf<"effect_failed">): Changes {
  const effect = unfinished(state, data.key);
  if (effect?.status === "intended") state.effects.set(data.key, { ...effect, nothingChanged: true });
  return {};
}

/** The attempt's end cannot be told from here; `check` says what a person has to look at. */
function effectUnknown(state: FoldedState, { data, at }: EntryOf<"effect_unknown">): Changes {
  const effect = unfinished(state, data.key);
  if (effect !== null) state.effects.set(data.key, { ...effect, status: "unknown", check: data.check, at });
  return {};
}

/** The first outcome counts, and with it what the effect made in the vendor's system. */
function effectDone(state: FoldedState, { data, at }: EntryOf<"effect_done">): Changes {
  const effect = unfinished(state, data.key);
  if (effect === null) return {};
  const done: EffectRecord = { ...effect, status: "done", outcome: data.outcome, at, check: null };
  state.effects.set(data.key, done);
  whatItMade(state, done);
  return done.subject.kind === "security_defaults" ? { securityDefaultsOff: at } : {};
}

/** Only what is unknown can be settled. What did not happen is forgotten, so that it is done as if for the first time. */
function effectSettled(state: FoldedState, { data, at }: EntryOf<"effect_settled">): Changes {
  const effect = state.effects.get(data.key);
  if (effect?.status !== "unknown") return {};
  if (!data.happened) {
    state.effects.delete(data.key);
    return {};
  }
  const done: EffectRecord = { ...effect, status: "done", outcome: { settled: true }, at, check: null };
  state.effects.set(data.key, done);
  whatItMade(state, done);
  return done.subject.kind === "security_defaults" ? { securityDefaultsOff: at } : {};
}

function unfinished(state: FoldedState, key: string): EffectRecord | null {
  const effect = state.effects.get(key);
  return effect === undefined || effect.status === "done" ? null : effect;
}

function whatItMade(state: FoldedState, { subject, outcome, at, plan }: EffectRecord): void {
  switch (subject.kind) {
    case "mail": {
      const sent = state.mails.get(subject.mail) ?? new Map<UserId, SentMail>();
      const { mail, userId, phase, managerCopied, date } = subject;
      state.mails.set(mail, sent.set(userId, { phase, at, managerCopied, ...(date !== undefined && { date }) }));
      return;
    }
    case "group":
      if (typeof outcome.groupId === "string") state.groups.set(subject.nickname, outcome.groupId);
      return;
    case "group_members":
      state.groupMembers.set(subject.nickname, subject.fingerprint);
      state.closedGates.clear();
      return;
    case "group_member":
      state.givenBack.set(subject.userId, at);
      return;
    case "policy":
      if (typeof outcome.policyId !== "string") return;
      recordsOf(state, subject.phase).set(subject.phase, {
        policyId: outcome.policyId,
        draft: subject.draft,
        state: policyState(outcome.state),
        since: at,
        reportOnlySince: at,
      });
      return;
    case "policy_state":
      movePolicy(state, { ...subject, at });
      overtakeMoves(state, subject.phase, plan);
      return;
    case "ticket_reply":
      state.answeredTickets.add(subject.ticketId);
      return;
    case "dashboard":
      state.snapshots.set(subject.afterPhase, { snapshotId: subject.snapshotId, at });
      return;
    default: // The others are known by their effect alone.
      return;
  }
}

const recordsOf = ({ bridges, policies }: FoldedState, phase: PhaseId) => (isBridge(phase) ? bridges : policies);

const policyState = (told: Json | undefined): PolicyState =>
  told === "enforced" || told === "disabled" ? told : "report_only";

/** The report-only window is counted from its first beginning: a roll-back does not start it anew. */
function movePolicy(
  state: FoldedState,
  move: { readonly phase: PhaseId; readonly state: PolicyState; readonly at: Instant },
): void {
  const records = recordsOf(state, move.phase);
  const policy = records.get(move.phase);
  state.closedGates.clear();
  if (policy !== undefined) records.set(move.phase, { ...policy, state: move.state, since: move.at });
}

/** It is known now where the policy stands, so what was cut off before tells nothing any more and is not taken up again. */
function overtakeMoves(state: FoldedState, phase: PhaseId, by: Sha256 | null): void {
  for (const move of openMoves(state)) if (move.phase === phase) state.effects.delete(move.key);
  supersedeMoves(state, phase, by);
}
