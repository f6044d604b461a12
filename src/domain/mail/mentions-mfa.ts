/** Words by which users speak of MFA, whole words only: "MFA", "2FA", "two-step", "authenticator", "verification code". */
const ABOUT_MFA =
  /\b(mfa|2fa|otp|multi[- ]?factor|two[- ]?(factor|step)|authenticat(or|ion) (app|code|setup|prompt)|authenticator|verification code|sign[- ]?in code|security key|passkey)\b/iu;

/** Whether a ticket asks about MFA, in its summary or in its text. */
export const mentionsMfa = (ticket: { readonly summary: string; readonly text: string }): boolean =>
  ABOUT_MFA.test(ticket.summary.normalize("NFKC")) || ABOUT_MFA.test(ticket.text.normalize("NFKC"));
