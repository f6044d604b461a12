import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { expect, it } from "vitest";
import { exceptionsTable } from "../../../src/domain/exceptions/table.ts";
import type { Exception } from "../../../src/domain/model/exception.ts";
import { entraObjectId, userIdOfAccount } from "../../../src/domain/model/ids.ts";
import { calendarDate } from "../../../src/domain/model/time.ts";

const anException = (upn: string, facts: Partial<Exception> = {}): Exception => ({
  userId: userIdOfAccount(entraObjectId(upn)),
  objectId: entraObjectId(upn),
  displayName: "Backup",
  upn,
  kind: "service_account",
  reason: "A program signs in with it.",
  owner: "Ines Marsh",
  expires: calendarDate("2027-10-31"),
  evidence: ["HR: no employee.", "Entra: no manager."],
  source: "rule",
  ...facts,
});

const table = (register: Exception[]) => exceptionsTable({ customerName: "Larkfield Foods", register });

it("is the exact text that the customer signs", () => {
  const register = [
    anException("svc_b@x.test", { displayName: "Backup | tapes" }),
    anException("info@x.test", { kind: "shared_mailbox", displayName: "Info", evidence: [] }),
    anException("bg1@x.test", { kind: "emergency_access", displayName: "BG 1", evidence: [] }),
  ];
  expect(table(register)).toMatchInlineSnapshot(`
    "# Accounts without enforced MFA at Larkfield Foods

    3 accounts: Emergency access 1, Service account 1, Shared mailbox 1.

    | No. | Kind | Account | Why | Evidence | Owner | Expires |
    | ---: | --- | --- | --- | --- | --- | --- |
    | 1 | Emergency access | BG 1 (bg1@x.test) | A program signs in with it. |  | Ines Marsh | 2027-10-31 |
    | 2 | Service account | Backup \\| tapes (svc_b@x.test) | A program signs in with it. | HR: no employee. Entra: no manager. | Ines Marsh | 2027-10-31 |
    | 3 | Shared mailbox | Info (info@x.test) | A program signs in with it. |  | Ines Marsh | 2027-10-31 |

    By signing, Larkfield Foods agrees that the 3 accounts above may sign in without enforced MFA, each until the date in its row, and that every other account is enforced. The insurer's report lists them.
    "
  `);
});

it("does not depend on the order of the register", () => {
  const register = ["b", "a", "c"].map((name) => anException(`${name}@x.test`));
  expect(table([...register].reverse())).toBe(table(register));
});

it("says so when nothing is left out", () => {
  expect(table([])).toContain("0 accounts.");
  expect(table([])).toContain("no account is to be left out");
});

it("takes the direction out of a name that would read backwards", () => {
  expect(table([anException("a@x.test", { displayName: "\u202Eevil\u202C" })])).toContain("| evil (a@x.test) |");
});

it("shows any text as one plain row of seven cells", () => {
  const markdown = new MarkdownIt({ html: true });
  const nasty = fc.string({
    unit: fc.constantFrom(
      "|",
      "\\",
      "\n",
      "\r",
      "`",
      "*",
      "_",
      "[",
      "](x)",
      "<b>",
      "&",
      "#",
      "a",
      " ",
      "\u2028",
      "~",
      "-",
    ),
  });
  const property = fc.property(nasty, nasty, (displayName, owner) => {
    const html = markdown.render(table([anException("a@x.test", { displayName, owner })]));
    expect(html.match(/<tr>/g)).toHaveLength(2);
    expect(html.match(/<td/g)).toHaveLength(7);
    expect(html).not.toMatch(/<(b|a|em|strong|code|s)\b/);
    expect(html.match(/<table>/g)).toHaveLength(1);
  });
  fc.assert(property, { numRuns: 500 });
});
