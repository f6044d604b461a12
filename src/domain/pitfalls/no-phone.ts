import { inScope, objectIdsOf, secondFactors } from "./methods.ts";
import type { PitfallCheck } from "./pitfall.ts";

/** Methods that need no phone of one's own. A QR code with a PIN is one factor and does not count. */
const PHONELESS: readonly string[] = ["Fido2", "HardwareOath", "X509Certificate"];

/** People on shared terminals, without a company phone, who may not use a key or token either. */
export const noPhone: PitfallCheck = {
  name: "no_phone",
  severity: "breaks_work",
  mender: "customer_admin",
  acceptable: true,
  heldBy: null,
  remedy:
    "Allow FIDO2 keys or hardware tokens in the authentication methods policy, and order them for the departments listed. Then call check_tenant.",
  look({ survey, roster }) {
    if (PHONELESS.some((method) => survey.methodsAllowed.has(method))) return null;
    const people = inScope(roster).filter(
      (user) =>
        user.account !== null &&
        survey.accounts.get(user.account.objectId)?.frontline === true &&
        secondFactors(user) === 0,
    );
    if (people.length === 0) return null;
    const perDepartment = Map.groupBy(people, ({ department }) => department ?? "no department");
    return {
      message: `Frontline users without a method, and with no allowed one that needs no phone: ${people.length}.`,
      evidence: [...perDepartment].map(([department, users]) => `${department}: ${users.length} keys or tokens`),
      affects: objectIdsOf(people),
    };
  },
};
