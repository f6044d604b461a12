import { describe, expect, it } from "vitest";
import { BambooHr } from "../../src/connectors/bamboohr/bamboohr.ts";
import { calendarDate } from "../../src/domain/model/time.ts";
import { bamboohr } from "../../src/sandbox/vendors/bamboohr/bamboohr.ts";
import { startBox } from "../support/box.ts";
import { describeHrPort, type HrSubject } from "./hr.contract.ts";

async function startBambooHr(): Promise<HrSubject> {
  const box = await startBox([bamboohr]);
  return {
    hr: new BambooHr(box.secrets.bamboohr),
    box,
    vendor: "bamboohr",
    paths: { people: "/api/v2/datasets/", absences: "/time_off/" },
    faults: { throttled: { kind: "status", status: 503, retryAfterSeconds: 1 } },
    [Symbol.asyncDispose]: box[Symbol.asyncDispose],
  };
}

describeHrPort(startBambooHr);

describe("BambooHr", () => {
  it("says so when the key is wrong, and does not show it", async () => {
    await using box = await startBox([bamboohr]);
    const hr = new BambooHr({ company: box.secrets.bamboohr.company, apiKey: "not-the-key" });
    const reading = Array.fromAsync(
      hr.listEmployees({ today: calendarDate("2026-10-05"), signal: new AbortController().signal }),
    );
    const error: unknown = await reading.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "ERR_CONNECTOR_AUTHENTICATION" });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("not-the-key");
  });
});
