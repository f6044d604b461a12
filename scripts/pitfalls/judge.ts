import { type Row, TENANT_ROWS } from "./rows.ts";
import type { Outcome } from "./try-company.ts";

/** One line of the matrix. `gap` says what is missing; `null`: nothing. */
export interface Line {
  readonly number: string;
  readonly name: string;
  readonly detected: string;
  readonly blocked: string;
  readonly remedy: string;
  readonly gap: string | null;
}

/** A company with one pitfall: that one is found, no other, and enforcing is refused because of it. */
export function judgeRow(row: Row, outcome: Outcome): Line {
  const others = outcome.found.filter(({ name, status }) => name !== row.name && status !== "ask_a_person");
  const falseAlarm = others.length === 0 ? null : `also found ${others.map(({ name }) => name).join(", ")}`;
  const line = lineOf(row, outcome);
  return { ...line, gap: line.gap ?? falseAlarm };
}

/** The company with every pitfall at once. */
export const judgeAll = (outcome: Outcome): readonly Line[] =>
  TENANT_ROWS.map((row) => ({ ...lineOf(row, outcome), number: "all" }));

/** The company without any: nothing is found, and enforcing goes on to the signature. */
export function judgeTidy({ found, refusals, errors }: Outcome): Line {
  const alarms = [...found.filter(({ status }) => status !== "ask_a_person").map(({ name }) => name), ...errors];
  const gap =
    alarms.length > 0 ? `found ${alarms.join(", ")}` : refusals.first.length > 0 ? refusals.first.join() : null;
  return {
    number: "–",
    name: "none",
    detected: alarms.length === 0 ? "nothing" : "false alarm",
    blocked: refusals.first.join() || "no",
    remedy: "–",
    gap,
  };
}

function lineOf({ name, number, blocker }: Row, { found, refusals }: Outcome): Line {
  const hit = found.find((one) => one.name === name);
  const refusedFor = [
    ...(refusals.first.includes(blocker) ? ["first phase"] : []),
    ...(refusals.closing.includes(blocker) ? ["closing"] : []),
  ];
  return {
    number: String(number),
    name,
    detected: hit === undefined ? "NO" : "check_tenant",
    blocked:
      refusedFor.length === 0 ? "NO" : `${blocker.replace(/^pitfall_.*/, "by itself")}: ${refusedFor.join(", ")}`,
    remedy: hit === undefined ? "NONE" : `${hit.who_mends}: ${hit.remedy}`,
    gap: hit === undefined ? "not detected" : refusedFor.length === 0 ? `not refused by ${blocker}` : null,
  };
}

/** Enforcement shows at the next token, so a phase waits for the judgement of the one before; at the tidy company. */
export const judgeHaste = ({ afterwards }: Outcome): Line => {
  const refused = afterwards?.second.includes("previous_not_judged") === true;
  return {
    number: "26",
    name: "judged_too_early",
    detected: refused ? "the clock" : "NO",
    blocked: refused ? "previous_not_judged: second phase" : "NO",
    remedy: "wait: the phase is judged a day after its enforcement",
    gap: refused ? null : "the next phase was not held back",
  };
};

/** No application permission posts to a channel; a customer file that wants it is refused at once. At the tidy company. */
export const judgePosting = ({ afterwards }: Outcome): Line => {
  const [told = ""] = /ERR_CONFIGURATION.*/s.exec(afterwards?.appOnlyPosting ?? "") ?? [];
  return {
    number: "29",
    name: "app_only_posting",
    detected: told === "" ? "NO" : "customer file",
    blocked: told === "" ? "NO" : "ERR_CONFIGURATION: every tool",
    remedy: told.replaceAll(/\s+/g, " ").replace(/^.*Next step: /, "") || "NONE",
    gap: told === "" ? "a file that cannot work is accepted" : null,
  };
};

interface ProcessRow {
  readonly pitfalls: readonly string[];
  judge(outcome: Outcome): Line;
}

/** Pitfalls that are not in the tenant's settings, and what else of the server finds them. */
export const PROCESS_ROWS: readonly ProcessRow[] = [
  {
    pitfalls: ["report_only_hidden"],
    judge: ({ errors, refusals }) => {
      const told = errors.find((error) => error.startsWith("fetch_signin_logs: ERR_CONNECTOR_PERMISSION"));
      const refused = refusals.first.includes("observation_incomplete");
      return {
        number: "20",
        name: "report_only_hidden",
        detected: told === undefined ? "NO" : "fetch_signin_logs",
        blocked: refused ? "observation_incomplete: first phase" : "NO",
        remedy: told?.replace(/^.*Next step: /, "") ?? "NONE",
        gap: told !== undefined && refused ? null : "not detected or not refused",
      };
    },
  },
];
