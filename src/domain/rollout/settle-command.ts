/**
 * What a person runs who has looked at the vendor and found the change; with `--not-happened` where they did not.
 * @returns one line for a POSIX shell; keys may hold spaces and quotes, since some name a tab of the channel.
 */
export const settleCommand = (rollout: string, key: string): string =>
  `mfa-rollout settle ${rollout} ${quoted(key)} --happened --how "what you saw" --as NAME`;

/** What a person is asked of a change whose end nobody can tell. */
export const settleRequest = (rollout: string, { key, check }: { readonly key: string; readonly check: string }) =>
  `${check} A person who has looked records it with: ${settleCommand(rollout, key)} (--not-happened if it is not there)`;

const quoted = (word: string): string => (/^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
