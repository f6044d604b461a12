import { type AccessPolicy, NOBODY } from "../../src/domain/foresight/access-policy.ts";

/** An enforced policy that asks everybody for MFA everywhere, but for what a test changes. */
export const accessPolicy = (over: Partial<AccessPolicy> = {}): AccessPolicy => ({
  id: "draft",
  displayName: "MFA",
  state: "enforced",
  users: { include: { ...NOBODY, everyone: true }, exclude: NOBODY },
  applications: { include: ["All"], exclude: [] },
  clientAppTypes: ["all"],
  platforms: null,
  locations: null,
  signInRisk: [],
  transferMethods: [],
  grant: { operator: "OR", controls: ["mfa"] },
  unread: [],
  ...over,
});
