import type { PitfallFacts, SurveyedPolicy } from "./facts.ts";

const DEVICE_CONTROLS: ReadonlySet<string> = new Set(["compliantDevice", "domainJoinedDevice"]);

/** Policies that this rollout did not make. */
export const othersOf = ({ survey, ours }: PitfallFacts): readonly SurveyedPolicy[] =>
  survey.policies.filter(({ id }) => !ours.has(id));

export const isEnforced = ({ state }: SurveyedPolicy): boolean => state === "enforced";

/** Stops or prompts whoever it covers; a policy of session controls alone does neither. */
export const hasGrant = ({ controls }: SurveyedPolicy): boolean => controls.length > 0;

/** Only a device that the tenant manages gets through: another way is not offered. */
export const needsDevice = ({ controls, needsEvery }: SurveyedPolicy): boolean =>
  needsEvery
    ? controls.some((control) => DEVICE_CONTROLS.has(control))
    : controls.length > 0 && controls.every((control) => DEVICE_CONTROLS.has(control));

/** Asks for MFA, or blocks: what an account that nobody sits at cannot answer. */
export const asksForMfa = ({ controls }: SurveyedPolicy): boolean => controls.includes("mfa");

/** Covers whoever signs in to anything. */
export const coversEverything = ({ users, apps }: SurveyedPolicy): boolean => users.all && apps.all;
