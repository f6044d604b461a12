import { CancelledError, ConnectorThrottledError, RolloutError } from "../../errors.ts";
import type { CheckCall, Checked, Finding } from "../../ports/check.ts";

/** A system of the customer's file, by the name of its part there. */
export interface System {
  readonly name: string;
  /** Connects it. @throws RolloutErrors, such as for a secret that is not there. */
  readonly open: () => Promise<Checked>;
}

export interface Examined {
  readonly system: string;
  /** What was looked at, for people; the system's name where it could not be connected. */
  readonly source: string;
  readonly findings: readonly Finding[];
}

/** For what a vendor asks us to wait meanwhile, and for short questions beside the long one. */
const BREATH_MS = 30_000;

/**
 * How long a look may take, in ms: nothing that works takes longer than signing in and running one report of Workday.
 *
 * @param answerMs - The longest wait for one answer; `null` where it is the usual one.
 */
export async function longestLookMs(answerMs: number | null): Promise<number> {
  const [{ ANSWER_MS }, { REPORT_TIMES }] = await Promise.all([
    import("../../connectors/http/pause.ts"),
    import("../../connectors/workday/rows.ts"),
  ]);
  return (answerMs ?? ANSWER_MS) * (1 + REPORT_TIMES) + BREATH_MS;
}

/** A look at all systems; `longestMs` ends each of its checks. */
type Examination = CheckCall & { readonly longestMs: number };

/**
 * Looks at every system at the same time, each check with a deadline of its own. What is wrong once is said once,
 * where it shows first: one credential serves several systems, and every check of a system needs its sign-in.
 */
export async function examine(systems: readonly System[], call: Examination): Promise<readonly Examined[]> {
  const examined = await Promise.all(systems.map((system) => examineOne(system, call)));
  const said = new Map<string, string>();
  return examined.map(({ findings, ...system }) => ({ ...system, findings: news(findings, system.source, said) }));
}

/** The findings that are new here; for what another system has said, one word of where it stands. */
function news(findings: readonly Finding[], source: string, said: Map<string, string>): readonly Finding[] {
  const elsewhere = new Set<string>();
  const own = findings.filter(({ state, text }) => {
    if (state !== "wrong") return true;
    const where = said.get(text);
    if (where === undefined) said.set(text, source);
    else if (where !== source) elsewhere.add(where);
    return where === undefined;
  });
  const hidden = [...elsewhere].map((where): Finding => {
    return { state: "unknown", text: `Not all looked at, because of what is wrong at ${where}.` };
  });
  return [...own, ...hidden];
}

async function examineOne({ name, open }: System, { longestMs, ...call }: Examination): Promise<Examined> {
  let source = name;
  const findings = await look({ source, longestMs }, async () => {
    const checked = await open();
    source = checked.source;
    const looks = checked.checks().map((check) => {
      const signal = AbortSignal.any([call.signal, AbortSignal.timeout(longestMs)]);
      return look({ source, longestMs }, () => check({ ...call, signal }));
    });
    return (await Promise.all(looks)).flat();
  });
  return { system: name, source, findings };
}

interface Looked {
  readonly source: string;
  readonly longestMs: number;
}

/** What hinders a look is what it finds. */
async function look(of: Looked, at: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await at();
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    return [toFinding(error, of)];
  }
}

function toFinding(error: RolloutError, { source, longestMs }: Looked): Finding {
  if (error instanceof CancelledError) {
    const text = `${source} gave no whole answer within ${Math.round(longestMs / 1_000)} seconds.`;
    return { state: "wrong", text, mend: "Run doctor again; if it lasts, have the vendor's status looked at." };
  }
  if (error instanceof ConnectorThrottledError) {
    const mend = `Wait ${error.details.retryAfterSeconds} seconds, then run doctor again.`;
    return { state: "wrong", text: error.message, mend };
  }
  // Whoever reads this has called no tool.
  const mend = error.nextStep.replace(/, then call (?:this tool )?again\.$/, ".");
  return { state: "wrong", text: error.message, mend };
}
