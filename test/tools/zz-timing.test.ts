import { it } from "vitest";
import { startHarness } from "../support/harness.ts";
for (const employees of [214, 60]) it(`times ${employees}`, async () => {
  const t = performance.now();
  const lap = (n: string) => process.stderr.write(`${n} ${Math.round(performance.now() - t)}\n`);
  await using h = await startHarness({ employees });
  lap("started");
  const r = await h.untilExceptionsSigned();
  lap("signed");
  await h.untilNext(r, "send_phase_email");
  lap("next mail");
  await h.untilReportOnly(r, "phase_it");
  lap("report only");
  await h.untilNext(r, "apply_ca_policy", { phase: "phase_it", state: "enforced" });
  lap("to enforce");
}, 120_000);
