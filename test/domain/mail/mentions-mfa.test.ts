import { describe, expect, it } from "vitest";
import { mentionsMfa } from "../../../src/domain/mail/mentions-mfa.ts";

const inSummary = (summary: string) => mentionsMfa({ summary, text: "" });

describe("mentionsMfa", () => {
  it.each([
    "MFA does not work",
    "mfa?",
    "Lost my phone (2FA)",
    "What is an OTP",
    "Multi-factor prompt",
    "multifactor setup",
    "multi factor",
    "Two-factor code",
    "two step verification",
    "two-step sign in",
    "Authenticator shows nothing",
    "authentication code expired",
    "Verification Code never arrives",
    "sign-in code",
    "signin code",
    "security key or passkey",
    "ＭＦＡ problem",
  ])("finds it in %j", (summary) => {
    expect(inSummary(summary)).toBe(true);
  });

  it("finds it in the text too", () => {
    expect(mentionsMfa({ summary: "Help", text: "I cannot get past the authenticator app." })).toBe(true);
  });

  it.each([
    "Printer on floor 2",
    "Comfact invoice",
    "MFAX machine",
    "adopted a dog",
    "authentic recipes",
    "key for the security door",
    "password reset",
    "",
  ])("leaves %j alone", (summary) => {
    expect(inSummary(summary)).toBe(false);
  });
});
