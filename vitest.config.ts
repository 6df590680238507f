import { defineConfig, type ViteUserConfig } from "vitest/config";

/**
 * The configuration of one suite of tests. HUE_IMPALA_SETUP_TEST_REPORT names a file for the results as JSON.
 * The suites that `npm test` leaves out have a configuration file each
 */
export function suite(include: readonly string[], exclude: readonly string[] = []): ViteUserConfig {
  const report = process.env["HUE_IMPALA_SETUP_TEST_REPORT"];
  return defineConfig({
    test: {
      include: [...include],
      exclude: [...exclude],
      testTimeout: 60_000,
      hookTimeout: 60_000,
      pool: "forks",
      // Most tests wait for processes and sockets more than they compute.
      maxWorkers: "100%",
      reporters: [
        "default",
        "./test/support/skipped-reporter.ts",
        ...(report === undefined
          ? []
          : [["json", { outputFile: report }] as ["json", { outputFile: string }]]),
      ],
    },
  });
}

export default suite(["test/**/*.test.ts"], ["test/real/**", "test/long/**", "test/peers/**"]);
