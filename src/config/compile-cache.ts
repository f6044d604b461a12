import { join } from "node:path";
import { packageRoot } from "./package-root.ts";

/**
 * Where Node keeps what it compiled, which halves a start. The cache is code, so it lies where the code lies: whoever can
 * write there can change that anyway.
 */
export const COMPILE_CACHE = join(packageRoot(), "node_modules", ".cache", "mfa-rollout");

/** This process's environment for a child, which then keeps what it compiles from its first file on. */
export const childEnvironment = (): NodeJS.ProcessEnv => ({ ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE });
