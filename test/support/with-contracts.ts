import type { TestContext } from "vitest";
import type { Contract } from "../vendor-contracts/contract.ts";
import { CONTRACTS, missingContracts, openContracts } from "../vendor-contracts/contracts.ts";

let opened: ReadonlyMap<string, Contract> | null = null;

/** The vendors' contracts; where they are not at hand, the test is skipped and says so. */
export function withContracts(context: TestContext): ReadonlyMap<string, Contract> {
  const missing = missingContracts();
  if (missing.length > 0) {
    context.skip(`not checked, because the vendors' contracts are not at ${CONTRACTS}: ${missing.join(", ")}`);
  }
  opened ??= openContracts();
  return opened;
}
