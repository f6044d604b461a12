import type { Gap, ProofLine } from "./proof-line.ts";

/** One sentence that says why an account stands where it stands. */
export function sentenceFor(line: Omit<ProofLine, "why">): string {
  const policy = line.policyName ?? "a policy";
  switch (line.state) {
    case "enforced":
      return `Enforced by ${policy}, ${wayIn(line)}.`;
    case "excepted":
      return `Exception (${words(line.exceptionKind)}), owner ${line.owner}, until ${line.expires}.`;
    case "report_only":
      return `${policy} is report-only and protects nobody yet.`;
    case "cannot_sign_in":
      return line.policyName === null ? "The account is disabled." : `The account is disabled; ${policy} waits for it.`;
    case "not_covered":
      return gapSentence(line, policy);
  }
}

function gapSentence(line: Omit<ProofLine, "why">, policy: string): string {
  const sentences: Readonly<Record<Gap, string>> = {
    carved_out: `${policy} leaves it out ${wayOut(line)}, and no exception in force says so.`,
    under_notice: `${policy} leaves it out until the date that was told after its exception ended.`,
    exception_expired: `${policy} leaves it out; its exception ended on ${line.expires}.`,
    exception_not_signed: `${policy} leaves it out; its exception is not signed off as it stands.`,
    cannot_be_told: `${policy} leaves out guests of certain tenants, and the directory does not say where this one is from.`,
    conditional: `${policy} demands MFA of it under conditions only.`,
    policy_disabled: `${policy} would cover it and is disabled.`,
    no_policy: "No policy covers it.",
  };
  return sentences[line.gap ?? "no_policy"];
}

function wayIn({ by, through, nested }: Omit<ProofLine, "why">): string {
  if (by === "group") return `as a member of group ${through}${nested === true ? ", by a group within it" : ""}`;
  if (by === "role") return `as a holder of role ${through}`;
  return by === "user" ? "by name" : by === "guest" ? "as a guest" : "which is for everyone";
}

function wayOut({ by, through, nested }: Omit<ProofLine, "why">): string {
  if (by === "group") return `by group ${through}${nested === true ? ", through a group within it" : ""}`;
  if (by === "role") return `by role ${through}`;
  return by === "user" ? "by name" : "as a guest";
}

const words = (code: string | null): string => (code ?? "").replaceAll("_", " ");
