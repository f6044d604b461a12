import { fold } from "./fold.ts";

/**
 * Identifiers never mix: each kind is its own type, made only by its constructor here, once, at the edge.
 * Comparison rules come with the constructor: what is case-insensitive at the vendor is lower-cased and NFKC here.
 */
declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** Object id of a user, group or service principal in Entra ID (lower-case GUID). */
export type EntraObjectId = Branded<string, "EntraObjectId">;
/** User principal name, lower-case NFKC. Not an address: it may receive no mail. */
export type UserPrincipalName = Branded<string, "UserPrincipalName">;
/** An address that can receive mail, lower-case NFKC. */
export type SmtpAddress = Branded<string, "SmtpAddress">;
/** The HR system's id of an employee, as that system writes it. */
export type EmployeeId = Branded<string, "EmployeeId">;
/** `usr_<object id>` where the user has an account, else `usr_emp_<employee id>`: stable once there is an account. */
export type UserId = Branded<string, "UserId">;
/** `phase_<slug of the department>`, or `phase_closing` for the closing policy and whoever has no department. */
export type PhaseId = Branded<string, "PhaseId">;
/** `rol_<customer slug>_<yyyymm>_<4 base32 characters>`. */
export type RolloutId = Branded<string, "RolloutId">;
/** `plan_<first 12 hex digits of the digest>`. */
export type PlanId = Branded<string, "PlanId">;
/** Lower-case hex SHA-256 of a stored document, by which it is found. */
export type Sha256 = Branded<string, "Sha256">;

export const entraObjectId = (text: string): EntraObjectId => fold(text) as EntraObjectId;
export const userPrincipalName = (text: string): UserPrincipalName => fold(text) as UserPrincipalName;
export const smtpAddress = (text: string): SmtpAddress => fold(text) as SmtpAddress;
export const employeeId = (text: string): EmployeeId => text.trim() as EmployeeId;
export const rolloutId = (text: string): RolloutId => text as RolloutId;
export const sha256 = (hex: string): Sha256 => hex as Sha256;

export const planId = (digest: Sha256): PlanId => `plan_${digest.slice(0, 12)}` as PlanId;
export const userIdOfAccount = (id: EntraObjectId): UserId => `usr_${id}` as UserId;
export const userIdOfEmployee = (id: EmployeeId): UserId => `usr_emp_${id}` as UserId;

/** The closing policy's phase: all users; its own members are those in scope whom no department phase takes. */
export const CLOSING_PHASE = "phase_closing" as PhaseId;

/**
 * Policies that stand in for security defaults between the day these are turned off and each phase's own policy: MFA
 * for who is registered already, and no legacy authentication for anybody. No department's phase has such an id.
 */
export const BRIDGES = { registered: "bridge_registered" as PhaseId, legacy: "bridge_legacy" as PhaseId } as const;

export const isBridge = (id: PhaseId): boolean => id === BRIDGES.registered || id === BRIDGES.legacy;

/** "Research & Development" → `phase_research_development`. Two departments that differ only in marks share an id. */
export function phaseId(department: string): PhaseId {
  const slug = department
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_|_$/g, "");
  return `phase_${slug}` as PhaseId;
}
