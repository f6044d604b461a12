/** Registered methods that reset a password or start a registration, and are no second factor. */
const NO_SECOND_FACTOR: readonly string[] = ["email", "securityQuestion", "temporaryAccessPass"];
/** Second factors that this tenant's authentication methods policy does not allow. */
const NOT_ALLOWED: readonly string[] = ["officePhone", "hardwareOneTimePasscode"];
/** Methods that sign in with both factors at once, so that every session carries the MFA claim. */
const BOTH_FACTORS: readonly string[] = ["windowsHelloForBusiness", "fido2", "passKeyDeviceBound"];

/** Has a strong method, allowed or not. */
export const isMfaRegistered = (methods: readonly string[]): boolean =>
  methods.some((method) => !NO_SECOND_FACTOR.includes(method));

/** Has a strong method that policy allows. */
export const isMfaCapable = (methods: readonly string[]): boolean =>
  methods.some((method) => !NO_SECOND_FACTOR.includes(method) && !NOT_ALLOWED.includes(method));

export const signsInWithBothFactors = (methods: readonly string[]): boolean =>
  methods.some((method) => BOTH_FACTORS.includes(method));
