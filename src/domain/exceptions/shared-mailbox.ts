import type { ExceptionRule } from "./rule.ts";

/** A mailbox that several people open with their own accounts. One that belongs to a current employee asks a person. */
export const sharedMailbox: ExceptionRule = ({ mailbox, employee }) => {
  if (mailbox !== "shared") return null;
  const employed = employee !== null && employee.status !== "terminated";
  return {
    kind: "shared_mailbox",
    confidence: employed ? "suggested" : "certain",
    evidence: [
      "Exchange: mailboxSettings.userPurpose is shared.",
      ...(employed ? ["HR: a current employee has it."] : []),
    ],
    expires: null,
  };
};
