import { expect, it } from "vitest";
import { instant } from "../../../../src/domain/model/time.ts";
import { technician } from "../../../../src/domain/rollout/blockers/gate.ts";
import { namingWho } from "../../../../src/domain/rollout/blockers/somebody-else.ts";

const GATE = technician("policy_differs", "The live policy differs.");
const change = (id: string, hour: number) => ({
  targetId: "p-it",
  at: instant(`2026-10-15T0${hour}:00:00Z`),
  by: { kind: "user" as const, id },
});

it("a refusal over somebody's work names them, the newest first", () => {
  expect(namingWho(GATE, [change("ada", 8), change("bo", 9)]).message).toBe(
    "The live policy differs. Changed by user bo at 2026-10-15T09:00:00.000Z, user ada at 2026-10-15T08:00:00.000Z.",
  );
});

it("says that the log has no entry yet, and accuses nobody", () => {
  expect(namingWho(GATE, []).message).toContain("does not show yet who did it");
});
