import { shortHash } from "../model/short-hash.ts";
import type { Finding, FindingCause, SignIn } from "../model/signin.ts";
import { REMEDY } from "./classify.ts";

const EVIDENCE_PER_FINDING = 20;

interface Open {
  readonly finding: Finding;
  readonly evidence: SignIn[];
}

/** Gathers the sign-ins that enforcement would break into one finding per account, application, client and protocol. */
export class FindingCollector {
  readonly #open = new Map<string, Open>();

  add(signIn: SignIn, cause: FindingCause): void {
    const key = JSON.stringify([signIn.objectId, signIn.appId, signIn.clientApp, signIn.protocol]);
    const before = this.#open.get(key);
    const evidence = before?.evidence ?? [];
    if (evidence.length < EVIDENCE_PER_FINDING) evidence.push(signIn);
    this.#open.set(key, {
      finding: before === undefined ? begin(signIn, cause) : extend(before.finding, signIn),
      evidence,
    });
  }

  /** By id, so that equal sign-ins in another order give an equal list. */
  findings(): readonly Finding[] {
    return [...this.#open.values()].map(({ finding }) => finding).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  evidence(): readonly SignIn[] {
    return [...this.#open.values()].flatMap(({ evidence }) => evidence);
  }
}

/** The same trouble of the same account keeps its id from one look to the next. */
export const findingId = ({ objectId, appId, clientApp, protocol }: SignIn): string =>
  `fnd_${shortHash(objectId, appId, clientApp, protocol ?? "")}`;

function begin(signIn: SignIn, cause: FindingCause): Finding {
  const { objectId, upn, appName, clientApp, at } = signIn;
  return {
    id: findingId(signIn),
    cause,
    objectId,
    upn,
    clientApp,
    appName,
    count: 1,
    firstSeen: at,
    lastSeen: at,
    remedy: REMEDY[cause],
  };
}

const extend = (finding: Finding, { at }: SignIn): Finding => ({
  ...finding,
  count: finding.count + 1,
  firstSeen: at < finding.firstSeen ? at : finding.firstSeen,
  lastSeen: at > finding.lastSeen ? at : finding.lastSeen,
});
