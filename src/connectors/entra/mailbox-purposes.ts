import { z } from "zod";
import type { EntraObjectId } from "../../domain/model/ids.ts";
import type { MailboxPurpose } from "../../domain/model/people.ts";
import { batchGet, MAX_BATCH_ITEMS } from "../graph/batch.ts";
import type { GraphClient } from "../graph/graph-client.ts";

/** Batches under way at a time, so that a large tenant takes minutes, not hours. */
const BATCHES_AT_ONCE = 8;

const MailboxSettings = z.object({ userPurpose: z.string() });
const PURPOSES: ReadonlyMap<string, MailboxPurpose> = new Map([
  ["user", "user"],
  ["linked", "linked"],
  ["shared", "shared"],
  ["room", "room"],
  ["equipment", "equipment"],
]);

/**
 * What each account's mailbox is for. Graph lists no shared mailboxes and cannot select mailbox settings on a
 * collection, so each account is asked. 404 (`MailboxNotEnabledForRESTAPI`) is an answer: no mailbox that we can read.
 */
export async function mailboxPurposes(
  graph: GraphClient,
  ids: readonly EntraObjectId[],
  signal: AbortSignal,
): Promise<ReadonlyMap<EntraObjectId, MailboxPurpose>> {
  const purposes = new Map<EntraObjectId, MailboxPurpose>();
  const batches = chunks([...new Set(ids)], MAX_BATCH_ITEMS).values();
  const work = async (): Promise<void> => {
    for (const batch of batches) {
      const paths = batch.map((id) => `/users/${encodeURIComponent(id)}/mailboxSettings?$select=userPurpose`);
      const call = { schema: MailboxSettings, permission: "MailboxSettings.Read", signal, bulk: true };
      const settings = await batchGet(graph, paths, call);
      for (const [index, id] of batch.entries()) {
        const purpose = settings[index]?.userPurpose;
        purposes.set(id, purpose === undefined ? "none" : (PURPOSES.get(purpose) ?? "other"));
      }
    }
  };
  // Every worker draws from the one iterator.
  await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, work));
  return purposes;
}

const chunks = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
