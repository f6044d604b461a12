import type { Finding } from "../../ports/check.ts";
import type { Examined } from "./examine.ts";

/**
 * Hears, until disposed, which vendors ask us to slow down. A wait that a call can afford is no fault and mends itself;
 * but when nothing else of ours runs, it says that somebody else uses up the same allowance.
 */
export async function hearThrottling(): Promise<Disposable & { readonly examined: () => Examined }> {
  const { onThrottled } = await import("../../connectors/http/pause.ts");
  const waitedMs = new Map<string, number>();
  const listening = onThrottled(({ vendor, ms }) => waitedMs.set(vendor, (waitedMs.get(vendor) ?? 0) + ms));
  return {
    examined: () => ({ system: "throttling", source: "Throttling", findings: findings(waitedMs) }),
    [Symbol.dispose]: () => listening[Symbol.dispose](),
  };
}

function findings(waitedMs: ReadonlyMap<string, number>): readonly Finding[] {
  if (waitedMs.size === 0) return [{ state: "good", text: "No system asked us to slow down." }];
  return [...waitedMs].map(([vendor, ms]): Finding => {
    const seconds = Math.max(1, Math.round(ms / 1_000));
    return {
      state: "unknown",
      text: `${vendor} asked us to slow down, by ${seconds} second${seconds === 1 ? "" : "s"} in all; something else may use the same allowance.`,
    };
  });
}
