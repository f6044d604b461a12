import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { createApproverKey } from "../src/approvals/keys.ts";
import { FolderProcedureShelf } from "../src/config/procedure-shelf.ts";
import { employeeId, entraObjectId } from "../src/domain/model/ids.ts";
import type { PeopleRead } from "../src/domain/reconcile/reconcile.ts";
import { reconcile } from "../src/domain/reconcile/reconcile.ts";
import { anAccount, anEmployee, aRegistration, TODAY } from "../test/domain/reconcile/people.ts";
import { dataDirectory, ROLLOUT, started } from "../test/support/data-directory.ts";

/** As many employees with an account each, joined by employee id. */
export function people(count: number): PeopleRead {
  const numbers = Array.from({ length: count }, (_, n) => n);
  return {
    employees: numbers.map((n) => anEmployee(`${n}`, { managerId: employeeId(`${n % 100}`) })),
    accounts: numbers.map((n) => anAccount(`p${n}`, { employeeId: `${n}` })),
    registrations: numbers.map((n) => aRegistration(`p${n}`, n % 3 > 0)),
    purposes: new Map(numbers.map((n) => [entraObjectId(`oid-p${n}`), "user"])),
    directorySync: new Set(),
    today: TODAY,
  };
}

/** A data directory with the customer Larkfield and a rollout whose 214 users are reconciled. */
export async function aRolloutUnderWay() {
  const place = await dataDirectory();
  await mkdir(join(place.dir, "customers"));
  const public_key = await createApproverKey(join(place.dir, "keys"), "Robin", "correct horse battery staple");
  await writeFile(
    join(place.dir, "customers", "larkfield.yaml"),
    stringify({ ...CUSTOMER, approvers: [{ name: "Robin", public_key }] }),
  );
  const shelf = new FolderProcedureShelf({ shipped: "procedures", saved: join(place.dir, "procedures") });
  const { id, version, hash } = await shelf.get("insurer-mfa");
  const first = started();
  if (first.type !== "rollout_started") throw new TypeError("a rollout starts with rollout_started");
  const rollout = await place
    .store()
    .create(ROLLOUT, { ...first, data: { ...first.data, procedure: { id, version, hash } } });

  const { users, counts } = reconcile(people(214));
  const [list, findings] = [await place.documents.putLines(users), await place.documents.putLines([])];
  const none = { findingCounts: {}, sources: [], joiners: [], leavers: [], movers: [] };
  await rollout.append({
    type: "users_reconciled",
    data: { ...none, list: list.hash, findings: findings.hash, counts },
  });
  return { ...place, rollout };
}

const GUID = "00000000-0000-4000-8000-000000000001";
const PERSON = { name: "Robin", address: "robin@larkfield.test" };
const CUSTOMER = {
  name: "Larkfield Foods",
  time_zone: "America/Chicago",
  tenant: { id: GUID, client_id: GUID, client_secret: "env:NONE" },
  msp: { name: "Northwind IT", tenant_id: GUID },
  insurer: { name: "Harbour Mutual" },
  emergency_access: ["bg1@larkfield.test", "bg2@larkfield.test"],
  escalation: PERSON,
  signoff_contact: PERSON,
  guide_url: "https://larkfield.test/mfa",
  faq_url: "https://larkfield.test/faq",
  hr: { kind: "bamboohr", company: "larkfield", api_key: "env:NONE" },
  mail: { kind: "gmail", sender: PERSON, client_email: "mail@larkfield.test", private_key: "env:NONE" },
  helpdesk: { kind: "teams", team_id: GUID, channel: "it-support", posting: { kind: "workflow", url: "env:NONE" } },
  service_desk: {
    kind: "connectwise",
    site: "na.myconnectwise.net",
    company_id: "northwind",
    public_key: "env:NONE",
    private_key: "env:NONE",
    client_id: GUID,
    customer: "Larkfield Foods",
    service_board: "Service Desk",
    project_board: "Projects",
  },
  dashboard: { kind: "power-bi", workspace_id: GUID },
};
