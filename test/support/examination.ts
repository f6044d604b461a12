import { z } from "zod";
import { doctor } from "../../src/cli/doctor/doctor.ts";
import type { Harness } from "./harness.ts";
import { secretFile } from "./secret-file.ts";

const Report = z.strictObject({
  customer: z.string(),
  wrong: z.number(),
  systems: z.array(
    z.strictObject({
      system: z.string(),
      source: z.string(),
      findings: z.array(
        z.strictObject({ state: z.enum(["good", "wrong", "unknown"]), text: z.string(), mend: z.string().optional() }),
      ),
    }),
  ),
});

/** What `doctor --json` says of the customer. */
export async function examine({ settings }: Harness) {
  let printed = "";
  const code = await doctor(settings, { customer: "larkfield", json: true }, (line) => {
    printed += line;
  });
  const { systems, wrong } = Report.parse(JSON.parse(printed));
  const findings = systems.flatMap(({ system, findings }) => findings.map((finding) => ({ system, ...finding })));
  return {
    code,
    wrong,
    named: findings.flatMap(({ system, state, text }) => (state === "wrong" ? [`${system}: ${text}`] : [])),
    remedies: findings.flatMap(({ mend }) => mend ?? []),
    findings,
  };
}

/** Points a part of the customer's file at an object of the test's own. */
export const part = (file: Record<string, unknown>, name: string): Record<string, unknown> =>
  z.record(z.string(), z.unknown()).parse(file[name]);

/** Writes a secret as a technician would who took a wrong one. */
export const wrongSecret = ({ home }: Harness, name: string): Promise<string> => secretFile(home, name, "not the one");

/** What mends a fault is one sentence, and nobody at a terminal has called a tool. */
export const ONE_SENTENCE = /^[A-Z](?!.*\.\s+[A-Z])(?!.*this tool).*\.$/s;
