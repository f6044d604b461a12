import { extname, join } from "node:path";

/**
 * A file of this program that another process runs: `.ts` from source, `.js` once built.
 * @param path - Below `src`, without its extension.
 */
export const programFile = (path: string): string =>
  join(import.meta.dirname, "..", `${path}${extname(import.meta.filename)}`);
