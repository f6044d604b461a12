import type { Context, Middleware } from "@microsoft/microsoft-graph-client";
import { cancelled } from "../http/pause.ts";
import { CallRules } from "./call-rules.ts";
import type { TokenSource } from "./graph-credentials.ts";

/**
 * Puts the bearer token on each try, and starts the time for its answer: a token takes a time of its own, and a request
 * that never left because of it must not be taken for one whose answer is lost. A 401 is answered once with a token made
 * anew, because a cached one may have been revoked; Graph has not handled a request that it answers with 401, so this
 * holds for writes too.
 */
export class AuthorizeMiddleware implements Middleware {
  readonly #tokens: TokenSource;
  readonly #scope: string;
  #next: Middleware | undefined;

  constructor(tokens: TokenSource, scope: string) {
    this.#tokens = tokens;
    this.#scope = scope;
  }

  setNext(next: Middleware): void {
    this.#next = next;
  }

  async execute(context: Context): Promise<void> {
    const { signal } = CallRules.of(context);
    await this.#send(context, await this.#tokens.token(this.#scope, { signal }));
    if (context.response?.status !== 401) return;
    await context.response.body?.cancel();
    await this.#send(context, await this.#tokens.token(this.#scope, { forceRefresh: true, signal }));
  }

  async #send(context: Context, token: string): Promise<void> {
    const { signal, timeoutMs } = CallRules.of(context);
    if (signal.aborted) throw cancelled();
    const headers = new Headers(context.options?.headers);
    headers.set("Authorization", `Bearer ${token}`);
    const until = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    context.options = { ...context.options, headers, signal: until };
    await this.#next?.execute(context);
  }
}
