import type { PitfallCheck } from "./pitfall.ts";

/** Resource that a Windows signs in to when a subscription activates it. */
export const WINDOWS_STORE = "45a330b1-b1ec-4cc1-9161-9f03992aa49f";

/**
 * On older builds Windows Enterprise is activated in the background, where nobody can answer a prompt.
 *
 * @see https://learn.microsoft.com/windows/deployment/windows-subscription-activation
 */
export const windowsActivation: PitfallCheck = {
  name: "windows_activation",
  severity: "breaks_work",
  mender: "technician",
  acceptable: true,
  heldBy: null,
  remedy:
    "Bring Windows 11 to 23H2 with KB5034848 or later, which asks properly; which builds are in use cannot be seen from here. Once that is checked, accept it with resolve_finding.",
  look: ({ survey }) =>
    survey.windowsActivated
      ? {
          message: "Windows was activated by subscription within the last days; older builds fail silently under MFA.",
          evidence: [],
          affects: "everyone",
        }
      : null,
};
