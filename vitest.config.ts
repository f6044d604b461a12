import { defineConfig } from "vitest/config";

/** The kinds of test, from the fastest to the whole rollout. One folder each, mirroring the tree. */
const projects = ["architecture", "domain", "contract", "tools", "scenario"] as const;

export default defineConfig({
  test: {
    // More than the cores of a small machine: most tests wait for the pace and the lag of the simulated vendors.
    maxWorkers: 4,
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
