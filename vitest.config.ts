import { availableParallelism } from "node:os";
import { defineConfig, type ViteUserConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Tests that only compute, with nothing kept in modules, environment or clock: their files share processes, so that what
 * they import is loaded once a process, not once a file. What looks at memory or garbage is not among them.
 */
const QUICK = [
  "test/{domain,wizard}/**/*.test.ts",
  "test/hue/!(hostile|oracle|oracle-interpolation).test.ts",
  "test/hue/*/**/*.test.ts",
  "test/setup/{answers,desired,doctor,plan,settle}/**/*.test.ts",
  "test/balancer/{backends,front,spec}/**/*.test.ts",
  "test/balancer/wire/!(scanner).test.ts",
];

/** What takes longest begins first, or one process would be busy with it when all others have ended. */
const LONGEST =
  /\/test\/(system\/files\/(crash|races|in-place)|hue\/hostile|scenarios\/(faults|scenarios))\.test\.ts$/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const long = sorted.filter(({ moduleId }) => LONGEST.test(moduleId));
    return [...long, ...sorted.filter((file) => !long.includes(file))];
  }
}

/**
 * The configuration of one suite of tests. HUE_IMPALA_SETUP_TEST_REPORT names a file for the results as JSON.
 * The suites that `npm test` leaves out have a configuration file each
 * @param quick whether the quick files are part of what is included
 */
export function suite(
  include: readonly string[],
  exclude: readonly string[] = [],
  quick = false,
): ViteUserConfig {
  const report = process.env["HUE_IMPALA_SETUP_TEST_REPORT"];
  const common = { testTimeout: 60_000, hookTimeout: 60_000, pool: "forks" } as const;
  return defineConfig({
    test: {
      // Most tests wait for processes and sockets more than they compute: half as many again as there are processors.
      maxWorkers: Math.ceil(availableParallelism() * 1.5),
      sequence: { sequencer: LongestFirst },
      reporters: [
        "default",
        "./test/support/skipped-reporter.ts",
        ...(report === undefined
          ? []
          : [["json", { outputFile: report }] as ["json", { outputFile: string }]]),
      ],
      projects: [
        {
          test: {
            ...common,
            name: "alone",
            include: [...include],
            exclude: [...exclude, ...(quick ? QUICK : [])],
          },
        },
        ...(quick
          ? [{ test: { ...common, name: "quick", include: QUICK, exclude: [...exclude], isolate: false } }]
          : []),
      ],
    },
  });
}

export default suite(["test/**/*.test.ts"], ["test/real/**", "test/long/**", "test/peers/**"], true);
