import {
  ConnectorAmbiguousError,
  ConnectorAuthenticationError,
  ConnectorContractError,
  ConnectorPermissionError,
  ConnectorRejectedError,
  ConnectorThrottledError,
  ConnectorUnavailableError,
} from "../../errors.ts";
import type { Outcome } from "./exchange.ts";

type Details = Readonly<Record<string, unknown>>;

/**
 * The faults of one vendor in our words, so that every connector says the same thing in the same way. Nothing that the
 * vendor wrote goes in but its status and error code.
 */
export class VendorErrors {
  readonly #vendor: string;

  /** Name for people. */
  get vendor(): string {
    return this.#vendor;
  }

  /** @param vendor - Name for people, e.g. "BambooHR". */
  constructor(vendor: string) {
    this.#vendor = vendor;
  }

  authentication(details: Details = {}): ConnectorAuthenticationError {
    return new ConnectorAuthenticationError(`${this.#vendor} did not accept the credential.`, {
      nextStep: `Ask an administrator to check the ${this.#vendor} credential in the customer's configuration: it may be wrong, expired or revoked.`,
      details: { vendor: this.#vendor, ...details },
    });
  }

  permission(permission: string, details: Details = {}): ConnectorPermissionError {
    return new ConnectorPermissionError(`${this.#vendor} refused the call: the credential lacks ${permission}.`, {
      nextStep: `Ask an administrator to grant ${permission} in ${this.#vendor}, then call this tool again.`,
      details: { vendor: this.#vendor, permission, ...details },
    });
  }

  /** @param what - Ends the sentence "BambooHR answered …". */
  contract(what: string, details: Details = {}): ConnectorContractError {
    return new ConnectorContractError(`${this.#vendor} answered ${what}.`, {
      nextStep: `Have a person check the ${this.#vendor} settings and service status; nothing may be concluded from this answer.`,
      details: { vendor: this.#vendor, ...details },
    });
  }

  rejected(status: number, code: string | null): ConnectorRejectedError {
    const named = code === null ? "" : `, error ${code}`;
    return new ConnectorRejectedError(`${this.#vendor} refused the change (status ${status}${named}).`, {
      nextStep: `Have a person compare what was sent with what ${this.#vendor} allows; nothing was changed.`,
      details: { vendor: this.#vendor, status, code },
    });
  }

  throttled(retryAfterSeconds: number): ConnectorThrottledError {
    return new ConnectorThrottledError(`${this.#vendor} asks us to slow down.`, {
      nextStep: `Call this tool again in ${retryAfterSeconds} seconds.`,
      details: { vendor: this.#vendor, retryAfterSeconds },
    });
  }

  unavailable(details: Details = {}): ConnectorUnavailableError {
    return new ConnectorUnavailableError(`${this.#vendor} cannot be reached or failed on its side.`, {
      nextStep: `Call this tool again in a few minutes; if it lasts, have a person look at the status of ${this.#vendor}.`,
      details: { vendor: this.#vendor, ...details },
    });
  }

  /** What was asked may be asked again. Where no connection was made, our own side is what to look at first. */
  unanswered({ kind, code }: Exclude<Outcome, { readonly kind: "answer" }>): ConnectorUnavailableError {
    if (kind === "lost") return this.unavailable({ network: code });
    return new ConnectorUnavailableError(
      `${this.#vendor} was not reached: no connection was made from this computer (${code}).`,
      {
        nextStep:
          "Have an operator check the host name in the customer's file, and this computer's DNS, proxy and certificates, then call this tool again.",
        details: { vendor: this.#vendor, network: code },
      },
    );
  }

  ambiguous(details: Details = {}): ConnectorAmbiguousError {
    return new ConnectorAmbiguousError(
      `A change was sent to ${this.#vendor} and its answer is lost: it may or may not have happened.`,
      {
        nextStep: "Call the tool again: it looks for the change before it makes it.",
        details: { vendor: this.#vendor, ...details },
      },
    );
  }
}
