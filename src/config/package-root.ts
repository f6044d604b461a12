import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of `package.json`, under which the shipped procedures lie: the sources run one level below it, the build two. */
export function packageRoot(below = import.meta.dirname): string {
  if (existsSync(join(below, "package.json"))) return below;
  if (dirname(below) === below) throw new TypeError("the program does not lie in its package");
  return packageRoot(dirname(below));
}
