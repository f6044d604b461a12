import { contractOf } from "./contracts.ts";
import { byVendor, type Exchange } from "./exchange.ts";
import { KNOWN_DEVIATIONS } from "./known-deviations.ts";

export interface Checked {
  /** How many exchanges were held against a contract, by vendor. */
  readonly checked: Readonly<Record<string, number>>;
  /** Vendors of the record that have no contract of this kind. */
  readonly unchecked: readonly string[];
  /** Each deviation once, with the call that shows it and how often it occurs; those known and judged left out. */
  readonly deviations: readonly string[];
}

/** Holds what was recorded against the vendors' own contracts. */
export function checkRecord(lines: readonly unknown[]): Checked {
  const vendors = byVendor(lines);
  const counts = new Map<string, number>();
  for (const [vendor, exchanges] of vendors)
    for (const exchange of exchanges)
      for (const deviation of contractOf(vendor)?.deviations(exchange) ?? []) {
        const said = `${vendor}: ${callOf(exchange)}: ${deviation}`;
        counts.set(said, (counts.get(said) ?? 0) + 1);
      }
  const names = [...vendors.keys()];
  return {
    checked: Object.fromEntries(
      names.filter((name) => contractOf(name) !== null).map((name) => [name, vendors.get(name)?.length ?? 0]),
    ),
    unchecked: names.filter((name) => contractOf(name) === null).toSorted(),
    deviations: [...counts]
      .filter(([said]) => !KNOWN_DEVIATIONS.some(({ is }) => is.test(said)))
      .map(([said, times]) => `${said} (${times})`)
      .toSorted(),
  };
}

/** Method and path without the ids that differ from run to run. */
function callOf({ method, url }: Exchange): string {
  const path = decodeURIComponent(url.pathname)
    .split("/")
    .map((part) =>
      /^\d+$|[0-9a-f]{8}-|[@:]|^(?=.*\d)[\w=-]{30,}$/.test(part) ? part.replace(/'[^']*'|^[^(]*$/, "{id}") : part,
    );
  return `${method} ${path.join("/")}`;
}
