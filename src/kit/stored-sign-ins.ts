import type { SignIn } from "../domain/model/signin.ts";
import { addHours, type Instant } from "../domain/model/time.ts";
import type { Observation } from "../domain/rollout/state.ts";
import type { DocumentStore } from "../ports/rollout-store.ts";

/** Looks overlap by less than this, so only sign-ins this near to a look's end can be stored twice. */
const OVERLAP_HOURS = 2;

/** Yields the stored sign-ins of [from, to), each once, look by look. Looks from before sign-ins were stored have none. */
export async function* storedSignIns(
  documents: DocumentStore,
  observations: readonly Observation[],
  span: { readonly from: Instant; readonly to: Instant },
): AsyncGenerator<SignIn> {
  let recent: ReadonlySet<string> = new Set();
  for (const look of observations.toSorted((a, b) => (a.to < b.to ? -1 : 1))) {
    if (look.signIns === undefined || look.to < span.from) continue;
    const overlap = addHours(look.to, -OVERLAP_HOURS);
    const ids = new Set<string>();
    for await (const line of documents.lines(look.signIns)) {
      const signIn = line as SignIn; // as fetch_signin_logs wrote it; the document's hash was checked
      if (signIn.at >= overlap) ids.add(signIn.id);
      if (signIn.at >= span.from && signIn.at < span.to && !recent.has(signIn.id)) yield signIn;
    }
    recent = ids;
  }
}
