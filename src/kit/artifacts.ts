import type { Sha256 } from "../domain/model/ids.ts";
import type { Instant } from "../domain/model/time.ts";
import type { RolloutState } from "../domain/rollout/state.ts";

/** A document that people and models read, as an MCP resource names it. */
export interface ArtifactLink {
  /** As `get_artifact` takes it. */
  readonly name: string;
  readonly uri: string;
  readonly title: string;
  readonly mimeType: string;
}

export interface Artifact extends ArtifactLink {
  readonly hash: Sha256;
  /** When it was made. */
  readonly at: Instant;
}

const SCHEME = "mfa-rollout://rollouts/";
const at = (rollout: string, path: string): string => `${SCHEME}${encodeURIComponent(rollout)}/${path}`;

/** How the addresses of artifacts are made up (RFC 6570), for hosts that let a person fill them in. */
export const artifactTemplates = [
  {
    name: "exceptions",
    uriTemplate: `${SCHEME}{rollout}/exceptions`,
    title: "Exceptions table",
    mimeType: "text/markdown",
  },
  {
    name: "policy",
    uriTemplate: `${SCHEME}{rollout}/policies/{phase}`,
    title: "Policy of a phase, as JSON",
    mimeType: "application/json",
  },
  {
    name: "foresight",
    uriTemplate: `${SCHEME}{rollout}/foresight/{phase}`,
    title: "Who would be locked out of a phase, as CSV",
    mimeType: "text/csv",
  },
  {
    name: "proof",
    uriTemplate: `${SCHEME}{rollout}/proof`,
    title: "Closing proof, one account a line",
    mimeType: "application/jsonl",
  },
  {
    name: "report",
    uriTemplate: `${SCHEME}{rollout}/report`,
    title: "Compliance report, as text",
    mimeType: "text/markdown",
  },
  {
    name: "report.pdf",
    uriTemplate: `${SCHEME}{rollout}/report.pdf`,
    title: "Compliance report, as PDF",
    mimeType: "application/pdf",
  },
] as const;

export const exceptionsLink = (rollout: string): ArtifactLink => ({
  name: "exceptions",
  uri: at(rollout, "exceptions"),
  title: "Exceptions table",
  mimeType: "text/markdown",
});

export const policyLink = (rollout: string, phase: string): ArtifactLink => ({
  name: `policy:${phase}`,
  uri: at(rollout, `policies/${encodeURIComponent(phase)}`),
  title: `Policy of ${phase}`,
  mimeType: "application/json",
});

export const foresightLink = (rollout: string, phase: string): ArtifactLink => ({
  name: `foresight:${phase}`,
  uri: at(rollout, `foresight/${encodeURIComponent(phase)}`),
  title: `Who would be locked out, ${phase}`,
  mimeType: "text/csv",
});

export const proofLink = (rollout: string): ArtifactLink => ({
  name: "proof",
  uri: at(rollout, "proof"),
  title: "Closing proof, one account a line",
  mimeType: "application/jsonl",
});

export const reportLink = (rollout: string): ArtifactLink => ({
  name: "report",
  uri: at(rollout, "report"),
  title: "Compliance report, text",
  mimeType: "text/markdown",
});

export const reportPdfLink = (rollout: string): ArtifactLink => ({
  name: "report.pdf",
  uri: at(rollout, "report.pdf"),
  title: "Compliance report, PDF",
  mimeType: "application/pdf",
});

/** What can be read of a rollout now: only documents that were made to be read. */
export function artifactsOf({ id, exceptions, drafts, foresights, report }: RolloutState): readonly Artifact[] {
  return [
    ...(exceptions === null ? [] : [{ ...exceptionsLink(id), hash: exceptions.table, at: exceptions.at }]),
    ...[...drafts].map(([phase, draft]) => ({ ...policyLink(id, phase), hash: draft.artifact, at: draft.at })),
    ...[...foresights].map(([phase, { table, at: made }]) => ({ ...foresightLink(id, phase), hash: table, at: made })),
    ...(report === null
      ? []
      : [
          ...(report.proof === undefined ? [] : [{ ...proofLink(id), hash: report.proof, at: report.at }]),
          { ...reportLink(id), hash: report.text, at: report.at },
          { ...reportPdfLink(id), hash: report.pdf, at: report.at },
        ]),
  ];
}

/** Whether it can be shown as text; the PDF cannot. */
export const isText = ({ mimeType }: ArtifactLink): boolean => mimeType !== "application/pdf";

/** The rollout whose artifact an address names; `null` for an address that is not one of ours. */
export function rolloutIn(uri: string): string | null {
  const segment = uri.startsWith(SCHEME) ? uri.slice(SCHEME.length).split("/")[0] : undefined;
  try {
    return segment === undefined || segment === "" ? null : decodeURIComponent(segment);
  } catch {
    return null; // A percent sign that encodes nothing.
  }
}
