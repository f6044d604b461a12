import ts from "typescript";
import { describe, expect, it } from "vitest";
import { Environment } from "../../src/config/environment.ts";
import { nodesOf, sourceFiles } from "./source-files.ts";

/** All of the product but what plays the customer's world. */
const product = sourceFiles().filter(({ fileName }) => !/^src\/(sandbox|cli\/(sandbox|demo))\//.test(fileName));

/** The texts of a file's code; comments are none. */
const textsOf = (file: ts.SourceFile): readonly string[] =>
  [...nodesOf(file)].flatMap((node) =>
    ts.isStringLiteralLike(node) || node.kind === ts.SyntaxKind.TemplateHead
      ? [(node as ts.StringLiteralLike).text]
      : [],
  );

describe("the vendors' hosts", () => {
  it("are the vendors' own, named in the connectors and nowhere else", () => {
    const origins = new Map<string, string>();
    for (const file of product) {
      for (const text of textsOf(file)) {
        const origin = /^https:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)+/.exec(text)?.[0];
        // Reserved for examples (RFC 2606).
        if (origin !== undefined && origin !== "https://example.com") origins.set(origin, file.fileName);
      }
    }
    expect([...origins.keys()].toSorted()).toEqual([
      "https://analysis.chinacloudapi.cn",
      "https://analysis.windows.net",
      "https://api.high.powerbigov.us",
      "https://api.mil.powerbigov.us",
      "https://api.powerbi.cn",
      "https://api.powerbi.com",
      "https://bigquery.googleapis.com",
      "https://dod-graph.microsoft.us",
      "https://graph.microsoft.com",
      "https://graph.microsoft.us",
      "https://high.analysis.usgovcloudapi.net",
      "https://login.chinacloudapi.cn",
      "https://login.microsoftonline.com",
      "https://login.microsoftonline.us",
      "https://microsoftgraph.chinacloudapi.cn",
      "https://mil.analysis.usgovcloudapi.net",
      "https://oauth2.googleapis.com",
      "https://www.googleapis.com",
    ]);
    expect([...origins.values()].filter((path) => !path.startsWith("src/connectors/"))).toEqual([]);
  });

  it("can be replaced by no variable: the one address that the environment gives is the clock's", () => {
    expect(Object.keys(Environment.shape).filter((name) => /URL|HOST|BASE|PROXY/.test(name))).toEqual([
      "MFA_ROLLOUT_CLOCK_URL",
    ]);
  });

  it("are asked by the same code whether tested or not", () => {
    const modes = product.filter((file) => /NODE_ENV|VITEST|\bis(?:Test|Sandbox|Demo)\b|\btestMode\b/i.test(file.text));
    expect(modes.map(({ fileName }) => fileName)).toEqual([]);
  });
});
