import type { TestContext } from "vitest";
import { CONTRACTS, missingContracts } from "../vendor-contracts/contracts.ts";

/** Goes on where the vendors' contracts are at hand; elsewhere the test is skipped and says so. */
export function needContracts(context: TestContext): void {
  const missing = missingContracts();
  if (missing.length === 0) return;
  context.skip(`not checked, because the vendors' contracts are not at ${CONTRACTS}: ${missing.join(", ")}`);
}
