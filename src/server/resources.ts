import { ResourceNotFoundError, type Server } from "@modelcontextprotocol/server";
import { NotFoundError } from "../errors.ts";
import { type Artifact, artifactsOf, artifactTemplates, isText, rolloutIn } from "../kit/artifacts.ts";
import { pageOf } from "../kit/fields.ts";
import type { Logger } from "../ports/logger.ts";
import type { DocumentStore, RolloutStore } from "../ports/rollout-store.ts";
import { answering } from "./answering.ts";

/** Rollouts whose artifacts one page of `resources/list` names; each rollout's state has to be read for it. */
const ROLLOUTS_A_PAGE = 20;

interface Parts {
  readonly store: RolloutStore;
  readonly documents: DocumentStore;
  readonly logger: Logger;
}

/**
 * Serves the artifacts of every rollout as resources. All of them can also be read with `get_artifact`, or lie in the
 * data directory: hosts without resources miss nothing.
 */
export function serveResources(server: Server, { store, documents, logger }: Parts): void {
  server.registerCapabilities({ resources: {} });

  server.setRequestHandler("resources/templates/list", () => ({
    resourceTemplates: artifactTemplates.map((template) => ({ ...template })),
  }));

  server.setRequestHandler("resources/list", ({ params }) =>
    answering("resources/list", logger, async () => {
      const { rows, next_cursor } = pageOf(await store.list(), { limit: ROLLOUTS_A_PAGE, cursor: params?.cursor });
      const artifacts = await Promise.all(rows.map((rollout) => readable(store, rollout)));
      return { resources: artifacts.flat().map(listed), ...(next_cursor !== undefined && { nextCursor: next_cursor }) };
    }),
  );

  server.setRequestHandler("resources/read", ({ params: { uri } }) =>
    answering("resources/read", logger, async () => {
      const artifact = await find(store, uri);
      if (artifact === undefined) throw new ResourceNotFoundError(uri);
      const bytes = Buffer.from(await documents.get(artifact.hash));
      const content = isText(artifact) ? { text: bytes.toString("utf8") } : { blob: bytes.toString("base64") };
      return { contents: [{ uri, mimeType: artifact.mimeType, ...content }] };
    }),
  );
}

const readable = async (store: RolloutStore, rollout: string): Promise<readonly Artifact[]> =>
  artifactsOf(await (await store.open(rollout)).state());

async function find(store: RolloutStore, uri: string): Promise<Artifact | undefined> {
  const rollout = rolloutIn(uri);
  if (rollout === null) return undefined;
  try {
    return (await readable(store, rollout)).find((artifact) => sameAddress(artifact.uri, uri));
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/** Hosts may leave letters beyond ASCII unencoded; both ways of writing mean the same. */
const sameAddress = (ours: string, asked: string): boolean => URL.parse(asked)?.href === URL.parse(ours)?.href;

const listed = ({ name, uri, title, mimeType, at }: Artifact) => ({
  name: `${rolloutIn(uri) ?? ""} ${name}`,
  uri,
  title,
  mimeType,
  annotations: { lastModified: at },
});
