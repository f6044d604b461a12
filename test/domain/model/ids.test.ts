import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CLOSING_PHASE,
  employeeId,
  entraObjectId,
  phaseId,
  planId,
  sha256,
  smtpAddress,
  userIdOfAccount,
  userIdOfEmployee,
  userPrincipalName,
} from "../../../src/domain/model/ids.ts";

describe("identifiers", () => {
  it.each([
    ["Entra object id", entraObjectId],
    ["user principal name", userPrincipalName],
    ["SMTP address", smtpAddress],
  ])("compare without case, width and outer blanks: %s", (_, make) => {
    expect(make(" ADA@Larkfield.TEST ")).toBe("ada@larkfield.test");
    expect(make("ａda@larkfield.test")).toBe(make("ada@larkfield.test"));
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(make(make(text))).toBe(make(text));
      }),
      { verbose: 1 },
    );
  });

  it("leave an employee id as HR writes it", () => {
    expect(employeeId(" E-007a ")).toBe("E-007a");
  });

  it("name a user by the account, else by the employee, and never alike", () => {
    expect(userIdOfAccount(entraObjectId("A1"))).toBe("usr_a1");
    expect(userIdOfEmployee(employeeId("a1"))).toBe("usr_emp_a1");
  });

  it("name a plan by the beginning of its digest", () => {
    expect(planId(sha256(`0123456789ab${"f".repeat(52)}`))).toBe("plan_0123456789ab");
  });
});

describe("phaseId", () => {
  it.each([
    ["Sales", "phase_sales"],
    ["Research & Development", "phase_research_development"],
    ["  HR / Payroll  ", "phase_hr_payroll"],
    ["Büro", "phase_buro"],
    ["ＩＴ", "phase_it"],
    ["営業", "phase_営業"],
  ])("makes of %j the id %s", (department, id) => {
    expect(phaseId(department)).toBe(id);
  });

  it("is the same for names that differ in case or marks", () => {
    expect(phaseId("CAFÉ")).toBe(phaseId("cafe"));
  });

  it("has one form, whatever the name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (department) => {
        expect(phaseId(department)).toMatch(/^phase_([\p{L}\p{N}]+(_[\p{L}\p{N}]+)*)?$/u);
      }),
      { numRuns: 300, verbose: 1 },
    );
  });

  it("can take the closing phase's id, which buildPhases refuses", () => {
    expect(phaseId("Closing")).toBe(CLOSING_PHASE);
  });
});
