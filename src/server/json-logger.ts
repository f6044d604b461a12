import type { Logger } from "../ports/logger.ts";

/** Writes one JSON line an event, to standard error: standard output belongs to the protocol. */
export function jsonLogger(write: (line: string) => void): Logger {
  const at = (level: string) => (event: string, facts?: Readonly<Record<string, unknown>>) =>
    write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...facts })}\n`);
  return { info: at("info"), warn: at("warn"), error: at("error") };
}
