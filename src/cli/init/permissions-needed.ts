import { z } from "zod";
import type { CustomerFile } from "../../config/customer-schema.ts";
import table from "./permissions.json" with { type: "json" };

/** What `docs/reference/permissions.md` says, as data. */
const Table = z.array(
  z.object({
    kind: z.string().nullable(),
    vendor: z.string(),
    as: z.string(),
    permissions: z.array(z.string()),
    how: z.string().nullable(),
  }),
);

export interface Granting {
  readonly who: string;
  readonly permissions: readonly string[];
  readonly how: string | null;
}

/** A permission of Graph by its form: `User.Read.All`. */
const GRAPH_NAME = /\b[A-Z][\w-]+(?:\.\w+)+\b/g;
/** What only a person's token can hold, of those (learn.microsoft.com/graph/permissions-reference). */
const IN_A_PERSONS_NAME = /^ChannelMessage\./;

type Row = z.output<typeof Table>[number];

const isGraph = ({ kind }: Row): boolean => kind === null || kind === "teams";

/** What of Graph some rows name, each once, in alphabetical order. */
const namesIn = (rows: readonly Row[]): readonly string[] =>
  [...new Set(rows.flatMap(({ permissions }) => permissions.flatMap((one) => one.match(GRAPH_NAME) ?? [])))].toSorted();

/** What has to be granted for the systems that a customer's file names: Graph first, since most stands on it. */
export function permissionsNeeded(file: CustomerFile): readonly Granting[] {
  const { hr, mail, helpdesk, service_desk, dashboard } = file;
  const kinds = [hr, mail, helpdesk, service_desk, dashboard].map(({ kind }): string => kind);
  const used = Table.parse(table).filter(({ kind }) => kind === null || kinds.includes(kind));
  // Where there is more to say of rights of Graph, they are for some customers only.
  const always = namesIn(used.filter((row) => isGraph(row) && row.how === null));
  const asTheApp = `application permissions of the app ${file.tenant.client_id}`;
  return [
    {
      who: `Microsoft Graph: ${asTheApp}`,
      permissions: always.filter((name) => !IN_A_PERSONS_NAME.test(name)),
      how: null,
    },
    ...posting(
      helpdesk.posting,
      always.filter((name) => IN_A_PERSONS_NAME.test(name)),
    ),
    ...used
      .filter((row) => isGraph(row) && row.how !== null)
      .map((row) => ({
        who: `Microsoft Graph: only where wanted, ${asTheApp}`,
        permissions: namesIn([row]).filter((name) => !always.includes(name)),
        how: row.how,
      })),
    ...used
      .filter((row) => !isGraph(row))
      .map(({ vendor, as, permissions, how }) => ({ who: `${vendor}: for ${as}`, permissions, how })),
  ];
}

function posting(by: CustomerFile["helpdesk"]["posting"], delegated: readonly string[]): readonly Granting[] {
  if (by.kind === "workflow") {
    return [{ who: "Teams workflow: its trigger", permissions: ["the trigger setting “Anyone”"], how: null }];
  }
  const who = `Microsoft Graph: delegated permissions of the app ${by.client_id}, a public client`;
  return [{ who, permissions: delegated, how: null }];
}
