import { defineConfig } from "vitest/config";

/** The kinds of test, from the fastest to the whole rollout. One folder each, mirroring the tree. */
const projects = ["architecture", "domain", "contract", "tools", "scenario"] as const;

export default defineConfig({
  test: {
    projects: projects.map((name) => ({
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        testTimeout: name === "scenario" ? 240_000 : 30_000,
        hookTimeout: 60_000,
      },
    })),
  },
});
