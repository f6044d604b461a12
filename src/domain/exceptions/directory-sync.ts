import type { ExceptionRule } from "./rule.ts";

/**
 * The account by which Entra Connect writes to the directory. It cannot answer a prompt, and with it stopped, no change
 * reaches Entra. The role is proof. The usual name without the role is an installation that is gone or has moved to an
 * application identity, so a person decides.
 */
export const directorySync: ExceptionRule = ({ account, employee, holdsDirectorySyncRole }) => {
  if (account === null) return null;
  const named = /^sync_.*@[^@]+\.onmicrosoft\.com$/.test(account.upn);
  const nameEvidence = named
    ? ["Its sign-in name has the form that Entra Connect gives: Sync_…@….onmicrosoft.com."]
    : [];
  if (holdsDirectorySyncRole) {
    return {
      kind: "directory_sync",
      confidence: "certain",
      evidence: ["Entra: it holds a directory synchronization role.", ...nameEvidence],
      expires: null,
    };
  }
  if (!named || employee !== null) return null;
  const evidence = [...nameEvidence, "Entra: it holds no directory synchronization role."];
  return { kind: "directory_sync", confidence: "suggested", evidence, expires: null };
};
