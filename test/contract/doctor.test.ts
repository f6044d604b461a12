import { describe, expect, it } from "vitest";
import { doctor } from "../../src/cli/doctor/doctor.ts";
import type { VendorFactory } from "../../src/sandbox/core/vendor.ts";
import { allVendors } from "../../src/sandbox/all-vendors.ts";
import { type Harness, startHarness } from "../support/harness.ts";

async function examine(harness: Harness) {
  const printed: string[] = [];
  const code = await doctor(harness.settings, { customer: "larkfield", json: true }, (line) => void printed.push(line));
  const text: string[] = [];
  await doctor(harness.settings, { customer: "larkfield", json: false }, (line) => void text.push(line));
  console.log(text.join("\n"));
  return { code, report: JSON.parse(printed.join("\n")) };
}

describe("doctor", () => {
  it("finds nothing to mend at a healthy customer", async () => {
    await using harness = await startHarness();
    const { code, report } = await examine(harness);
    expect(report.wrong).toBe(0);
    expect(code).toBe(0);
  });
});
