/** Who can put it right: the model by calling differently, an operator (a person), or waiting. */
export type Remedy = "model" | "operator" | "wait";

interface Help {
  /** One imperative sentence: which tool, which argument, or whom to ask. */
  readonly nextStep: string;
  /** Facts for a program: plain data in our own words, never vendor text, secrets or mail bodies. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** An expected failure. We write both sentences ourselves, so a model may safely read them. */
export abstract class RolloutError extends Error {
  abstract readonly code: `ERR_${string}`;
  abstract readonly remedy: Remedy;
  readonly nextStep: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, help: Help) {
    super(message, { cause: help.cause });
    this.name = new.target.name;
    this.nextStep = help.nextStep;
    this.details = help.details ?? {};
  }
}

/** The arguments do not make sense together, or break a rule the schema cannot hold. */
export class InputError extends RolloutError {
  readonly code = "ERR_INPUT";
  readonly remedy = "model";
}

/** An id or name that nothing of ours has. */
export class NotFoundError extends RolloutError {
  readonly code = "ERR_NOT_FOUND";
  readonly remedy = "model";
}

/** The rollout is not at the point where this makes sense; an earlier step is missing. */
export class StateError extends RolloutError {
  readonly code = "ERR_STATE";
  readonly remedy = "model";
}

/** Another call, command or process has held what this one needs for longer than it waits. Nothing is wrong. */
export class BusyError extends RolloutError {
  readonly code = "ERR_BUSY";
  readonly remedy = "wait";
}

/** A gate is closed: going on could lock people out or act without consent. `details.blockers` lists why. */
export class GateClosedError extends RolloutError {
  readonly code = "ERR_GATE_CLOSED";
  readonly remedy = "operator";
}

/** A file, environment variable or secret reference of ours is missing or wrong. */
export class ConfigurationError extends RolloutError {
  readonly code = "ERR_CONFIGURATION";
  readonly remedy = "operator";
}

/** The ledger or a stored document was altered or cannot be written. Nothing goes on until a person has looked. */
export class LedgerError extends RolloutError {
  readonly code = "ERR_LEDGER";
  readonly remedy = "operator";
}

/** Whether a change was made cannot be told by asking the vendor; a person has to look and record what they saw. */
export class OutcomeUnknownError extends RolloutError {
  readonly code = "ERR_OUTCOME_UNKNOWN";
  readonly remedy = "operator";
}

/** The caller cancelled; `details.done` says how far it got. */
export class CancelledError extends RolloutError {
  readonly code = "ERR_CANCELLED";
  readonly remedy = "model";
}

/** The vendor did not accept our credential (wrong, expired, revoked). */
export class ConnectorAuthenticationError extends RolloutError {
  readonly code = "ERR_CONNECTOR_AUTHENTICATION";
  readonly remedy = "operator";
}

/** The credential is good but lacks a right. The message names the least permission that suffices. */
export class ConnectorPermissionError extends RolloutError {
  readonly code = "ERR_CONNECTOR_PERMISSION";
  readonly remedy = "operator";
}

/** The vendor answered something that is not its documented form: a login page, a truncated page, an absent field. */
export class ConnectorContractError extends RolloutError {
  readonly code = "ERR_CONNECTOR_CONTRACT";
  readonly remedy = "operator";
}

/** The vendor understood and refused a change (validation, conflict). Nothing was changed there. */
export class ConnectorRejectedError extends RolloutError {
  readonly code = "ERR_CONNECTOR_REJECTED";
  readonly remedy = "operator";
}

/** The vendor asks us to slow down for longer than a call may wait. `details.retryAfterSeconds` says how long. */
export class ConnectorThrottledError extends RolloutError {
  readonly code = "ERR_CONNECTOR_THROTTLED";
  readonly remedy = "wait";
}

/** The vendor cannot be reached or failed on its side, and nothing was changed, or reading failed. */
export class ConnectorUnavailableError extends RolloutError {
  readonly code = "ERR_CONNECTOR_UNAVAILABLE";
  readonly remedy = "wait";
}

/** The vendor took a change, and its reads do not show it yet. Looking again later ends it; doing it again would not. */
export class ConnectorLagError extends RolloutError {
  readonly code = "ERR_CONNECTOR_LAG";
  readonly remedy = "wait";
}

/**
 * A write was sent and its answer is lost, so it may or may not have happened. Only `ledger.once` may decide what
 * follows, by looking for the marker that the write planted.
 */
export class ConnectorAmbiguousError extends RolloutError {
  readonly code = "ERR_CONNECTOR_AMBIGUOUS";
  readonly remedy = "wait";
}
