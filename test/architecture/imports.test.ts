import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { describe, expect, it } from "vitest";
import { importRules, layers } from "./layers.ts";

async function look(folders: string[], baseDir = process.cwd()): Promise<ICruiseResult> {
  const options = {
    baseDir,
    validate: true,
    ruleSet: { forbidden: importRules },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
  };
  // Without these a package that has only an export map, or only types, is not found, and no rule would see it.
  const resolve = { exportsFields: ["exports"], conditionNames: ["import", "types"], mainFields: ["main", "types"] };
  const { output } = await cruise(folders, options, resolve);
  if (typeof output === "string") throw new TypeError("expected a result object");
  return output;
}

describe("the import table", () => {
  it("holds in every folder that it restricts", async () => {
    const { modules, summary } = await look(["src", "tools", "prompts"]);
    // A compiler that dependency-cruiser does not support visits no module and finds no fault.
    expect(modules.filter(({ source }) => source.endsWith(".ts")).length).toBeGreaterThan(100);
    for (const folder of Object.keys(layers)) {
      expect(modules.filter(({ source }) => source.startsWith(`${folder}/`)).length, folder).toBeGreaterThan(0);
    }
    expect(summary.violations.map(({ rule, from, to }) => `${from} -> ${to}: ${rule.name}`)).toEqual([]);
  });

  it("reports a planted violation of every rule", async () => {
    const root = await mkdtemp(join(tmpdir(), "mfa-rollout-imports-"));
    try {
      const expected = await plant(root);
      const { summary } = await look(["src", "tools", "prompts"], root);
      const reported = new Set(summary.violations.map(({ from, rule }) => `${from}: ${rule.name}`));
      expect(expected.filter((violation) => !reported.has(violation))).toEqual([]);
      const planted = new Set(expected.map((violation) => violation.split(": ")[1]));
      expect(importRules.map(({ name }) => name).filter((name) => !planted.has(name))).toEqual([]);
    } finally {
      await rm(root, { recursive: true });
    }
  });
});

/** Writes one bad file for every rule, and gives what has to be reported. */
async function plant(root: string): Promise<readonly string[]> {
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  const install = async (name: string): Promise<void> => {
    await write(`node_modules/${name}/package.json`, `{ "name": "${name}", "version": "1.0.0", "main": "index.js" }`);
    await write(`node_modules/${name}/index.js`, "exports.a = 1;\n");
  };
  const expected: string[] = [];
  const bad = async (path: string, text: string, rule: string | undefined): Promise<void> => {
    await write(path, text);
    expected.push(`${path}: ${rule}`);
  };

  const packages = ["leftpad", "axios", "@azure/identity", "@microsoft/microsoft-graph-client", "@googleapis/gmail"];
  await Promise.all(packages.map(install));
  await write("src/cli/human.ts", "export const a = 1;\n");
  await write("src/sandbox/world.ts", "export const a = 1;\n");
  await write("src/ports/clock.ts", "export const a = 1;\n");
  await write("src/connectors/gmail/mailer.ts", "export const a = 1;\n");
  for (const [folder, { node }] of Object.entries(layers)) {
    const up = folder.includes("/") ? "../.." : "..";
    await bad(
      `${folder}/folders.ts`,
      `import { a } from "${up}/src/cli/human.ts";\nexport const b = a;\n`,
      `${folder} keeps to its own folders`,
    );
    await bad(
      `${folder}/packages.ts`,
      'import { a } from "leftpad";\nexport const b = a;\n',
      `${folder} keeps to its packages`,
    );
    if (!node)
      await bad(
        `${folder}/core.ts`,
        'import { sep } from "node:path";\nexport const b = sep;\n',
        `${folder} does no input or output`,
      );
  }
  for (const { name } of importRules.filter((rule) => rule.name?.includes(" stays in "))) {
    await bad(
      `src/cli/home-${expected.length}.ts`,
      `import { a } from "${name?.split(" ")[0]}";\nexport const b = a;\n`,
      name,
    );
  }
  await bad("src/ledger/one.ts", 'import { b } from "./two.ts";\nexport const a = () => b;\n', "no cycles");
  await write("src/ledger/two.ts", 'import { a } from "./one.ts";\nexport const b = () => a;\n');
  await bad("src/ledger/lost.ts", 'import { a } from "./nowhere.ts";\nexport const b = a;\n', "every import is found");
  await bad(
    "src/cli/box.ts",
    'import { a } from "../sandbox/world.ts";\nexport const b = a;\n',
    "nothing reaches the sandbox",
  );
  await bad(
    "src/connectors/teams/gmail.ts",
    'import { a } from "../gmail/mailer.ts";\nexport const b = a;\n',
    "a connector knows no other vendor",
  );
  await bad(
    "src/connectors/http/gmail.ts",
    'import { a } from "../gmail/mailer.ts";\nexport const b = a;\n',
    "the shared HTTP client knows no vendor",
  );
  await bad(
    "src/cli/eager.ts",
    'import { a } from "../connectors/gmail/mailer.ts";\nexport const b = a;\n',
    "a connector is loaded on first use",
  );
  await bad(
    "tools/values.ts",
    'import { a } from "../src/ports/clock.ts";\nexport const b = a;\n',
    "a tool sees only the types of ports",
  );
  return expected;
}
