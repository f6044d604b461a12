/** Where the refresh token of the person who posts is kept. */
export interface RefreshTokens {
  /**
   * Hands the newest one to `use`, alone among all processes that share the place, and keeps the newer one that comes
   * back. @throws RolloutErrors where there is none, or it cannot be kept, {CancelledError} for a caller who gave up
   * while others used it; what `use` throws, with nothing changed.
   *
   * @param signal - Ends the waiting for others.
   */
  renew<T>(
    use: (token: string) => Promise<{ readonly newer: string | null; readonly value: T }>,
    signal: AbortSignal,
  ): Promise<T>;
}

/** What posting and reading back need of the person; the second needs an administrator's consent. */
export const POSTING = ["ChannelMessage.Send", "ChannelMessage.Read.All"];
