import type { Check, Checked, Finding } from "../../ports/check.ts";
import { exchange } from "../http/exchange.ts";
import { ANSWER_MS } from "../http/pause.ts";
import { VendorErrors } from "../http/vendor-errors.ts";
import { CLOUDS, type CloudName } from "./clouds.ts";

/** Microsoft's and Google's sign-in services refuse what is signed more than five minutes away from their own time. */
const MOST_MINUTES = 5;
const MINUTE_MS = 60_000;

/** Compares our clock with the `Date` of Microsoft's sign-in service, which needs no credential. */
export class ClockCheck implements Checked {
  readonly source = "Clock";
  readonly #authority: string;
  readonly #timeoutMs: number;

  constructor({ cloud, timeoutMs = ANSWER_MS }: { readonly cloud: CloudName; readonly timeoutMs?: number }) {
    this.#authority = CLOUDS[cloud].authority;
    this.#timeoutMs = timeoutMs;
  }

  checks(): readonly Check[] {
    return [async ({ now, signal }) => [compare(Date.parse(now), await this.#askTime(signal))]];
  }

  async #askTime(signal: AbortSignal): Promise<number> {
    const errors = new VendorErrors("The Microsoft sign-in service");
    const outcome = await exchange({
      method: "GET",
      url: new URL("/common/v2.0/.well-known/openid-configuration", this.#authority),
      headers: {},
      body: null,
      timeoutMs: this.#timeoutMs,
      signal,
    });
    if (outcome.kind !== "answer") throw errors.unanswered(outcome);
    const time = Date.parse(outcome.headers.date ?? "");
    if (Number.isNaN(time)) throw errors.contract("without the time");
    return time;
  }
}

function compare(ours: number, theirs: number): Finding {
  const minutes = Math.round(Math.abs(ours - theirs) / MINUTE_MS);
  if (minutes < MOST_MINUTES) return { state: "good", text: "The clock shows the time that Microsoft's shows." };
  return {
    state: "wrong",
    text: `The clock is ${minutes} minutes ${ours > theirs ? "fast" : "slow"}.`,
    mend: "Set the clock of this computer by a time server (NTP), or correct MFA_ROLLOUT_CLOCK_URL.",
  };
}
