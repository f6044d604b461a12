import type { CompanyProfile } from "../company-profile.ts";
import { LARKFIELD } from "./larkfield.ts";

const SHARES: ReadonlyMap<string, number> = new Map([
  ["IT", 3],
  ["Sales", 12],
  ["Engineering", 11],
]);

/**
 * The smallest company with everything that Larkfield Foods has: three of its departments, in which each part is played,
 * most of them once. For whoever goes through whole rollouts by the hundred: no department is so large that a step of its
 * phase has more places to die at than there are rollouts.
 */
export const LARKFIELD_SHOP: CompanyProfile = {
  ...LARKFIELD,
  slug: "larkfield-shop",
  employees: 26,
  smallest: 26,
  departments: LARKFIELD.departments.flatMap((department) => {
    const share = SHARES.get(department.name);
    return share === undefined ? [] : [{ ...department, share }];
  }),
  ceoDepartment: "Sales",
  cast: {
    IT: ["usesLegacyClient"],
    Sales: [
      "neverEnrols",
      "onLeaveOfAbsence",
      "leavesFirst",
      "nameWithApostrophe",
      "displayNameWithComma",
      "sharesName",
      "upperCaseAddress",
      "isOwnManager",
      "onVacation",
      "raisesTicket",
    ],
    Engineering: [
      "onParentalLeave",
      "onLongTimeOff",
      "leavesSecond",
      "nameBeyondLatin1",
      "nameInChinese",
      "sharesName",
      "upnIsNotMail",
      "hrKnowsAliasOnly",
      "hasDepartedManager",
      "raisesTicket",
    ],
  },
  contractor: { ...LARKFIELD.contractor, department: "Sales" },
  newHire: { ...LARKFIELD.joiner },
  leavings: { manager: ["Sales", 45], stillEnabled: ["Sales", 25], others: [["Sales", 120]] },
};
