import { z } from "zod";
import { ConnectorAmbiguousError } from "../../errors.ts";
import type { PsaClient } from "./psa-client.ts";

/** Setting is repeatable and reading back shows the truth, so neither a lost answer nor a false 200 matters here. */
export async function changeAndSee(
  client: PsaClient,
  change: {
    readonly path: string;
    readonly fields: Readonly<Record<string, unknown>>;
    readonly permission: string;
    readonly signal: AbortSignal;
  },
  stands: () => Promise<boolean>,
): Promise<void> {
  const { path, fields, permission, signal } = change;
  let lost: ConnectorAmbiguousError | null = null;
  try {
    await client.replace(path, fields, { schema: z.unknown(), permission, signal });
  } catch (error) {
    if (!(error instanceof ConnectorAmbiguousError)) throw error;
    lost = error;
  }
  if (await stands()) return;
  const field = Object.keys(fields).join(",");
  throw lost ?? client.errors.contract("that it changed a record, and did not change it", { field });
}
