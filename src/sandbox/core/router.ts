import type { PathParameters, Route, Vendor } from "./vendor.ts";

interface CompiledRoute {
  readonly route: Route;
  readonly segments: readonly RegExp[];
  readonly names: readonly string[];
}

interface CompiledVendor {
  readonly vendor: Vendor;
  readonly routes: readonly CompiledRoute[];
}

export interface RouteMatch {
  readonly route: Route;
  readonly parameters: PathParameters;
}

/** Finds who answers for a host, and which of its routes for a path. */
export class Router {
  readonly vendors: readonly Vendor[];
  readonly #compiled: readonly CompiledVendor[];

  constructor(vendors: readonly Vendor[]) {
    this.vendors = vendors;
    this.#compiled = vendors.map((vendor) => ({ vendor, routes: vendor.routes.map(compile) }));
  }

  /** @param host - A host name in any case, without a port. */
  vendorFor(host: string): Vendor | undefined {
    const name = host.toLowerCase();
    return this.vendors.find((vendor) => vendor.hosts.some((pattern) => matchesHost(pattern, name)));
  }

  /** The route with the fewest parameters that fits, so that `/users/delta` wins over `/users/:id`. */
  routeFor(vendor: Vendor, request: { readonly method: string; readonly url: URL }): RouteMatch | undefined {
    const path = decodeSegments(request.url.pathname);
    if (path === undefined) return undefined;
    let best: { match: RouteMatch; names: number } | undefined;
    for (const { route, segments, names } of this.#compiled.find((one) => one.vendor === vendor)?.routes ?? []) {
      if (route.method !== request.method || (best !== undefined && names.length >= best.names)) continue;
      const values = matchSegments(segments, path);
      if (values === undefined) continue;
      const parameters = Object.fromEntries(names.map((name, index) => [name, values[index] ?? ""]));
      best = { match: { route, parameters }, names: names.length };
    }
    return best?.match;
  }
}

function matchesHost(pattern: string, host: string): boolean {
  return pattern.startsWith("*.") ? host.endsWith(pattern.slice(1)) : host === pattern;
}

function compile(route: Route): CompiledRoute {
  const names: string[] = [];
  const segments = route.path.split("/").map((segment) => {
    const source = segment
      .replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll(/:([A-Za-z]\w*)/g, (_whole, name: string) => {
        names.push(name);
        return "(.+)";
      });
    return new RegExp(`^${source}$`);
  });
  return { route, segments, names };
}

/** Each segment is decoded alone, so that an encoded slash stays inside its parameter. */
function decodeSegments(pathname: string): readonly string[] | undefined {
  try {
    return pathname.split("/").map(decodeURIComponent);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function matchSegments(patterns: readonly RegExp[], segments: readonly string[]): readonly string[] | undefined {
  if (patterns.length !== segments.length) return undefined;
  const values: string[] = [];
  for (const [index, pattern] of patterns.entries()) {
    const found = pattern.exec(segments[index] ?? "");
    if (found === null) return undefined;
    values.push(...found.slice(1));
  }
  return values;
}
