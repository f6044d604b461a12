import type { IForbiddenRuleType, IRegularForbiddenRuleType } from "dependency-cruiser";

interface Layer {
  /** Our own folders (and `src/errors`) that it may import from, besides itself. */
  readonly own: readonly string[];
  /** npm packages that it may import. */
  readonly npm: readonly string[];
  /** Whether it may import Node's own modules. */
  readonly node: boolean;
}

const inner = ["src/ports", "src/domain", "src/errors"];

/** Who may import what: the table of ARCHITECTURE.md. `src/cli` and the files beside it may import all but the sandbox. */
export const layers: Readonly<Record<string, Layer>> = {
  "src/domain": { own: [], npm: [], node: false },
  "src/ports": { own: ["src/domain"], npm: [], node: false },
  "src/kit": { own: inner, npm: ["zod"], node: false },
  tools: { own: ["src/kit", ...inner], npm: ["zod"], node: false },
  prompts: { own: ["src/kit", ...inner], npm: ["zod"], node: false },
  "src/connectors": {
    own: inner,
    npm: [
      "zod",
      "axios",
      "nodemailer",
      "@azure/identity",
      "@googleapis/gmail",
      "@microsoft/microsoft-graph-client",
      "@microsoft/microsoft-graph-types",
    ],
    node: true,
  },
  "src/ledger": {
    own: inner,
    npm: ["zod", "canonicalize", "lowdb", "write-file-atomic"],
    node: true,
  },
  "src/approvals": { own: inner, npm: ["zod", "canonicalize"], node: true },
  "src/documents": { own: inner, npm: ["liquidjs", "markdown-it", "pdf-lib", "@pdf-lib/fontkit"], node: true },
  "src/config": { own: ["src/documents", ...inner], npm: ["zod", "yaml", "env-paths"], node: true },
  "src/server": {
    own: ["src/kit", "tools", "prompts", ...inner],
    npm: ["zod", "canonicalize", "@modelcontextprotocol/server", "@modelcontextprotocol/node"],
    node: true,
  },
  "src/sandbox": { own: [], npm: ["zod", "@peculiar/x509", "reflect-metadata"], node: true },
};

/** Packages that carry a vendor's or a format's knowledge, and the only folder that may know it. */
const homes: Readonly<Record<string, string>> = {
  axios: "src/connectors/http",
  "@azure/identity": "src/connectors/graph",
  "@microsoft/microsoft-graph-client": "src/connectors/graph",
  "@googleapis/gmail": "src/connectors/gmail",
};

const OWN = "^(src|tools|prompts)/";

function layerRules([folder, { own, npm, node }]: [string, Layer]): IForbiddenRuleType[] {
  const from = { path: `^${folder}/` };
  const rule = (name: string, to: IRegularForbiddenRuleType["to"]): IForbiddenRuleType => ({
    name,
    severity: "error",
    from,
    to,
  });
  return [
    rule(`${folder} keeps to its own folders`, {
      path: OWN,
      pathNot: [folder, ...own].map((other) => `^${other}[/.]`),
    }),
    rule(`${folder} keeps to its packages`, {
      path: "node_modules/",
      pathNot: npm.map((name) => `node_modules/${name}/`),
    }),
    ...(node ? [] : [rule(`${folder} does no input or output`, { dependencyTypes: ["core"] })]),
  ];
}

const special: readonly IForbiddenRuleType[] = [
  { name: "no cycles", severity: "error", from: { path: OWN }, to: { circular: true } },
  { name: "every import is found", severity: "error", from: {}, to: { couldNotResolve: true } },
  {
    name: "nothing reaches the sandbox",
    severity: "error",
    from: { path: "^(src|tools|prompts|bench)/", pathNot: "^src/sandbox/" },
    to: { path: "^src/sandbox/" },
  },
  {
    name: "a connector knows no other vendor",
    severity: "error",
    from: { path: "^src/connectors/([^/]+)/" },
    to: { path: "^src/connectors/[^/]+/", pathNot: "^src/connectors/($1|http|graph)/" },
  },
  {
    name: "the shared HTTP client knows no vendor",
    severity: "error",
    from: { path: "^src/connectors/http/" },
    to: { path: "^src/connectors/(?!http/)" },
  },
  {
    name: "a connector is loaded on first use",
    severity: "error",
    from: { path: OWN, pathNot: "^src/connectors/" },
    to: { path: "^src/connectors/", dynamic: false, dependencyTypesNot: ["type-only"] },
  },
  {
    name: "a tool sees only the types of ports",
    severity: "error",
    from: { path: "^(tools|prompts)/" },
    to: { path: "^src/ports/", dependencyTypesNot: ["type-only"] },
  },
];

const homeRules = Object.entries(homes).map(
  ([name, home]): IForbiddenRuleType => ({
    name: `${name} stays in ${home}`,
    severity: "error",
    from: { path: OWN, pathNot: `^${home}/` },
    to: { path: `node_modules/${name}/` },
  }),
);

/** The import table as dependency-cruiser reads it. */
export const importRules: IForbiddenRuleType[] = [
  ...Object.entries(layers).flatMap(layerRules),
  ...special,
  ...homeRules,
];
