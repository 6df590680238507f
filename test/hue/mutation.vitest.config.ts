import { defineConfig } from "vitest/config";

/** The tests that Stryker runs over mutants of src/hue: all but the slow ones, with fewer documents and a fixed seed. */
export default defineConfig({
  test: {
    include: ["test/hue/**/*.test.ts"],
    exclude: ["test/hue/hostile.test.ts"],
    env: { HUE_FUZZ_RUNS: "1000", HUE_FUZZ_SEED: "1" },
    testTimeout: 20_000,
    pool: "forks",
  },
});
