import { describe, expect, it } from "vitest";
import { smtpAddress } from "../../../src/domain/model/ids.ts";
import type { Account } from "../../../src/domain/model/people.ts";
import { mailboxCandidates } from "../../../src/domain/reconcile/mailbox-candidates.ts";
import { anAccount, anEmployee, at } from "./people.ts";

const candidates = (...accounts: readonly Account[]) =>
  mailboxCandidates([anEmployee("1", { workEmail: at("ada") })], accounts);

describe("mailboxCandidates", () => {
  it("are the enabled members with an address that no employee matches, in their order", () => {
    expect(candidates(anAccount("reception"), anAccount("ada"), anAccount("archive"))).toEqual([
      "oid-reception",
      "oid-archive",
    ]);
  });

  it.each<[string, Partial<Account>]>([
    ["disabled", { enabled: false }],
    ["a guest", { kind: "guest" }],
    ["without an address", { mail: null }],
  ])("are none of an account that is %s", (_, facts) => {
    expect(candidates(anAccount("reception", facts))).toEqual([]);
  });

  it("do not hold an account that an employee matches by another of its addresses", () => {
    const account = anAccount("a.lovelace", { proxyAddresses: [smtpAddress("ada@larkfield.test")] });
    expect(candidates(account)).toEqual([]);
  });
});
