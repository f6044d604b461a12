import { allVendors } from "../../src/sandbox/all-vendors.ts";
import type { Vendor, VendorFactory, VendorResponse } from "../../src/sandbox/core/vendor.ts";

/** The sandbox with a replica of Graph that can be told to fall behind in the reads of some routes. */
export function withOldReads(...paths: readonly string[]) {
  const last = new Map<string, VendorResponse>();
  let held: ReadonlyMap<string, VendorResponse> | null = null;
  let left = 0;
  let first: (() => Promise<unknown>) | null = null;
  const behind = (vendor: Vendor): Vendor => ({
    ...vendor,
    routes: vendor.routes.map((route) =>
      route.method !== "GET" || !paths.includes(route.path)
        ? route
        : {
            ...route,
            async handle(request, parameters) {
              const work = first;
              first = null;
              await work?.();
              const url = request.url.href;
              const old = left > 0 ? held?.get(url) : undefined;
              if (old !== undefined) {
                left -= 1;
                return old;
              }
              const fresh = await route.handle(request, parameters);
              last.set(url, fresh);
              return fresh;
            },
          },
    ),
  });
  const vendors: readonly VendorFactory[] = allVendors.map((make) => (box) => {
    const vendor = make(box);
    return vendor.name === "graph" ? behind(vendor) : vendor;
  });
  return {
    vendors,
    /** Keeps what each such read shows now. */
    hold: (): void => {
      held = new Map(last);
    },
    /** The next such read is answered once this is done. */
    meanwhile: (work: () => Promise<unknown>): void => {
      first = work;
    },
    /** The next so many reads that were held are answered from what was kept. */
    serveOld: (times: number): void => {
      left = times;
    },
  };
}
