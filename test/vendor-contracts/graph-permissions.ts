import { z } from "zod";

const Table = z.object({
  permissions: z.record(
    z.string(),
    z.object({
      pathSets: z.array(
        z.object({
          schemeKeys: z.array(z.string()),
          methods: z.array(z.string()),
          paths: z.record(z.string(), z.string()),
        }),
      ),
    }),
  ),
});

/** Microsoft's table of which permissions let an app or a user make which call. */
export class GraphPermissions {
  /** Per method and path as the table writes it, lower case: the permissions by who signs in. */
  readonly #allowed = new Map<string, Set<string>>();

  constructor(table: unknown) {
    for (const [permission, { pathSets }] of Object.entries(Table.parse(table).permissions))
      for (const { schemeKeys, methods, paths } of pathSets)
        for (const scheme of schemeKeys)
          for (const method of methods)
            for (const path of Object.keys(paths)) this.#add(scheme, `${method} ${path}`, permission);
  }

  /** The permissions each of which allows the call; empty where the table does not know it. */
  allowing(scheme: "Application" | "DelegatedWork", method: string, path: string): ReadonlySet<string> {
    return this.#allowed.get(keyOf(scheme, `${method} ${path}`)) ?? new Set();
  }

  #add(scheme: string, call: string, permission: string): void {
    const key = keyOf(scheme, call);
    this.#allowed.set(key, (this.#allowed.get(key) ?? new Set()).add(permission));
  }
}

const keyOf = (scheme: string, call: string): string => `${scheme} ${call.toLowerCase()}`;
