import type { User } from "../model/people.ts";
import { type ExceptionRule, wordsOf } from "./rule.ts";

/** First word of a sign-in name that people give to programs and devices. */
const PREFIXES = new Set(
  "svc srv service app api automation backup bot connector copier daemon fax integration job mfp monitor monitoring noreply printer relay scan scanner scheduler smtp sql sync task".split(
    " ",
  ),
);
/** Words that say so anywhere in a display name. */
const WORDS = new Set(["service", "svc", "scanner", "printer", "copier", "noreply", "daemon"]);

/**
 * Accounts that programs and devices sign in with. A person without an HR record, such as a contractor, looks alike, so
 * a name alone or its absence decides nothing: certain is only an account with a telling name and at least one
 * independent sign that nobody is behind it. Two such signs without the name ask a person.
 */
export const serviceAccount: ExceptionRule = (user) => {
  const { account, employee, mailbox } = user;
  if (account === null || employee !== null || mailbox === "shared") return null;
  const name = nameSigns(account.upn, account.displayName);
  const others = otherSigns(user, account.licensed);
  const certain = name.length > 0 && others.length > 0;
  const suggested = name.length > 0 || (others.length > 1 && account.givenName === null);
  if (!certain && !suggested) return null;
  return {
    kind: "service_account",
    confidence: certain ? "certain" : "suggested",
    evidence: ["HR: no employee belongs to it.", ...name, ...others],
    expires: null,
  };
};

function nameSigns(upn: string, displayName: string): string[] {
  const [first = ""] = wordsOf(upn);
  return PREFIXES.has(first) || wordsOf(displayName).some((word) => WORDS.has(word))
    ? ["Its name is one that people give to programs and devices."]
    : [];
}

function otherSigns({ manager, mailbox }: User, licensed: boolean): string[] {
  return [
    ...(manager === null ? ["Entra: it has no manager."] : []),
    ...(licensed ? [] : ["Entra: it has no licence."]),
    ...(mailbox === "none" ? ["Exchange: it has no mailbox."] : []),
  ];
}
