import type { FaultRule } from "./box.ts";

const FAULTS = {
  lost_answer: { kind: "lost_answer" },
  truncated: { kind: "truncated" },
  html: { kind: "html" },
  throttled: { kind: "status", status: 429, retryAfterSeconds: 1 },
  throttled_long: { kind: "status", status: 429, retryAfterSeconds: 90 },
  forbidden: { kind: "status", status: 403 },
  unauthorized: { kind: "status", status: 401 },
} as const satisfies Record<string, FaultRule>;

/** Ways in which a read fails at every vendor, for the suites of the ports. */
export const READ_FAULTS = { ...FAULTS, unavailable: { kind: "status", status: 502 } } as const;

/** Ways in which a write fails; `unavailable` is an error answer to a write that was carried out. */
export const WRITE_FAULTS = { ...FAULTS, unavailable: { kind: "status_after", status: 503 } } as const;

export type ReadFault = keyof typeof READ_FAULTS;
export type WriteFault = keyof typeof WRITE_FAULTS;
