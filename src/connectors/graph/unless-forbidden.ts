import { ConnectorPermissionError } from "../../errors.ts";
import type { Finding } from "../../ports/check.ts";

/**
 * A look at something of the tenant. Where the app lacks a permission for it, that is one finding of the comparison of
 * permissions, and this one is only unknown.
 *
 * @param what - Begins the sentence "… cannot be seen".
 */
export async function unlessForbidden(
  what: string,
  look: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof ConnectorPermissionError)) throw error;
    return [{ state: "unknown", text: `${what} cannot be seen: the app lacks a permission for it.` }];
  }
}
