import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { PublicKeyApprovalDesk } from "./approvals/file-approval-desk.ts";
import { clockOf } from "./config/clock.ts";
import type { Settings } from "./config/environment.ts";
import { packageRoot } from "./config/package-root.ts";
import { FolderProcedureShelf } from "./config/procedure-shelf.ts";
import { connectVendors } from "./connect-vendors.ts";
import { writing } from "./documents/writing.ts";
import { rolloutId } from "./domain/model/ids.ts";
import { FileDocumentStore } from "./ledger/file-document-store.ts";
import { FileRolloutStore } from "./ledger/file-rollout-store.ts";
import type { Logger } from "./ports/logger.ts";
import type { Vendors } from "./ports/vendors.ts";
import { PeopleReader } from "./server/people-reader.ts";
import type { ServedCustomer, Workshop } from "./server/workspace.ts";

/** The procedures that ship with the program. */
const SHIPPED = join(packageRoot(), "procedures");

/** Wires the product for one data directory. Nothing is read, connected or loaded before it is used. */
export function compose(
  settings: Settings,
  { logger, actor }: { readonly logger: Logger; readonly actor: string },
): Workshop {
  const { home } = settings;
  const clock = clockOf(settings);
  const documents = new FileDocumentStore({ dir: home });
  /** By slug and the file's text: the same file is the same customer, so it is checked and connected once. */
  const served = new Map<string, ServedCustomer>();

  return {
    clock,
    store: new FileRolloutStore({ dir: home, clock, actor, logger }),
    documents,
    people: new PeopleReader(documents),
    writing,
    procedures: new FolderProcedureShelf({ shipped: SHIPPED, saved: join(home, "procedures") }),
    newRolloutId: (slug, now) =>
      rolloutId(`rol_${slug}_${now.slice(0, 7).replace("-", "")}_${randomBytes(2).toString("hex")}`),
    async customers() {
      const { customerSlugs } = await import("./config/customer-file.ts");
      return customerSlugs(home);
    },
    async customer(slug): Promise<ServedCustomer> {
      const { parseCustomerFile, readCustomerFile, toCustomer } = await import("./config/customer-file.ts");
      const text = await readCustomerFile(home, slug);
      const key = `${slug} ${text}`;
      const known = served.get(key);
      if (known !== undefined) return known;
      const file = parseCustomerFile(text, `customers/${slug}.yaml`);
      const connect = connectVendors({ slug, file }, settings);
      const customer = {
        customer: toCustomer(slug, file),
        desk: new PublicKeyApprovalDesk(
          file.approvers.map(({ name, public_key, tier }) => ({ name, publicKey: public_key, tier })),
        ),
        vendor: <Name extends keyof Vendors>(name: Name): Promise<Vendors[Name]> => connect[name](),
      };
      served.set(key, customer);
      return customer;
    },
  };
}
