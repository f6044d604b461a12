import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import {
  APP_PERMISSIONS,
  LEGACY_MFA_PERMISSIONS,
  OPTIONAL_PERMISSIONS,
} from "../../src/connectors/graph/app-permissions.ts";
import { ConnectWise } from "./connectwise.ts";
import type { Contract } from "./contract.ts";
import { Graph } from "./graph.ts";
import { GraphModel } from "./graph-model.ts";
import { GraphPermissions } from "./graph-permissions.ts";
import { OpenApi } from "./open-api.ts";
import { Shapes } from "./shapes.ts";

/** Where the vendors' contracts lie, which are no part of this project. */
export const CONTRACTS = resolve(
  process.env.VENDOR_CONTRACTS ?? join(import.meta.dirname, "../../../shared/contracts"),
);

/** What is granted elsewhere than to the app registration: to the person who posts, and in Exchange for one mailbox. */
const GRANTED_ELSEWHERE = ["ChannelMessage.Send", "Mail.ReadWrite", "Mail.Send"];

const FILES = {
  bamboohr: "other/bamboohr-openapi-public.yaml",
  connectwise: "other/connectwise-psa-openapi-GET-subset-2026.4.json",
  looker: "other/Looker.4.0.oas.json",
  workday: "other/workday-raas-openapi-apievangelist-UNOFFICIAL.yml",
  powerBi: "microsoft/powerbi-swagger-2024-10.json",
  graphModel: "microsoft/graph-v1.0-Prod.csdl",
  graphShapes: "microsoft/graph-v1.0-subset.schema.json",
  graphBeta: "microsoft/graph-beta-entity-types.json",
  graphPermissions: "microsoft/graph-permissions.json",
} as const;

/** What is not there, of what the check needs; empty where it can be made. */
export const missingContracts = (): readonly string[] =>
  Object.values(FILES).filter((file) => !existsSync(join(CONTRACTS, file)));

const read = (file: string): string => readFileSync(join(CONTRACTS, file), "utf8");
/** YAML is a superset of JSON, but the reader of JSON is a hundred times as fast. */
const document = (file: string): unknown => (file.endsWith("json") ? JSON.parse(read(file)) : parse(read(file)));

/** How each is opened, by the vendor's name in the record. Some take seconds to read. */
const OPEN: Readonly<Record<string, () => Contract>> = {
  bamboohr: () => new OpenApi(document(FILES.bamboohr)),
  connectwise: () => new ConnectWise(document(FILES.connectwise)),
  looker: () => new OpenApi(document(FILES.looker), { base: /^\/api\/4\.0/ }),
  workday: () => new OpenApi(document(FILES.workday), { base: /^\/ccx\/service\/customreport2\/[^/]+/ }),
  "power-bi": () => new OpenApi(document(FILES.powerBi)),
  graph: openGraph,
};
const opened = new Map<string, Contract>();

/** The contract of a vendor, opened on first use; `null` where there is none of these kinds. */
export function contractOf(vendor: string): Contract | null {
  const contract = opened.get(vendor) ?? OPEN[vendor]?.() ?? null;
  if (contract !== null) opened.set(vendor, contract);
  return contract;
}

const Names = z.array(z.string()).default([]);
const BetaTypes = z.record(
  z.string(),
  z.record(z.string(), z.object({ properties: Names, navigationProperties: Names })),
);

function openGraph(): Graph {
  const shapes = document(FILES.graphShapes);
  const { $defs } = z.object({ $defs: z.record(z.string(), z.unknown()) }).parse(shapes);
  const betaProperties = Object.entries(BetaTypes.parse(document(FILES.graphBeta))).flatMap(([namespace, types]) =>
    Object.entries(types).map(
      ([name, { properties, navigationProperties }]) =>
        [`${namespace}.${name}`, new Set([...properties, ...navigationProperties])] as const,
    ),
  );
  return new Graph({
    model: new GraphModel(read(FILES.graphModel)),
    shapes: new Shapes(shapes, {}),
    typesWithShape: new Set(Object.keys($defs)),
    betaProperties: new Map(betaProperties),
    permissions: new GraphPermissions(document(FILES.graphPermissions)),
    granted: new Set([
      ...Object.keys({ ...APP_PERMISSIONS, ...LEGACY_MFA_PERMISSIONS }),
      ...OPTIONAL_PERMISSIONS,
      ...GRANTED_ELSEWHERE,
    ]),
  });
}
