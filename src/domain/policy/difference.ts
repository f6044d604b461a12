import type { CaPolicy, LivePolicy } from "../model/policy.ts";

/** The lists of a policy in which order and letter case mean nothing. */
const LISTS = [
  "includeGroups",
  "excludeUsers",
  "excludeGroups",
  "excludeRoles",
  "excludeServiceProviderTenants",
  "clientAppTypes",
  "excludeApplications",
  "grant",
] as const;

const TEXTS = ["displayName", "description", "includeUsers"] as const;

/**
 * Where a live policy is not the one that was approved, one plain sentence a difference; empty when it is.
 * The state is compared only when asked for, because enforcing changes it alone. Texts are named, not quoted.
 */
export function policyDifferences(
  wanted: CaPolicy,
  live: LivePolicy,
  options: { readonly compareState: boolean } = { compareState: false },
): readonly string[] {
  const texts = TEXTS.filter((name) => wanted[name] !== live[name]).map((name) => `${name} is not as drafted.`);
  const lists = LISTS.flatMap((name) => listDifference(name, wanted[name], live[name]));
  const applications = listDifference(
    "includeApplications",
    applicationList(wanted.includeApplications),
    applicationList(live.includeApplications),
  );
  const state =
    options.compareState && wanted.state !== live.state ? [`state is ${live.state}, not ${wanted.state}.`] : [];
  const unknown = live.unknownParts.map((part) => `The live policy also sets ${part}, which the draft does not.`);
  return [...texts, ...lists, ...applications, ...state, ...unknown];
}

const applicationList = (applications: CaPolicy["includeApplications"]): readonly string[] =>
  applications === "all" ? ["all applications"] : applications;

function listDifference(name: string, wanted: readonly string[], live: readonly string[]): readonly string[] {
  const has = new Set(live.map((item) => item.toLowerCase()));
  const needs = new Set(wanted.map((item) => item.toLowerCase()));
  return [
    ...[...needs.difference(has)].sort().map((item) => `${name} lacks ${item}.`),
    ...[...has.difference(needs)].sort().map((item) => `${name} has ${item}, which the draft does not.`),
  ];
}
