import { defineConfig } from "vitest/config";

/** The tests that Stryker runs over mutants of src/hue: without the slow ones and those that need another process. */
export default defineConfig({
  test: {
    include: ["test/hue/**/*.test.ts"],
    exclude: ["test/hue/hostile.test.ts", "test/hue/**/oracle*.test.ts"],
    env: { HUE_FUZZ_RUNS: "2000" },
    testTimeout: 20_000,
    isolate: false,
    fileParallelism: false,
  },
});
