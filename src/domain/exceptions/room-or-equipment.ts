import type { ExceptionRule } from "./rule.ts";

/** Meeting rooms and equipment: nobody is there to answer a prompt. */
export const roomOrEquipment: ExceptionRule = ({ mailbox, employee }) => {
  if (mailbox !== "room" && mailbox !== "equipment") return null;
  return {
    kind: "room_or_equipment",
    confidence: employee === null ? "certain" : "suggested",
    evidence: [`Exchange: mailboxSettings.userPurpose is ${mailbox}.`],
    expires: null,
  };
};
