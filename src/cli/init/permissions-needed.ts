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
const GRAPH_NAME = /\b[A-Z]\w+(?:\.\w+)+\b/g;
/** What only a person's token can hold, of those (learn.microsoft.com/graph/permissions-reference). */
const IN_A_PERSONS_NAME = /^ChannelMessage\./;

/** What has to be granted for the systems that a customer's file names: Graph first, since most stands on it. */
export function permissionsNeeded(file: CustomerFile): readonly Granting[] {
  const { hr, mail, helpdesk, service_desk, dashboard } = file;
  const kinds = [hr, mail, helpdesk, service_desk, dashboard].map(({ kind }): string => kind);
  const used = Table.parse(table).filter(({ kind }) => kind === null || kinds.includes(kind));
  const isGraph = ({ kind }: { readonly kind: string | null }): boolean => kind === null || kind === "teams";
  const names = used
    .filter(isGraph)
    .flatMap(({ permissions }) => permissions.flatMap((one) => one.match(GRAPH_NAME) ?? []));
  const [delegated, asTheApp] = [true, false].map((wanted) =>
    [...new Set(names)].filter((name) => IN_A_PERSONS_NAME.test(name) === wanted).toSorted(),
  );
  return [
    {
      who: `Microsoft Graph: application permissions of the app ${file.tenant.client_id}`,
      permissions: asTheApp ?? [],
      how: null,
    },
    ...posting(helpdesk.posting, delegated ?? []),
    ...used
      .filter((one) => !isGraph(one))
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
