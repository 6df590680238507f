import type { Reporter, TestModule } from "vitest/node";

/**
 * Names every skipped test at the end of a run: a skip that nobody sees is a hole. With
 * HUE_IMPALA_SETUP_TEST_COMPLETE=1 a skipped test fails the run.
 */
export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped: string[] = [];
    for (const module of modules) {
      for (const test of module.children.allTests("skipped")) skipped.push(test.fullName);
    }
    if (skipped.length === 0) return;
    process.stdout.write(`\n${skipped.length} tests skipped:\n`);
    for (const name of skipped) process.stdout.write(`  - ${name}\n`);
    if (process.env["HUE_IMPALA_SETUP_TEST_COMPLETE"] === "1") process.exitCode = 1;
  }
}
