/** Legacy MFA as it is switched on for one account. Entra turns enabled into enforced once somebody registers. */
export type PerUserMfa = "disabled" | "enabled" | "enforced";
