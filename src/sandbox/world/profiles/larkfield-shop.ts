import type { CompanyProfile } from "../company-profile.ts";
import { LARKFIELD } from "./larkfield.ts";

/**
 * The smallest company with everything that Larkfield Foods has: two of its departments, in which each part is played,
 * most of them once. For whoever goes through whole rollouts by the hundred.
 */
export const LARKFIELD_SHOP: CompanyProfile = {
  ...LARKFIELD,
  slug: "larkfield-shop",
  employees: 26,
  smallest: 26,
  departments: LARKFIELD.departments
    .filter(({ name }) => name === "IT" || name === "Sales")
    .map((department) => ({ ...department, share: department.name === "IT" ? 3 : 23 })),
  ceoDepartment: "Sales",
  cast: {
    IT: ["usesLegacyClient"],
    Sales: [
      "neverEnrols",
      "onParentalLeave",
      "onLeaveOfAbsence",
      "onLongTimeOff",
      "leavesFirst",
      "leavesSecond",
      "nameBeyondLatin1",
      "nameInChinese",
      "nameWithApostrophe",
      "displayNameWithComma",
      "sharesName",
      "sharesName",
      "upnIsNotMail",
      "upperCaseAddress",
      "hrKnowsAliasOnly",
      "hasDepartedManager",
      "isOwnManager",
      "onVacation",
      "raisesTicket",
      "raisesTicket",
    ],
  },
  contractor: { ...LARKFIELD.contractor, department: "Sales" },
  newHire: { ...LARKFIELD.joiner },
  leavings: { manager: ["Sales", 45], stillEnabled: ["Sales", 25], others: [["Sales", 120]] },
};
