import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { Customer } from "../domain/model/customer.ts";
import { smtpAddress, userPrincipalName } from "../domain/model/ids.ts";
import { ConfigurationError, NotFoundError } from "../errors.ts";
import { secretReference } from "./secret.ts";

const address = z.email();
const person = z.strictObject({ name: z.string().min(1), address });
const timeZone = z.string().refine((zone) => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }) !== null;
  } catch {
    return false;
  }
}, "must be an IANA time zone such as America/Chicago");

/** `customers/<slug>.yaml`: whom we work for and which systems they have. Secrets are references. */
export const CustomerFile = z.strictObject({
  name: z.string().min(1),
  time_zone: timeZone,
  tenant: z.strictObject({
    id: z.guid(),
    cloud: z.enum(["global"]).default("global"),
    client_id: z.guid(),
    client_secret: secretReference,
  }),
  msp: z.strictObject({ name: z.string().min(1), tenant_id: z.guid() }),
  insurer: z.strictObject({ name: z.string().min(1), form: z.string().optional() }),
  emergency_access: z.array(z.string().includes("@")).min(2, "needs at least two emergency access accounts"),
  escalation: person,
  signoff_contact: person,
  guide_url: z.url({ protocol: /^https$/ }),
  faq_url: z.url({ protocol: /^https$/ }),
  approvers: z.array(z.strictObject({ name: z.string().min(1), public_key: z.string().min(1) })).min(1),
  hr: z.strictObject({
    kind: z.literal("bamboohr"),
    company: z.string().regex(/^[a-z0-9-]+$/, "must be the first part of <company>.bamboohr.com"),
    api_key: secretReference,
    leave_words: z.array(z.string().min(1)).optional(),
    leave_min_days: z.number().int().min(1).max(365).default(21),
  }),
  mail: z.strictObject({
    kind: z.literal("gmail"),
    sender: person,
    client_email: address,
    private_key: secretReference,
  }),
  helpdesk: z.strictObject({
    kind: z.literal("teams"),
    team_id: z.guid(),
    channel: z.string().min(1).max(50),
    posting: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("delegated"), client_id: z.guid(), refresh_token: secretReference }),
      z.strictObject({ kind: z.literal("workflow"), url: secretReference }),
    ]),
  }),
  service_desk: z.strictObject({
    kind: z.literal("connectwise"),
    site: z.string().regex(/^[a-z0-9.-]+$/, "must be a host name such as na.myconnectwise.net"),
    company_id: z.string().min(1),
    public_key: secretReference,
    private_key: secretReference,
    client_id: z.guid(),
    customer: z.string().min(1),
    service_board: z.string().min(1),
    project_board: z.string().min(1),
  }),
  dashboard: z.strictObject({ kind: z.literal("power-bi"), workspace_id: z.guid() }),
});
export type CustomerFile = z.output<typeof CustomerFile>;

const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/**
 * Reads and checks one customer's file.
 * @throws {NotFoundError} no such customer; {ConfigurationError} the file is wrong, every problem listed.
 */
export async function loadCustomerFile(home: string, slug: string): Promise<CustomerFile> {
  const known = await customerSlugs(home);
  if (!SLUG.test(slug) || !known.includes(slug)) {
    throw new NotFoundError("There is no such customer.", {
      nextStep: known.length > 0 ? `Use one of: ${known.join(", ")}.` : "Ask the technician to write customers/<slug>.yaml in the data directory.",
      details: { known },
    });
  }
  return parseCustomerFile(await readFile(join(home, "customers", `${slug}.yaml`), "utf8"), `customers/${slug}.yaml`);
}

/** @throws {ConfigurationError} with one line a problem. `name` is shown in the message. */
export function parseCustomerFile(text: string, name: string): CustomerFile {
  let raw: unknown;
  try {
    raw = parse(text);
  } catch (cause) {
    throw new ConfigurationError(`${name} is not valid YAML.`, { nextStep: "Mend the file's indentation and quotes.", cause });
  }
  const checked = CustomerFile.safeParse(raw);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map((issue) => `${issue.path.join(".") || "the file"}: ${issue.message}`);
  throw new ConfigurationError(`${name} has ${problems.length} problem${problems.length === 1 ? "" : "s"}: ${problems.join("; ")}.`, {
    nextStep: `Mend ${name}, then call again.`,
    details: { problems },
  });
}

export async function customerSlugs(home: string): Promise<readonly string[]> {
  const files = await readdir(join(home, "customers")).catch(() => []);
  return files.filter((file) => file.endsWith(".yaml")).map((file) => file.slice(0, -".yaml".length)).sort();
}

/** The part of the file that the domain knows. */
export function toCustomer(slug: string, file: CustomerFile): Customer {
  const reachable = ({ name, address }: z.output<typeof person>) => ({ name, address: smtpAddress(address) });
  return {
    slug,
    name: file.name,
    timeZone: file.time_zone,
    tenantId: file.tenant.id,
    mspTenantId: file.msp.tenant_id,
    mspName: file.msp.name,
    emergencyAccess: file.emergency_access.map(userPrincipalName),
    escalation: reachable(file.escalation),
    signoffContact: reachable(file.signoff_contact),
    guideUrl: file.guide_url,
    faqUrl: file.faq_url,
    sender: reachable(file.mail.sender),
    helpdeskChannel: file.helpdesk.channel,
    insurer: { name: file.insurer.name, form: file.insurer.form ?? null },
  };
}
