import type { Context, Middleware } from "@microsoft/microsoft-graph-client";
import { CallRules } from "./call-rules.ts";
import type { TokenSource } from "./graph-credentials.ts";

/**
 * Puts the bearer token on each try. A 401 is answered once with a token made anew, because a cached one may have been
 * revoked; Graph has not handled a request that it answers with 401, so this holds for writes too.
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
    const headers = new Headers(context.options?.headers);
    headers.set("Authorization", `Bearer ${token}`);
    context.options = { ...context.options, headers };
    await this.#next?.execute(context);
  }
}
