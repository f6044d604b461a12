/**
 * What can go wrong with one exchange, by what becomes of the request. Not carried out: `status`, `lost_request` (the
 * connection ends first), `hang` (no answer, ever), `accepted` (an empty 202 all the same), `html` (only reads behind it are). Carried out:
 * `status_after` (an error comes back), `accepted_after` (an empty 202), `lost_answer`, `truncated`, `no_answer` (the
 * connection stays open and silent). `late`: an error comes back, and it is carried out `delayMs` after it. `twice`:
 * carried out two times, as by a box on the way that tries again, and the second answer comes back. `delay`: only slow.
 * `trickle`: carried out, and the answer's body never ends.
 */
export const FAULT_KINDS = [
  "status",
  "status_after",
  "delay",
  "hang",
  "trickle",
  "lost_request",
  "lost_answer",
  "no_answer",
  "truncated",
  "html",
  "accepted",
  "accepted_after",
  "twice",
  "late",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault to inject, `times` times (once by default), into the requests that fit. */
export interface FaultRule {
  readonly vendor?: string | undefined;
  readonly method?: string | undefined;
  /** Source of a regular expression, tried on path and query. */
  readonly path?: string | undefined;
  readonly kind: FaultKind;
  /** For the kinds that answer with an error; 503 by default. */
  readonly status?: number | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly delayMs?: number | undefined;
  readonly times?: number | undefined;
}

export interface Fault {
  readonly kind: FaultKind;
  readonly status: number;
  /** `null` leaves the vendor's own answer as it is. */
  readonly retryAfterSeconds: number | null;
  readonly delayMs: number;
  /** Background faults shorten the wait that a vendor asks for, so that a whole story can be told with them. */
  readonly isBackground: boolean;
}

export interface FaultTarget {
  readonly vendor: string;
  readonly method: string;
  /** The route's pattern, so that ids do not disturb the luck of a route. */
  readonly route: string;
  readonly pathAndQuery: string;
}

const NO_DETAIL = { status: 503, retryAfterSeconds: null, delayMs: 300, isBackground: true } as const;
const SHORTEST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 200;
const SERVER_ERRORS = [500, 502, 503, 504] as const;

/** Decides which exchanges fail: by rules in order, then by a background rate with the world's luck. */
export class Faults {
  readonly #rate: number;
  readonly #chance: (key: string) => number;
  readonly #seen = new Map<string, number>();
  #rules: { readonly rule: FaultRule; left: number }[] = [];

  constructor(rate: number, chance: (key: string) => number) {
    if (!(rate >= 0 && rate <= 1)) throw new RangeError(`the fault rate must be 0..1, got ${rate}`);
    this.#rate = rate;
    this.#chance = chance;
  }

  add(rules: readonly FaultRule[]): void {
    for (const rule of rules) this.#rules.push({ rule, left: rule.times ?? 1 });
  }

  /** Forgets the rules; the background rate stays. */
  clear(): void {
    this.#rules = [];
  }

  /** The fault for this exchange, or `null`. Each call counts as one exchange. */
  next(target: FaultTarget): Fault | null {
    return this.#nextByRule(target) ?? this.#nextByLuck(target);
  }

  #nextByRule(target: FaultTarget): Fault | null {
    const found = this.#rules.find(({ rule, left }) => left > 0 && fits(rule, target));
    if (found === undefined) return null;
    found.left -= 1;
    const { kind, status, retryAfterSeconds, delayMs } = found.rule;
    return {
      kind,
      status: status ?? NO_DETAIL.status,
      retryAfterSeconds: retryAfterSeconds ?? NO_DETAIL.retryAfterSeconds,
      delayMs: delayMs ?? NO_DETAIL.delayMs,
      isBackground: false,
    };
  }

  #nextByLuck({ vendor, method, route }: FaultTarget): Fault | null {
    if (this.#rate === 0) return null;
    const name = `${vendor} ${method} ${route}`;
    const count = (this.#seen.get(name) ?? 0) + 1;
    this.#seen.set(name, count);
    const key = `fault ${name} ${count}`;
    return this.#chance(key) < this.#rate ? this.#pick(key) : null;
  }

  #pick(key: string): Fault {
    const detail = this.#chance(`${key} detail`);
    const choices: readonly Fault[] = [
      { ...NO_DETAIL, kind: "status", status: SERVER_ERRORS[Math.floor(detail * SERVER_ERRORS.length)] ?? 503 },
      { ...NO_DETAIL, kind: "status", status: 429 },
      {
        ...NO_DETAIL,
        kind: "delay",
        delayMs: SHORTEST_DELAY_MS + Math.round(detail * (LONGEST_DELAY_MS - SHORTEST_DELAY_MS)),
      },
      { ...NO_DETAIL, kind: "lost_answer" },
      { ...NO_DETAIL, kind: "status_after" },
      { ...NO_DETAIL, kind: "truncated" },
      { ...NO_DETAIL, kind: "html" },
    ];
    const index = Math.floor(this.#chance(`${key} kind`) * choices.length);
    return choices[index] ?? { ...NO_DETAIL, kind: "status" };
  }
}

function fits(rule: FaultRule, target: FaultTarget): boolean {
  return (
    (rule.vendor === undefined || rule.vendor === target.vendor) &&
    (rule.method === undefined || rule.method === target.method) &&
    (rule.path === undefined || new RegExp(rule.path).test(target.pathAndQuery))
  );
}
