import { Liquid } from "liquidjs";
import { FolderProcedureShelf } from "../src/config/procedure-shelf.ts";
import { renderMail } from "../src/documents/mail-text.ts";
import { variablesOf } from "../src/documents/template.ts";
import { reconcile } from "../src/domain/reconcile/reconcile.ts";
import { people } from "./a-rollout.ts";
import { inMicroseconds, type Row, sideBySide } from "./measure.ts";

/** The join of a large tenant beside a bare Map join; a rendered mail beside its template filled in by Liquid alone. */
export async function domainRows(quick: boolean): Promise<readonly Row[]> {
  return [await reconcileRow(quick), await mailRow(quick)];
}

async function reconcileRow(quick: boolean): Promise<Row> {
  const size = quick ? 10_000 : 100_000;
  const read = people(size);
  const joined = await sideBySide(quick ? 3 : 5, {
    ours: () => reconcile(read),
    floor: () => {
      const byId = new Map(read.employees.map((employee) => [employee.id as string, employee]));
      return read.accounts.map((account) => ({ account, employee: byId.get(account.employeeId ?? "") }));
    },
  });
  return {
    what: `reconcile ${size.toLocaleString("en")} people`,
    ...joined,
    floorName: "Map join by employee id",
    unit: "ms",
  };
}

async function mailRow(quick: boolean): Promise<Row> {
  const shelf = new FolderProcedureShelf({ shipped: "procedures", saved: "no-such-folder" });
  const template = (await shelf.get("insurer-mfa")).texts["emails/announcement.md"] ?? "";
  const values = Object.fromEntries(
    variablesOf(template).map((name) => [name, name.endsWith("_url") ? "https://larkfield.test/mfa" : "Zoë O’Neil"]),
  );
  const liquid = new Liquid();
  const rendered = await sideBySide(quick ? 50 : 500, {
    ours: () => renderMail({ template, values }),
    floor: () => liquid.parseAndRenderSync(template, values),
  });
  return { what: "announcement mail, text and HTML", ...inMicroseconds(rendered), floorName: "Liquid alone" };
}
