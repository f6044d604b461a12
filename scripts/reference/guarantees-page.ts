import { GUARANTEES } from "../../src/kit/effects/guarantees.ts";
import { code, markdownTable, page } from "./markdown-table.ts";

const INTRODUCTION = `Every change in a vendor's system is an effect with a key that is unique for ever. Its intent is on
disk before the request leaves, its outcome before anything builds on it. Where an attempt has no known end (the process
died, the answer was lost, cut, late or a bare 202), the vendor is asked for the marker that we planted: what is found is
not made again, what is not found within the time below is made. A refusal is looked into in the same way, since “it
exists already” may be our own request come twice.`;

const UNKNOWN = `What nobody can tell ends as *unknown*. It is never repeated by itself. \`get_rollout\` lists it under
\`unclear_changes\` with what to look at and the command to run, \`mfa-rollout settle\`: \`--happened\` ends it as done,
\`--not-happened\` lets it be made as if for the first time. An attempt that changed nothing for certain (refused, throttled, never sent) is
written down as that and never becomes unknown. A plan whose changes are made in order stops there, because
what follows may build on it; changes that do not build on each other go on.`;

const LIMITS = `- A vendor that shows a new thing, or carries a request out, later than the time of its row, after a lost answer:
  then it is made twice. The times are longer than what the vendors are known to need; none of them promises any.
- A box between us and the vendor that delivers one request of ours twice. What that leaves is in the table.
- Somebody who removes the marker, deletes the draft that waits to be sent (it then counts as sent), or edits the
  vendor's record that we look for.
- A mail is sent when Gmail has accepted it, or when its draft has left in Exchange. What is lost behind that, or bounces,
  shows at most in the sender's mailbox.`;

/** `docs/reference/guarantees.md`. */
export function guaranteesPage(): string {
  const effects = Object.entries(GUARANTEES);
  return page(
    "What is guaranteed of each change",
    INTRODUCTION,
    markdownTable(
      ["effect", "change", "marker", "found again by", "looked for at least"],
      effects.map(([kind, { change, marker, foundBy, lagMs }]) => [
        code(kind),
        change,
        marker,
        foundBy,
        lagMs === 0 ? "" : `${lagMs / 1_000} s`,
      ]),
    ),
    "## What can stay unknown",
    UNKNOWN,
    markdownTable(
      ["effect", "when, why, and what a person checks"],
      effects.flatMap(([kind, { unknown }]) => (unknown === null ? [] : [[code(kind), unknown]])),
    ),
    "## What no client can prevent",
    LIMITS,
    markdownTable(
      ["effect", "after one request was delivered twice"],
      effects.map(([kind, { deliveredTwice }]) => [code(kind), deliveredTwice]),
    ),
  );
}
