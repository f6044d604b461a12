import type { Outcome } from "../model/foresight.ts";
import type { ForeseenUser } from "./foresee.ts";
import type { Standing } from "./standing.ts";

/** Why a user comes off as foreseen, and what helps, in sentences for the technician. */
export interface Advice {
  readonly reason: string;
  readonly remedy: string;
}

const BY_STANDING: Readonly<Partial<Record<Standing, Advice>>> = {
  no_method: {
    reason: "Would be asked for MFA and has no method to answer with.",
    remedy: "Have them register a method; where they cannot, call issue_access_pass for them before the date.",
  },
  unclear: {
    reason: "The policy asks for something that the sign-in log does not show.",
    remedy: "Look at the user's sign-in in Entra's What If before the date.",
  },
  device: {
    reason: "The device is not in the state that the policy demands.",
    remedy: "Enrol the device, or sign in from one that is enrolled.",
  },
  client: {
    reason: "The client or protocol cannot ask for MFA, or nobody is there to answer.",
    remedy: "Move it to modern authentication, an identity of its own, or a relay; see the finding of this account.",
  },
  blocked: { reason: "The policy blocks this sign-in outright.", remedy: "Take the account or application out of it." },
  asked: { reason: "Will be asked for MFA and can answer.", remedy: "Nothing but the notice before the date." },
};

const BY_OUTCOME: Readonly<Partial<Record<Outcome, Advice>>> = {
  no_evidence: {
    reason: "No sign-in in the window, so nothing shows which clients this user has.",
    remedy: "Ask whether they are away; whoever signs the enforcement accepts the gap.",
  },
};

const NOTHING: Advice = { reason: "Nothing changes for this user.", remedy: "" };

/** Advice on one user. */
export const adviceOn = ({ outcome, because }: ForeseenUser): Advice =>
  BY_OUTCOME[outcome] ?? (because === null ? NOTHING : (BY_STANDING[because.standing] ?? NOTHING));
