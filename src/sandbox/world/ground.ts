import type { AddressBook } from "./address-book.ts";
import type { CompanyProfile } from "./company-profile.ts";
import type { Luck } from "./luck.ts";

/** What everybody of the company is made from. */
export interface Ground {
  readonly profile: CompanyProfile;
  readonly employees: number;
  readonly addresses: AddressBook;
  readonly luck: Luck;
  /** Local date on which the story begins. */
  readonly today: string;
  /** Instant at which the registration report was last made before the story. */
  readonly reportedAt: string;
}
