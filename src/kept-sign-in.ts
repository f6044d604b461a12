import { join } from "node:path";
import type { CustomerFile } from "./config/customer-schema.ts";
import type { SignInFile } from "./ledger/sign-in-file.ts";

/** The posting part of a customer's file, where it is a person's. */
type InAPersonsName = Extract<CustomerFile["helpdesk"]["posting"], { readonly kind: "delegated" }>;

/** Where the sign-in of the person who posts for a customer is kept: by `teams-login`, and by each use of it. */
export async function keptSignIn(
  { home, slug, posting }: { readonly home: string; readonly slug: string; readonly posting: InAPersonsName },
  reveal: (reference: string, where: string) => Promise<string>,
): Promise<SignInFile> {
  const { SignInFile } = await import("./ledger/sign-in-file.ts");
  const { refresh_token: reference } = posting;
  return new SignInFile(join(home, "sign-ins", `${slug}.teams.json`), async () =>
    reference === undefined ? null : reveal(reference, "helpdesk.posting.refresh_token"),
  );
}
