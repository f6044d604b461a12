import { type ExceptionRule, wordsOf } from "./rule.ts";

const NAMES = /break_?glass|emergency_?(access|account|admin)/;

/**
 * Emergency access accounts are those that the customer's configuration lists, and no others: whoever could name an
 * account so would otherwise exempt it from MFA. A telling name only asks a person.
 */
export const emergencyAccess: ExceptionRule = ({ account, employee }, { customer }) => {
  if (account === null) return null;
  if (customer.emergencyAccess.includes(account.upn)) {
    return {
      kind: "emergency_access",
      confidence: "certain",
      evidence: ["The customer's configuration lists it as an emergency access account."],
      expires: null,
    };
  }
  const named = [account.upn, account.displayName].some((name) => NAMES.test(wordsOf(name).join("_")));
  if (!named || employee !== null) return null;
  return {
    kind: "emergency_access",
    confidence: "suggested",
    evidence: ["Its name sounds like emergency access, but the customer's configuration does not list it."],
    expires: null,
  };
};
