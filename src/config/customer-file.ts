import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { Customer } from "../domain/model/customer.ts";
import { smtpAddress, userPrincipalName } from "../domain/model/ids.ts";
import { ConfigurationError, NotFoundError } from "../errors.ts";
import { problemOf } from "./customer-problems.ts";
import { CustomerFile } from "./customer-schema.ts";

const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/** Whether a text may name a customer: it becomes part of file names and ids. */
export const isSlug = (text: string): boolean => SLUG.test(text);

/** The text of one customer's file, not checked. @throws {NotFoundError} no such customer. */
export async function readCustomerFile(home: string, slug: string): Promise<string> {
  const known = await customerSlugs(home);
  if (!isSlug(slug) || !known.includes(slug)) {
    throw new NotFoundError("There is no such customer.", {
      nextStep:
        known.length > 0
          ? `Use one of: ${known.join(", ")}.`
          : "Ask the technician to write customers/<slug>.yaml in the data directory.",
      details: { known },
    });
  }
  return readFile(join(home, "customers", `${slug}.yaml`), "utf8");
}

/** @throws {ConfigurationError} with one line a problem. `name` is shown in the message. */
export function parseCustomerFile(text: string, name: string): CustomerFile {
  let raw: unknown;
  try {
    raw = parse(text);
  } catch (cause) {
    throw new ConfigurationError(`${name} is not valid YAML.`, {
      nextStep: "Mend the file's indentation and quotes.",
      cause,
    });
  }
  // With the input it can be told what is missing from what is of another type.
  const checked = CustomerFile.safeParse(raw, { reportInput: true });
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map(problemOf);
  throw new ConfigurationError(
    `${name} has ${problems.length} problem${problems.length === 1 ? "" : "s"}: ${problems.join("; ")}.`,
    {
      nextStep: `Mend ${name}, then call again.`,
      details: { problems },
    },
  );
}

export async function customerSlugs(home: string): Promise<readonly string[]> {
  const files = await readdir(join(home, "customers")).catch(() => []);
  return files
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.slice(0, -".yaml".length))
    .sort();
}

/** The part of the file that the domain knows. */
export function toCustomer(slug: string, file: CustomerFile): Customer {
  const reachable = ({ name, address }: CustomerFile["escalation"]) => ({ name, address: smtpAddress(address) });
  return {
    slug,
    name: file.name,
    timeZone: file.time_zone,
    ...(file.replace_legacy_mfa && { replacesLegacyMfa: true }),
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
