/** Where the refresh token of the person who posts is kept. */
export interface RefreshTokens {
  /**
   * Hands the newest one to `use`, alone among all processes that share the place, and keeps the newer one that comes
   * back. @throws RolloutErrors where there is none, or it cannot be kept; what `use` throws, with nothing changed.
   */
  renew<T>(use: (token: string) => Promise<{ readonly newer: string | null; readonly value: T }>): Promise<T>;
}

/** What posting and reading back need of the person; the second needs an administrator's consent. */
export const POSTING = ["ChannelMessage.Send", "ChannelMessage.Read.All"];
