import type { Customer } from "../../../src/domain/model/customer.ts";
import { smtpAddress, userPrincipalName } from "../../../src/domain/model/ids.ts";

export const CUSTOMER: Customer = {
  slug: "larkfield",
  name: "Larkfield Foods",
  timeZone: "America/Chicago",
  tenantId: "11111111-1111-1111-1111-111111111111",
  mspTenantId: "22222222-2222-2222-2222-222222222222",
  mspName: "Northwind IT",
  emergencyAccess: [userPrincipalName("bg1@larkfield.test"), userPrincipalName("bg2@larkfield.test")],
  escalation: { name: "Ines Marsh", address: smtpAddress("ines@larkfield.test") },
  signoffContact: { name: "Chief", address: smtpAddress("chief@larkfield.test") },
  guideUrl: "https://guide.larkfield.test/mfa",
  faqUrl: "https://guide.larkfield.test/faq",
  sender: { name: "IT", address: smtpAddress("it@larkfield.test") },
  helpdeskChannel: "it-support",
  insurer: { name: "Harbour Mutual", form: null },
};
