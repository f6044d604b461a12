import type { SandboxReady } from "./sandbox-process.ts";
import { bamboohr, gmail, looker, outlook, powerBi, type System, workday } from "./systems.ts";

/** What the technician knows of a customer of the sandbox, beside what the sandbox itself tells. */
export interface SandboxCustomer {
  readonly slug: string;
  readonly name: string;
  readonly msp: string;
  readonly insurer: string;
  readonly escalation: { readonly name: string; readonly address: string };
  readonly signoffContact: { readonly name: string; readonly address: string };
  readonly guideUrl: string;
  readonly faqUrl: string;
  /** Teams channel for questions, without its #. */
  readonly channel: string;
  /** The day the insurer has set. */
  readonly deadline: string;
  /** The order in which the technician wants the departments. */
  readonly order: readonly string[];
  /** Why nobody needs the legacy client any more, once somebody has dealt with the finding about it. */
  readonly legacyMended: string;
  /** The rollout replaces security defaults and per-user MFA. */
  readonly replacesLegacyMfa: boolean;
  readonly systems: { readonly hr: System; readonly mail: System; readonly dashboard: System };
}

const LARKFIELD: SandboxCustomer = {
  slug: "larkfield",
  name: "Larkfield Foods",
  msp: "Brightpath IT",
  insurer: "Meridian Mutual",
  escalation: { name: "Priya Raman", address: "priya.raman@brightpath-it.example" },
  signoffContact: { name: "Morgan Ellery", address: "morgan.ellery@larkfieldfoods.com" },
  guideUrl: "https://help.larkfieldfoods.com/mfa",
  faqUrl: "https://help.larkfieldfoods.com/mfa/faq",
  channel: "it-support",
  deadline: "2026-10-31",
  order: ["IT", "Sales", "Engineering", "Operations", "Finance"],
  legacyMended: "The old importer was replaced by one that signs in with modern authentication.",
  replacesLegacyMfa: false,
  systems: { hr: bamboohr, mail: gmail("Larkfield IT Support"), dashboard: powerBi },
};

const LARKFIELD_SHOP: SandboxCustomer = { ...LARKFIELD, slug: "larkfield-shop", order: ["IT", "Sales"] };

const BRIGHTWATER: SandboxCustomer = {
  slug: "brightwater",
  name: "Brightwater Clinics",
  msp: "Tūī Managed Services",
  insurer: "Southern Cross Indemnity",
  escalation: { name: "Anaru Tamahana", address: "anaru.tamahana@tui-managed.example" },
  signoffContact: { name: "Dr Leilani Fa'asavalu", address: "leilani.faasavalu@brightwater.health.nz" },
  guideUrl: "https://intranet.brightwater.health.nz/mfa",
  faqUrl: "https://intranet.brightwater.health.nz/mfa/questions",
  channel: "digital-help",
  deadline: "2026-10-16",
  order: [
    "Digital & Facilities",
    "Pharmacy",
    "Imaging & Labs",
    "Front of House",
    "Theatre & Recovery",
    "Nursing & Wards",
  ],
  legacyMended: "The script that fetched the asset list signs in as an app of its own now.",
  replacesLegacyMfa: true,
  systems: { hr: workday, mail: outlook("Brightwater Digital Help"), dashboard: looker },
};

/** @throws {RangeError} the sandbox has no such customer. */
export function sandboxCustomer({ world }: Pick<SandboxReady, "world">): SandboxCustomer {
  const customer = [LARKFIELD, LARKFIELD_SHOP, BRIGHTWATER].find(({ slug }) => slug === world.company);
  if (customer === undefined) throw new RangeError(`the sandbox has no customer ${world.company}`);
  return customer;
}
