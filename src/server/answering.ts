import { randomUUID } from "node:crypto";
import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { RolloutError } from "../errors.ts";
import type { Logger } from "../ports/logger.ts";

/**
 * Answers a request that is no tool call. An expected failure becomes a protocol error with our own two sentences; a
 * bug becomes one with a correlation id, and its stack goes to the log: the SDK would show its message to the host.
 */
export async function answering<Answer>(method: string, logger: Logger, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    if (error instanceof RolloutError) {
      logger.warn("request_refused", { method, code: error.code });
      const { code, remedy, message, nextStep } = error;
      const wire = remedy === "model" ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError;
      throw new ProtocolError(wire, `${message} ${nextStep}`, { code, remedy, nextStep });
    }
    const correlation = randomUUID();
    logger.error("request_failed", {
      method,
      correlation,
      stack: error instanceof Error ? error.stack : String(error),
    });
    throw new ProtocolError(
      ProtocolErrorCode.InternalError,
      `Something in the server failed that should not. The log has it under ${correlation}.`,
    );
  }
}
