/** An instant as Graph writes it: UTC, whole seconds. */
export const graphTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
