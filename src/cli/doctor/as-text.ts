import { styleText } from "node:util";
import type { Finding } from "../../ports/check.ts";
import type { Examined } from "./examine.ts";

/** A group for each system, a line for each finding, and under what is wrong how to mend it. Colours only on a terminal. */
export function asText(examined: readonly Examined[], wrong: number): string {
  const groups = examined.map(({ source, findings }) => [colour("bold", source), ...findings.map(lines)].join("\n"));
  const end =
    wrong === 0
      ? colour("green", "Nothing to mend.")
      : colour("red", wrong === 1 ? "1 thing to mend." : `${wrong} things to mend.`);
  return `${groups.join("\n\n")}\n\n${end}`;
}

function lines(finding: Finding): string {
  switch (finding.state) {
    case "good":
      return `  ${colour("green", "✓")} ${finding.text}`;
    case "unknown":
      return `  ${colour("yellow", "?")} ${finding.text}`;
    case "wrong":
      return `  ${colour("red", "✗")} ${finding.text}\n    ${colour("cyan", "→")} ${finding.mend}`;
  }
}

const colour = (format: "bold" | "green" | "yellow" | "red" | "cyan", text: string): string =>
  styleText(format, text, { stream: process.stdout });
